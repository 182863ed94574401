// What comes from the keyboard, before the line editor sees it: a paste stays one piece, and Alt-Enter is a new line.
import { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { beginningAtEnd } from '../core/tags.ts'
import { Sanitizer } from './sanitize.ts'

/** Stands for a newline within the one line that the editor knows. */
const newlineMark = '␤'
const pasteBegins = '\u001b[200~'
const pasteEnds = '\u001b[201~'
const interrupt = '\u0003'
// biome-ignore lint/suspicious/noControlCharactersInRegex: Alt is an escape character before the key.
const altEnter = /\u001b[\r\n]/g

/** Asks a terminal to say where a paste begins and ends. */
export const bracketedPaste = { on: '\u001b[?2004h', off: '\u001b[?2004l' }

/** Several lines as the one line of the editor, and back. */
export function asOneLine(text: string): string {
  return text.replaceAll('\n', newlineMark)
}

export function asLines(line: string): string {
  return line.replaceAll(newlineMark, '\n')
}

export interface Keyboard extends NodeJS.ReadableStream {
  isTTY?: boolean
  setRawMode?(raw: boolean): unknown
}

/** A readable side for the line editor. `release` leaves the keyboard as it was found. */
export class Keys extends Readable {
  readonly isTTY = true
  readonly #keyboard: Keyboard
  readonly #paste: (text: string) => void
  readonly #decoder = new StringDecoder('utf8')
  /** The beginning of a mark that was cut. */
  #held = ''
  #pasted: string | undefined
  readonly #listeners = {
    data: (chunk: Buffer | string) => this.#hear(typeof chunk === 'string' ? chunk : this.#decoder.write(chunk)),
    end: () => this.emit('end'),
    error: (error: Error) => this.emit('error', error),
  }

  /** `paste` gets what was pasted, as one line. */
  constructor(keyboard: Keyboard, paste: (text: string) => void) {
    super({ read() {} })
    this.#keyboard = keyboard
    this.#paste = paste
    for (const [event, listener] of Object.entries(this.#listeners)) keyboard.on(event, listener)
  }

  release(): void {
    for (const [event, listener] of Object.entries(this.#listeners)) this.#keyboard.off(event, listener)
  }

  setRawMode(raw: boolean): void {
    this.#keyboard.setRawMode?.(raw)
  }

  override pause(): this {
    this.#keyboard.pause()
    return super.pause()
  }

  override resume(): this {
    this.#keyboard.resume()
    return super.resume()
  }

  #hear(chunk: string): void {
    let text = this.#held + chunk
    this.#held = ''
    for (let mark = this.#markIn(text); mark !== undefined; mark = this.#markIn(text)) {
      this.#take(text.slice(0, mark.at))
      this.#turn()
      text = text.slice(mark.at + mark.length)
    }
    const isPaste = this.#pasted !== undefined
    // Outside a paste an escape character alone is a key.
    const cut = isPaste ? beginningAtEnd(text, pasteEnds) : beginningAtEnd(text, pasteBegins, 2)
    const end = text.length - cut
    this.#take(text.slice(0, end))
    this.#held = text.slice(end)
  }

  /** Where a paste begins, or where the one that has begun ends. */
  #markIn(text: string): { at: number; length: number } | undefined {
    const isPaste = this.#pasted !== undefined
    const mark = isPaste ? pasteEnds : pasteBegins
    const at = text.indexOf(mark)
    if (at >= 0) return { at, length: mark.length }
    // Whoever wants to leave must be able to, also when the end of a paste got lost.
    const leave = isPaste ? text.indexOf(interrupt) : -1
    return leave < 0 ? undefined : { at: leave, length: 0 }
  }

  #take(text: string): void {
    if (this.#pasted !== undefined) this.#pasted += text
    else if (text !== '') this.emit('data', Buffer.from(text.replace(altEnter, newlineMark)))
  }

  #turn(): void {
    const pasted = this.#pasted
    this.#pasted = pasted === undefined ? '' : undefined
    if (pasted === undefined) return
    const sanitizer = new Sanitizer()
    // A newline at its end would be a line that nobody wrote.
    const text = (sanitizer.clean(pasted) + sanitizer.end()).replace(/\n+$/, '')
    if (text !== '') this.#paste(asOneLine(text))
  }
}
