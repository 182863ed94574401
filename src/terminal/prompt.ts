// Reads lines that a person types, or that come through a pipe.
import { createInterface, type Interface } from 'node:readline'
import { AbortedError } from '../core/error.ts'
import { AnsweredElsewhere, PersonLeft } from '../scope.ts'
import { asLines, asOneLine, bracketedPaste, type Keyboard, Keys } from './keys.ts'

export interface ReadOptions {
  output: { write(text: string): unknown }
  /** Whether the line can be edited with the cursor keys; that takes a terminal on both sides, and escape sequences. */
  editing: boolean
  /** What was answered before, the newest first. */
  history?: readonly string[]
  /** Gets what was being typed when somebody else answered. */
  unsent?(text: string): void
}

const readers = new WeakMap<Keyboard, LineReader>()

/** The one reader of an input: lines that came early are kept for whoever asks next. */
export function readerOf(input: Keyboard): LineReader {
  const reader = readers.get(input) ?? new LineReader(input)
  readers.set(input, reader)
  return reader
}

interface Waiting extends ReadOptions {
  line(text: string): void
  end(): void
}

/** One at a time: a second `read` before the first has been answered is a mistake of the caller. */
export class LineReader {
  readonly #input: Keyboard
  #interface: Interface | undefined
  #release: (() => void) | undefined
  /** Lines that came before anybody asked. */
  readonly #lines: string[] = []
  #waiting: Waiting | undefined
  #ended = false

  constructor(input: Keyboard) {
    this.#input = input
  }

  /**
   * One answer. A paste of several lines is one answer when the line is edited.
   *
   * @throws AbortedError when the input has ended, or the signal says that nobody waits any more.
   */
  async read(question: string, signal: AbortSignal, options: ReadOptions): Promise<string> {
    if (signal.aborted) throw new AbortedError('The question was called off.', { cause: signal.reason })
    const early = this.#lines.shift()
    if (early !== undefined) return early
    if (this.#ended) throw this.#endOfInput()
    return this.#ask(question, signal, options)
  }

  /** Lets go of the input, unless somebody still waits for an answer. */
  close(): void {
    if (this.#waiting === undefined) this.#drop()
  }

  #ask(question: string, signal: AbortSignal, options: ReadOptions): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#waiting = undefined
        signal.removeEventListener('abort', calledOff)
        this.#rest(options.editing)
        act()
      }
      const giveUp = (why: AbortedError) => {
        // The cursor still stands behind the question.
        if (question !== '') options.output.write('\n')
        settle(() => reject(why))
      }
      const calledOff = () => {
        const why = new AbortedError('The question was called off.', { cause: signal.reason })
        if (!(signal.reason instanceof AnsweredElsewhere) || !options.editing) return giveUp(why)
        const draft = this.#erase(options)
        settle(() => reject(why))
        if (draft !== '') options.unsent?.(draft)
      }
      signal.addEventListener('abort', calledOff, { once: true })
      const end = () => giveUp(this.#endOfInput())
      this.#waiting = { ...options, line: (text) => settle(() => resolve(text)), end }
      this.#prompt(question, options)
    })
  }

  /** Takes the question and what was being typed from the screen; gives what was typed. */
  #erase({ output }: ReadOptions): string {
    const { rows = 0 } = this.#interface?.getCursorPos() ?? {}
    // tmux keeps what is erased from the very first cell on; a space avoids that cell.
    output.write(`\r${rows > 0 ? `\u001b[${rows}A` : ''} \u001b[J\r`)
    return asLines(this.#interface?.line ?? '')
  }

  #prompt(question: string, options: ReadOptions): void {
    const lines = this.#open(options)
    lines.setPrompt(question)
    if (options.editing) lines.prompt()
    else if (question !== '') options.output.write(question)
    lines.resume()
  }

  #open(options: ReadOptions): Interface {
    // An edited line gets an editor of its own each time, because its history is another one.
    if (this.#interface !== undefined && !options.editing) return this.#interface
    this.#drop()
    const lines = options.editing ? this.#editor(options) : createInterface({ input: this.#input, terminal: false })
    this.#interface = lines
    lines.on('line', (line) => {
      const text = options.editing ? asLines(line) : line
      if (this.#waiting) this.#waiting.line(text)
      else this.#lines.push(text)
    })
    lines.on('close', () => this.#closed(lines))
    // A terminal that was hung up (EIO) has ended like any other input.
    lines.on('error', () => lines.close())
    // In a terminal that is being edited Ctrl-C is only a key; it should do what it does everywhere else.
    lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    return lines
  }

  #editor({ output, history = [] }: ReadOptions): Interface {
    const keys = new Keys(this.#input, (text) => this.#interface?.write(text))
    output.write(bracketedPaste.on)
    this.#release = () => {
      keys.release()
      output.write(bracketedPaste.off)
    }
    return createInterface({
      input: keys,
      output: output as NodeJS.WritableStream,
      terminal: true,
      history: history.map(asOneLine),
      historySize: history.length + 1,
      removeHistoryDuplicates: true,
    })
  }

  /** Between questions nothing is read; an edited terminal gets its own line discipline back. */
  #rest(editing: boolean): void {
    const lines = this.#interface
    if (!editing) lines?.pause()
    // Further lines of the same paste come before this and are kept.
    else
      queueMicrotask(() => {
        if (this.#waiting === undefined && this.#interface === lines) this.#drop()
      })
  }

  #drop(): void {
    const lines = this.#interface
    this.#interface = undefined
    lines?.close()
    this.#release?.()
    this.#release = undefined
  }

  #closed(lines: Interface): void {
    if (this.#interface !== lines) return
    this.#drop()
    this.#ended = true
    this.#waiting?.end()
  }

  #endOfInput(): AbortedError {
    const why = this.#input.isTTY ? 'Ctrl-D' : 'nothing more comes through the pipe'
    const Why = this.#input.isTTY ? PersonLeft : AbortedError
    return new Why(`The input has ended (${why}).`, {
      code: 'end-of-input',
      advice: 'That is how a person ends a conversation: catch AbortedError around the loop and leave it.',
    })
  }
}
