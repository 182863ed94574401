// The terminal as a listener and as an input: what is spoken appears as it arrives, one message after the other.
import { AbortedError } from '../core/error.ts'
import type { InputRequest, StreamEvent } from '../core/event.ts'
import type { Input, Sink, Speaker } from '../scope.ts'
import { type Output, type OutputStream, outputOf } from './output.ts'
import { LineReader } from './prompt.ts'
import { Rendering } from './rendering.ts'
import { cleanLine } from './sanitize.ts'
import { type Style, style, wantsColor } from './style.ts'

export interface TerminalOptions {
  /** Default: `process.stdout`. */
  output?: OutputStream & NodeJS.WritableStream
  /** Default: `process.stdin`. */
  input?: NodeJS.ReadableStream & { isTTY?: boolean }
  /** Default: by the output, `NO_COLOR` and `FORCE_COLOR`. */
  color?: boolean
  /** Whether thinking is shown. Default true. */
  thinking?: boolean
}

/** One after the other, first come, first served: a message on its way, or a question. */
interface Turn {
  readonly id: string
  /** Events that wait until it is this turn's turn. Deltas are joined, so this is never more than the message itself. */
  held: StreamEvent[]
  over: boolean
  /** What the turn writes for an event. */
  render(event: StreamEvent): string
  /** A question begins when its turn has come. */
  begin?(): void
}

export type Terminal = Sink & Input

/** Makes a terminal. `event` returns a promise when the reader of the output is behind. */
export function terminal(options: TerminalOptions = {}): Terminal {
  return new TerminalTurns(options)
}

class TerminalTurns implements Sink, Input {
  readonly #output: Output
  readonly #style: Style
  readonly #thinking: boolean
  readonly #reader: LineReader
  /** Whether what is typed stands on the same screen as what is written. */
  readonly #echoes: boolean
  readonly #turns: Turn[] = []
  /** Questions answered here by typing: the message of the same id has been seen already. */
  readonly #typed = new Set<string>()

  constructor({ output = process.stdout, input = process.stdin, color, thinking = true }: TerminalOptions) {
    this.#output = outputOf(output)
    this.#style = style(color ?? wantsColor(output, process.env))
    this.#thinking = thinking
    this.#echoes = input.isTTY === true && output.isTTY === true
    this.#reader = new LineReader({ input, output, editing: this.#echoes && this.#style.color })
  }

  event(_speaker: Speaker, event: StreamEvent): void | Promise<void> {
    if (event.type === 'input-request' || event.type === 'input-answer' || event.type === 'raw') return
    const id = event.id ?? ''
    if (this.#typed.has(id)) {
      if (event.type === 'message-end') this.#typed.delete(id)
      return
    }
    let turn = this.#turns.find((each) => each.id === id)
    if (turn === undefined && event.type === 'message-start') turn = this.#join(this.#message(id))
    if (turn === undefined) turn = this.#join(this.#aside(id))
    if (event.type === 'message-end') turn.over = true
    hold(turn, event)
    return this.#output.write(this.#advance())
  }

  ask(request: InputRequest, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const turn: Turn = { id: '', held: [], over: false, render: () => '' }
      const leave = () => {
        signal.removeEventListener('abort', calledOff)
        turn.over = true
        this.#output.write(this.#advance())
      }
      const calledOff = () => {
        leave()
        reject(new AbortedError('The question was called off.', { cause: signal.reason }))
      }
      turn.begin = () => {
        if (turn.over) return
        signal.removeEventListener('abort', calledOff)
        this.#read(request, signal).finally(leave).then(resolve, reject)
      }
      signal.addEventListener('abort', calledOff, { once: true })
      this.#join(turn)
      this.#output.write(this.#advance())
    })
  }

  close(): void {
    this.#reader.close()
  }

  async #read(request: InputRequest, signal: AbortSignal): Promise<string> {
    const line = await this.#reader.read(this.#echoes ? this.#question(request) : '', signal)
    if (this.#echoes) this.#typed.add(request.id)
    return line
  }

  #question({ name, text }: InputRequest): string {
    if (text !== undefined) return `${cleanLine(text)} `
    const line = cleanLine(name)
    return line === 'User' ? `${this.#style.name('User Input', 'User')}: ` : `${this.#style.name(line)}: `
  }

  #message(id: string): Turn {
    const rendering = new Rendering({ style: this.#style, thinking: this.#thinking })
    return { id, held: [], over: false, render: (event) => rendering.render(event) }
  }

  /** News that belong to no message that is open: a line of their own. */
  #aside(id: string): Turn {
    const render = (event: StreamEvent) => {
      if (event.type === 'notice') return `${this.#style.dim(`· ${cleanLine(event.text)}`)}\n`
      if (event.type === 'error') return `${this.#style.alert(`[${cleanLine(event.error.message)}]`)}\n`
      return ''
    }
    return { id, held: [], over: true, render }
  }

  #join(turn: Turn): Turn {
    this.#turns.push(turn)
    return turn
  }

  /** Writes whatever the turn at the front has to show, and goes on to the next when it is over. */
  #advance(): string {
    let text = ''
    for (let turn = this.#turns[0]; turn !== undefined; turn = this.#turns[0]) {
      for (const event of turn.held.splice(0)) text += turn.render(event)
      if (!turn.over) {
        this.#begin(turn)
        break
      }
      this.#turns.shift()
    }
    return text
  }

  #begin(turn: Turn): void {
    const { begin } = turn
    if (begin === undefined) return
    delete turn.begin
    // After what stands before it has been written.
    queueMicrotask(begin)
  }
}

function hold(turn: Turn, event: StreamEvent): void {
  const last = turn.held.at(-1)
  if (last !== undefined && 'delta' in last && 'delta' in event && last.type === event.type) {
    if (last.index === event.index) {
      turn.held[turn.held.length - 1] = { ...last, delta: last.delta + event.delta }
      return
    }
  }
  turn.held.push(event)
}
