// One message as terminal text: each event in, the characters to write out. Knows nothing of streams or other messages.
// One file, because every kind of block has to know in which state the one before it left the line.
import type { BlockDelta, BlockEnd, BlockStart, Notice, StreamEvent } from '../core/event.ts'
import type { MediaBlock, ToolResultBlock, ToolUseBlock } from '../core/message.ts'
import { describeMedia, mediaOf, noticeText, plainTextOf, shortened } from './describe.ts'
import { markOf, markOfResult } from './mark.ts'
import { OneByOne } from './one-by-one.ts'
import { cleanLine, Sanitizer } from './sanitize.ts'
import type { Style } from './style.ts'

export interface RenderingOptions {
  style: Style
  /** Whether thinking is shown. */
  thinking: boolean
  /** Whether these news get a line of their own; elsewhere they are shown while they are true. */
  tells(kind: Notice['kind']): boolean
}

/**
 * Renders one message. Text stands behind the name, which is written once; thinking and tool calls have lines of their
 * own; the last word is a newline, and before it a mark when the message did not simply end. It is one file because all
 * of it turns on one thing: where in the line the cursor stands.
 */
export class Rendering {
  readonly #style: Style
  readonly #showThinking: boolean
  readonly #tells: RenderingOptions['tells']
  #name = ''
  #prefixed = false
  /** Something else than text has been shown, so that an empty text needs no line of its own. */
  #shown = false
  #line: 'empty' | 'prefix' | 'open' = 'empty'
  #mode: 'text' | 'thinking' = 'text'
  #sanitizer = new Sanitizer()
  #notices: string[] = []
  readonly #calls = new Map<number, { block: ToolUseBlock; raw: string[] }>()
  readonly #order = new OneByOne()
  /** The tool result that is being told. */
  #result: { index: number; head: string; hasText: boolean; saidFailed: boolean } | undefined
  /** Its head has to be written before its text: nothing of it is on the screen, or somebody else was in between. */
  #headless = false

  constructor(options: RenderingOptions) {
    this.#style = options.style
    this.#showThinking = options.thinking
    this.#tells = options.tells
  }

  render(event: StreamEvent): string {
    let text = ''
    for (const each of this.#order.order(event)) text += this.#render(each)
    return text
  }

  /** Ends the line, so that somebody else can have the screen. What follows begins on a fresh line, with its name. */
  interrupt(): string {
    const before = this.#ownLine()
    this.#prefixed = false
    this.#headless = true
    return before
  }

  /** Ends a message whose last word will not be heard. */
  breakOff(): string {
    return this.#end('[unfinished]')
  }

  #render(event: StreamEvent): string {
    switch (event.type) {
      case 'message-start':
        return this.#start(event.name)
      case 'block-start':
        return this.#begin(event)
      case 'text-delta':
        return this.#prose('text', event.delta)
      case 'thinking-delta':
        return this.#prose('thinking', event.delta)
      case 'tool-use-delta':
        return this.#grow(event)
      case 'tool-result-delta':
        return this.#resultText(event.delta)
      case 'block-end':
        return event.index === this.#result?.index ? this.#endResult(event) : this.#seal(event)
      case 'notice':
        return this.#notice(event)
      case 'message-end':
        return this.#end(markOf(event.ending))
      default:
        return ''
    }
  }

