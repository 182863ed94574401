// The terminal as a listener and as an input: words appear as they arrive, a question has the screen to itself.
import { AbortedError } from '../core/error.ts'
import type { InputRequest, StreamEvent } from '../core/event.ts'
import { type Answer, AnsweredElsewhere, type Input, type Sink, type Speaker } from '../scope.ts'
import { answerTo } from './asking.ts'
import type { TerminalClock } from './clock.ts'
import { noticeText } from './describe.ts'
import { History } from './history.ts'
import { type Looks, MessageTurn } from './message-turn.ts'
import type { OutputStream } from './output.ts'
import type { PacingOptions } from './pacer.ts'
import { type LineReader, readerOf } from './prompt.ts'
import { answeredText } from './question.ts'
import { cleanLine } from './sanitize.ts'
import { type Stage, stageOf } from './stage.ts'
import { canRedraw, style, wantsColor } from './style.ts'
import type { Turn } from './turn.ts'

export interface TerminalOptions {
  /** Default: `process.stdout`. */
  output?: OutputStream & NodeJS.WritableStream
  /** Default: `process.stdin`. */
  input?: NodeJS.ReadableStream & { isTTY?: boolean }
  /** Default: by the output, `NO_COLOR` and `FORCE_COLOR`. */
  color?: boolean
  /** Whether thinking is shown. Default true. */
  thinking?: boolean
  /**
   * Whether messages that arrive at the same time have a row each at the bottom of the screen, redrawn in place. It
   * takes a terminal, and there the default is true when it is coloured, not dumb and not that of a CI. Elsewhere whole
   * messages follow each other.
   */
  lanes?: boolean
  /** Whether text flows as fast as it comes on the whole, not in bursts. It takes a terminal. Default false. */
  pacing?: boolean | PacingOptions
  /** Whether a line behind each message of a model tells its tokens, first token and rate. Default false. */
  usage?: boolean
  /** Where earlier answers are kept for the cursor keys, beyond this session. Default: nowhere. */
  historyFile?: string
  /** Default: the machine's. */
  clock?: TerminalClock
}

export type Terminal = Sink & Input & { close(): void }

/**
 * Makes a terminal. `event` returns a promise when the reader of the output is behind. Terminals of one output share
 * its screen, those of one input its lines. `close` shows what was said so far, calls off what was asked, and leaves both
 * the screen and the keyboard as they were found.
 */
export function terminal(options: TerminalOptions = {}): Terminal {
  return new TerminalTurns(options)
}

class TerminalTurns implements Terminal {
  readonly place = 'terminal'
  readonly #stage: Stage
  readonly #output: OutputStream
  readonly #looks: Looks
  readonly #reader: LineReader
  readonly #history: History
  /** Whether what is typed stands on the same screen as what is written. */
  readonly #echoes: boolean
  /** Messages on their way, by id. */
  readonly #messages = new Map<string, MessageTurn>()
  /** Questions whose answer stands on the screen: the message of the same id has been seen already. */
  readonly #typed = new Set<string>()
  #closing = new AbortController()

  constructor(options: TerminalOptions) {
    const { output = process.stdout, input = process.stdin, color, lanes, pacing = false, historyFile } = options
    const isTerminal = output.isTTY === true
    const painted = style(color ?? wantsColor(output, process.env))
    this.#output = output
    this.#stage = stageOf(output, options.clock)
    this.#looks = {
      style: painted,
      thinking: options.thinking ?? true,
      lanes: isTerminal && (lanes ?? (painted.color && canRedraw(process.env))),
      pacing: isTerminal && pacing !== false ? (pacing === true ? {} : pacing) : undefined,
      usage: options.usage ?? false,
    }
    this.#echoes = input.isTTY === true && isTerminal
    this.#reader = readerOf(input)
    this.#history = new History(historyFile)
  }

  event(_speaker: Speaker, event: StreamEvent): void | Promise<void> {
    if (event.type === 'input-request' || event.type === 'input-answer' || event.type === 'raw') return
    const id = event.id ?? ''
    if (this.#typed.has(id)) {
      if (event.type === 'message-end') this.#typed.delete(id)
      return
    }
    let turn = this.#messages.get(id)
    if (turn === undefined && event.type === 'message-start') {
      turn = new MessageTurn(this, this.#stage, this.#looks, event.role === 'system')
      this.#messages.set(id, turn)
      this.#stage.join(turn)
    }
    if (event.type === 'message-end') this.#messages.delete(id)
    return turn === undefined ? this.#aside(event) : turn.hear(event)
  }

  ask(request: InputRequest, given: AbortSignal): Promise<Answer> {
    const signal = AbortSignal.any([given, this.#closing.signal])
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal.removeEventListener('abort', calledOff)
        void this.#stage.leave(turn)
      }
      const calledOff = () => {
        leave()
        reject(new AbortedError('The question was called off.', { cause: signal.reason }))
      }
      const begin = () => {
        if (turn.over) return
        signal.removeEventListener('abort', calledOff)
        this.#answer(request, signal).finally(leave).then(resolve, reject)
      }
      const turn = { ...this.#turn('question'), begin }
      signal.addEventListener('abort', calledOff, { once: true })
      this.#stage.join(turn)
      void this.#stage.advance()
    })
  }

  close(): void {
    this.#closing.abort(new AbortedError('The terminal was closed.'))
    this.#closing = new AbortController()
    this.#stage.end(this)
    this.#messages.clear()
    this.#reader.close()
  }

  async #answer(request: InputRequest, signal: AbortSignal): Promise<Answer> {
    const { style } = this.#looks
    const [reader, output, history, echoes] = [this.#reader, this.#output, this.#history, this.#echoes]
    let draft = ''
    const unsent = (text: string) => {
      draft = text
    }
    try {
      const answer = await answerTo(request, signal, { reader, output, style, history, echoes, unsent })
      this.#seen(request)
      return answer
    } catch (error) {
      if (echoes && signal.reason instanceof AnsweredElsewhere) {
        output.write(answeredText(request, signal.reason.answer, draft, style))
        this.#seen(request)
      }
      throw error
    }
  }

  /** The answer stands on the screen. An approval is no message that somebody speaks. */
  #seen({ id, approval }: InputRequest): void {
    if (this.#echoes && approval === undefined) this.#typed.add(id)
  }

  /** News that belong to no message that is open: a line of their own. */
  #aside(event: StreamEvent): void | Promise<void> {
    const { style } = this.#looks
    let text = ''
    if (event.type === 'notice') text = `${style.dim(`· ${noticeText(event)}`)}\n`
    if (event.type === 'error') text = `${style.alert(`[${cleanLine(event.error.message)}]`)}\n`
    if (text === '') return this.#stage.output.waiting
    const turn: Turn = { ...this.#turn('aside'), over: true }
    this.#stage.join(turn)
    return this.#stage.say(turn, text)
  }

  #turn(kind: 'question' | 'aside'): Turn {
    const heardAt = this.#stage.clock.now()
    return { kind, owner: this, held: '', over: false, shown: false, heardAt, isPatient: false, keepsBack: false }
  }
}
