// Reads lines that a person types, or that come through a pipe.
import { createInterface, type Interface } from 'node:readline'
import { AbortedError } from '../core/error.ts'

export interface PromptOptions {
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  output: NodeJS.WritableStream
  /** Whether the line can be edited with the cursor keys; that takes a terminal on both sides, and escape sequences. */
  editing: boolean
}

/** One at a time: a second `read` before the first has been answered is a mistake of the caller. */
export class LineReader {
  readonly #options: PromptOptions
  #interface: Interface | undefined
  /** Lines that came before anybody asked. */
  readonly #lines: string[] = []
  #waiting: { line(text: string): void; end(): void } | undefined
  #ended = false

  constructor(options: PromptOptions) {
    this.#options = options
  }

  /** @throws AbortedError when the input has ended, or the signal says that nobody waits any more. */
  async read(question: string, signal: AbortSignal): Promise<string> {
    if (signal.aborted) throw new AbortedError('The question was called off.', { cause: signal.reason })
    const early = this.#lines.shift()
    if (early !== undefined) return early
    if (this.#ended) throw this.#endOfInput()
    return this.#ask(question, signal)
  }

  close(): void {
    this.#interface?.close()
    this.#interface = undefined
  }

  #ask(question: string, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#waiting = undefined
        signal.removeEventListener('abort', calledOff)
        this.#rest()
        act()
      }
      const giveUp = (why: AbortedError) => {
        // The cursor still stands behind the question.
        if (question !== '') this.#options.output.write('\n')
        settle(() => reject(why))
      }
      const calledOff = () => giveUp(new AbortedError('The question was called off.', { cause: signal.reason }))
      signal.addEventListener('abort', calledOff, { once: true })
      this.#waiting = { line: (text) => settle(() => resolve(text)), end: () => giveUp(this.#endOfInput()) }
      const lines = this.#open()
      lines.setPrompt(question)
      if (this.#options.editing) lines.prompt()
      else if (question !== '') this.#options.output.write(question)
      lines.resume()
    })
  }

  #open(): Interface {
    if (this.#interface !== undefined) return this.#interface
    const { input, output, editing } = this.#options
    const lines = createInterface({ input, terminal: editing, ...(editing && { output }) })
    this.#interface = lines
    lines.on('line', (text) => {
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

  /** Between questions nothing is read; an edited terminal gets its own line discipline back. */
  #rest(): void {
    const lines = this.#interface
    if (!this.#options.editing) lines?.pause()
    // Further lines of the same paste come before this and are kept.
    else
      queueMicrotask(() => {
        if (this.#waiting !== undefined || this.#interface !== lines) return
        this.#interface = undefined
        lines?.close()
      })
  }

  #closed(lines: Interface): void {
    if (this.#interface !== lines) return
    this.#interface = undefined
    this.#ended = true
    this.#waiting?.end()
  }

  #endOfInput(): AbortedError {
    const why = this.#options.input.isTTY ? 'Ctrl-D' : 'nothing more comes through the pipe'
    return new AbortedError(`The input has ended (${why}).`, {
      code: 'end-of-input',
      advice: 'That is how a person ends a conversation: catch AbortedError around the loop and leave it.',
    })
  }
}