  /** A message that starts a second time begins anew on a fresh line. */
  #start(name: string): string {
    const before = this.#flush() + this.#closeLine()
    this.#name = cleanLine(name)
    this.#prefixed = false
    this.#mode = 'text'
    this.#calls.clear()
    this.#result = undefined
    return before
  }

  #begin({ index, block }: BlockStart): string {
    if (block.type === 'text') return this.#prose('text', block.text)
    if (block.type === 'thinking') return this.#prose('thinking', block.thinking)
    if (block.type === 'tool_use') this.#calls.set(index, { block, raw: [block.rawInput] })
    else if (block.type === 'tool_result') return this.#beginResult(index, block)
    else if (block.type !== 'raw') return this.#prose('text', '') + this.#media(block)
    return ''
  }

  #prose(mode: 'text' | 'thinking', delta: string): string {
    if (delta === '' || (mode === 'thinking' && !this.#showThinking)) return ''
    const turn = mode === this.#mode ? '' : this.#flush() + this.#closeLine()
    this.#mode = mode
    const text = this.#sanitizer.clean(delta)
    return turn + (text === '' ? '' : this.#opening(mode) + this.#write(text))
  }

  /** What stands before the first text, and before each stretch of thinking. */
  #opening(mode: 'text' | 'thinking'): string {
    if (mode === 'thinking') {
      if (this.#line !== 'empty') return ''
      this.#shown = true
      return this.#style.dim(`${this.#name} (thinking) `)
    }
    return this.#prefixed ? '' : this.#prefix()
  }

  #prefix(): string {
    const before = this.#closeLine()
    this.#prefixed = true
    this.#line = 'prefix'
    return `${before}${this.#style.name(this.#name)}: `
  }

  /** Writes clean text; notices that waited for the end of the line come in at the first newline. */
  #write(text: string): string {
    if (text === '') return ''
    const cut = this.#notices.length > 0 ? text.indexOf('\n') + 1 : 0
    this.#line = text.endsWith('\n') ? 'empty' : 'open'
    if (cut === 0) return this.#paint(text)
    return this.#paint(text.slice(0, cut)) + this.#takeNotices() + this.#paint(text.slice(cut))
  }

  #paint(text: string): string {
    return this.#mode === 'thinking' ? this.#style.dim(text) : text
  }

  #grow({ index, delta }: BlockDelta): string {
    this.#calls.get(index)?.raw.push(delta)
    return ''
  }

  #seal({ index, incomplete }: BlockEnd): string {
    const call = this.#calls.get(index)
    if (call === undefined) return ''
    this.#calls.delete(index)
    this.#shown = true
    const { block, raw } = call
    const input = shortened(cleanLine(raw.join('') || JSON.stringify(block.input ?? {})))
    const mark = incomplete ? this.#style.alert(' [cut off]') : ''
    return `${this.#ownLine()}${this.#speaker()} → ${cleanLine(block.name)}(${input})${mark}\n`
  }

  #beginResult(index: number, block: ToolResultBlock): string {
    const before = this.#ownLine()
    const saidFailed = block.isError === true
    const head = `${this.#speaker()} ← ${cleanLine(block.name ?? block.id)}${saidFailed ? ' failed' : ''}: `
    this.#result = { index, head, hasText: false, saidFailed }
    this.#headless = true
    this.#shown = true
    return before + this.#resultText(plainTextOf(block.output))
  }

  #resultText(text: string): string {
    if (text === '' || this.#result === undefined) return ''
    this.#result.hasText = true
    return this.#resultHead() + this.#write(this.#sanitizer.clean(text))
  }

  /** It waits for the text, so that a tool that is slow, or asks something, leaves no half line. */
  #resultHead(): string {
    if (!this.#headless || this.#result === undefined) return ''
    this.#headless = false
    this.#line = 'prefix'
    return this.#result.head
  }

  #endResult(event: BlockEnd): string {
    const { hasText, saidFailed } = this.#result as { hasText: boolean; saidFailed: boolean }
    // Its text has been told; of what came besides, only the kinds can be.
    const besides = event.output === undefined ? '' : hasText ? mediaOf(event.output) : plainTextOf(event.output)
    const told = this.#resultText(hasText && besides !== '' ? ` ${besides}` : besides) + this.#resultHead()
    const rest = this.#flush()
    const mark = markOfResult(event, saidFailed)
    const space = this.#line === 'open' ? ' ' : ''
    if (mark !== undefined) this.#line = 'open'
    this.#result = undefined
    return told + rest + (mark === undefined ? '' : space + this.#style.alert(mark)) + this.#closeLine()
  }

  #media(block: MediaBlock): string {
    const before = this.#ownLine()
    this.#shown = true
    return `${before}${this.#speaker()}: ${describeMedia(block)}\n`
  }

  #notice(notice: Notice): string {
    if (!this.#tells(notice.kind)) return ''
    const line = `${this.#style.dim(`${this.#name} · ${noticeText(notice)}`)}\n`
    // Thoughts that broke off are not gone on with: those that come now are others.
    const before = notice.kind === 'resumed' && this.#mode === 'thinking' ? this.#ownLine() : ''
    if (this.#line === 'empty') return before + line
    // In the middle of a line it waits, so as not to tear the text apart.
    this.#notices.push(line)
    return ''
  }

  #end(mark: string | undefined): string {
    let out = this.#flush()
    if (this.#mode === 'thinking') {
      out += this.#closeLine()
      this.#mode = 'text'
    }
    if (!this.#prefixed && (mark !== undefined || !this.#shown)) out += this.#prefix()
    if (mark !== undefined) {
      out += (this.#line === 'open' ? ' ' : '') + this.#style.alert(mark)
      this.#line = 'open'
    }
    return out + this.#closeLine()
  }

  #speaker(): string {
    return this.#style.name(this.#name)
  }

  /** Ends whatever stands in the line, for something that wants a line to itself. */
  #ownLine(): string {
    const before = this.#flush() + this.#closeLine()
    this.#mode = 'text'
    return before
  }

  #closeLine(): string {
    const newline = this.#line === 'empty' ? '' : '\n'
    this.#line = 'empty'
    return newline + this.#takeNotices()
  }

  #takeNotices(): string {
    return this.#notices.splice(0).join('')
  }

  /** What the sanitizer still held back. */
  #flush(): string {
    const text = this.#sanitizer.end()
    return text === '' ? '' : this.#opening(this.#mode) + this.#write(text)
  }
}
