// Hears the keyboard while a reply is being given. What is typed is not echoed, so that it tears no text apart.
import { createInterface, type Interface } from 'node:readline'
import { Writable } from 'node:stream'
import { asLines, bracketedPaste, type Keyboard, Keys } from '../terminal/keys.ts'
import { readerOf } from '../terminal/prompt.ts'

export interface TypingOptions {
  input: Keyboard & { unshift(chunk: Buffer): void }
  /** Whether escape sequences may be written: then a paste of several lines is one line. */
  output: { write(text: string): unknown }
  escapes: boolean
  /** A whole line; a paste may have several. */
  line(text: string): void
  interrupt(): void
  /** What stands in the line so far, whenever it changes. */
  draft(text: string): void
  /** A line that was not finished and cannot be given back: without escape sequences the keyboard edits for itself. */
  unsent(text: string): void
}

/** Off until `start`. A line that is not finished at `stop` is given back to the keyboard, for the prompt that follows. */
export class Typing {
  readonly #options: TypingOptions
  #lines: Interface | undefined
  #keys: Keys | undefined
  #ended = false

  constructor(options: TypingOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#lines !== undefined) return
    const { input, output, escapes } = this.#options
    // Whoever read lines for the prompt would hear them too.
    readerOf(input).close()
    const changed = () => this.#options.draft(asLines(lines.line))
    const keys = new Keys(input, (text) => {
      this.#lines?.write(text)
      changed()
    })
    const lines = createInterface({ input: keys, output: nowhere(), terminal: true, historySize: 0 })
    this.#keys = keys
    this.#lines = lines
    if (escapes) output.write(bracketedPaste.on)
    lines.on('line', (text) => this.#options.line(asLines(text)))
    lines.on('SIGINT', () => this.#options.interrupt())
    lines.on('close', () => this.#lines === lines && this.#goOn())
    keys.on('keypress', changed)
  }

  /** Ctrl-D ends the chat as soon as the reply is over; until then Ctrl-C still has to be heard. */
  #goOn(): void {
    this.#ended = true
    this.#keys?.release()
    this.#lines = undefined
    this.start()
  }

  stop(): void {
    const lines = this.#lines
    if (lines === undefined) return
    this.#lines = undefined
    const draft = lines.line
    this.#options.draft('')
    lines.close()
    this.#keys?.release()
    const { input, output, escapes } = this.#options
    if (escapes) output.write(bracketedPaste.off)
    if (this.#ended) input.unshift(Buffer.from('\u0004'))
    else if (draft !== '' && escapes) input.unshift(Buffer.from(draft))
    else if (draft !== '') this.#options.unsent(draft)
    this.#ended = false
  }
}

/** The editor writes what it would show of the line; nobody is to see that. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
