// A message in one row: who speaks, what is going on, and the newest words.
import type { BlockStart, StreamEvent } from '../core/event.ts'
import { describeMedia, noticeText, plainTextOf } from './describe.ts'
import { cleanLine, Sanitizer } from './sanitize.ts'
import type { Style } from './style.ts'
import { fitEnd, fitStart, padded, widthOf } from './width.ts'

/** More than any row shows. */
const longestTail = 4096

const thinking = '(thinking)'

/** Listens to one message. What it keeps is bounded; the message itself is kept by whoever renders it. */
export class Lane {
  #name = ''
  readonly #style: Style
  readonly #showsThoughts: boolean
  #sanitizer = new Sanitizer()
  /** What is going on, unless it simply speaks: `(thinking)`, `→ get_weather`, `← get_weather`. */
  #doing = ''
  #tail = ''
  /** How far it is, that nothing comes, or what is done about it: shown until something comes. */
  #news: string | undefined
  #newsPass = false
  #over = false

  /** `showsThoughts`: whether thoughts can be read, or only that there are some. */
  constructor(style: Style, showsThoughts: boolean) {
    this.#style = style
    this.#showsThoughts = showsThoughts
  }

  /** Whether it has news that stand nowhere else. */
  get hasNews(): boolean {
    return this.#news !== undefined && this.#newsPass && !this.#over
  }

  get nameWidth(): number {
    return widthOf(this.#name)
  }

  hear(event: StreamEvent): void {
    if (event.type === 'notice') {
      this.#news = noticeText(event)
      this.#newsPass = isPassing(event.kind)
      return
    }
    this.#news = undefined
    if (event.type === 'message-start') this.#start(event.name)
    else if (event.type === 'message-end') this.#over = true
    else if (event.type === 'block-start') this.#begin(event)
    else if (event.type === 'thinking-delta') this.#grow(thinking, event.delta)
    else if (event.type === 'text-delta') this.#grow('', event.delta)
    else if ('delta' in event) this.#grow(this.#doing, event.delta)
  }

  /** Not wider than `columns`: `Alice  │ → get_weather {"city":`. */
  row(columns: number, nameColumns: number): string {
    const style = this.#style
    const name = padded(fitStart(this.#name, nameColumns), nameColumns)
    const rest = columns - widthOf(name) - 3
    if (rest < 1) return style.name(fitStart(name, columns), this.#name)
    const label = fitStart(this.#label(), rest)
    const left = label === '' ? rest : rest - widthOf(label) - 1
    const words = this.#news === undefined && left > 0 ? fitEnd(this.#lastLine(), left) : ''
    const isQuiet = this.#over || this.#doing === thinking
    const parts = [style.name(name, this.#name), style.dim('│'), style.dim(label), isQuiet ? style.dim(words) : words]
    return parts.filter((part) => part !== '').join(' ')
  }

  #label(): string {
    if (this.#over) return this.#doing === '' ? '✓' : `✓ ${this.#doing}`
    return this.#news === undefined ? this.#doing : `· ${this.#news}`
  }

  #start(name: string): void {
    this.#name = cleanLine(name)
    this.#over = false
    this.#turnTo('', '')
  }

  #begin({ block }: BlockStart): void {
    if (block.type === 'text') this.#grow('', block.text)
    else if (block.type === 'thinking') this.#grow(thinking, block.thinking)
    else if (block.type === 'tool_use') this.#turnTo(`→ ${cleanLine(block.name)}`, block.rawInput)
    else if (block.type === 'tool_result') {
      this.#turnTo(`← ${cleanLine(block.name ?? block.id)}`, plainTextOf(block.output))
    } else if (block.type !== 'raw') this.#turnTo('', describeMedia(block))
  }

  #turnTo(doing: string, text: string): void {
    this.#doing = doing
    this.#tail = ''
    this.#sanitizer = new Sanitizer()
    this.#grow(doing, text)
  }

  #grow(doing: string, delta: string): void {
    if (doing !== this.#doing) this.#turnTo(doing, '')
    if (doing === thinking && !this.#showsThoughts) return
    this.#tail += this.#sanitizer.clean(delta)
    if (this.#tail.length > 2 * longestTail) this.#tail = this.#tail.slice(-longestTail)
  }

  #lastLine(): string {
    const text = this.#tail.trimEnd()
    return text.slice(text.lastIndexOf('\n') + 1).replaceAll('\t', ' ')
  }
}

/** News that are worth nothing once they are over: in a terminal that can take them back they leave no line. */
export function isPassing(kind: string): boolean {
  return kind === 'progress' || kind === 'silence'
}
