// Markdown that is still being written, on the page: only the unsettled tail is lexed, and settled blocks stay untouched.
// Longer than a file should be: the walk over the tail is one loop over one state.
import type { Token, Tokens } from 'marked'
import { Backlog } from './backlog.ts'
import { BlockList } from './block-list.ts'
import { blockShape } from './block-shapes.ts'
import { type Shown, showTail } from './hold-back.ts'
import { Intake } from './intake.ts'
import { keepLink, type Links, lexBlocks, noLinks } from './lex-blocks.ts'
import { OpenFence } from './open-fence.ts'
import { OpenTable } from './open-table.ts'
import type { Painter } from './painter.ts'
import { englishWords, type Words } from './safe-link.ts'
import { SettledLinks } from './settled-links.ts'
import type { Shape } from './shape.ts'

export interface StreamMarkdownOptions {
  /** Shared by everything on the page, so that there is one paint per frame. */
  painter: Painter
  /** Words beside the model's, in the reader's language. Default: English. */
  words?: Words
  /** Milliseconds for which an unfinished marker at the end may be held back. Default: 200. */
  holdMs?: number
  /** Is given each code block with a language when it is settled, to colour it. It must not replace nodes. */
  onCode?: (code: HTMLElement) => void
  /** Is given each complete formula, perhaps more than once, to draw it in its place. */
  onFormula?: (formula: HTMLElement) => void
  /** Runs behind each paint that changed something. */
  onPaint?: () => void
}

/** A block that fills itself as its text arrives, without the lexer. */
type Filling = { type: 'fence'; block: OpenFence } | { type: 'table'; block: OpenTable }

interface Block {
  token: Token
  start: number
  end: number
  shape: Shape
}

/** A paint that took this many milliseconds is followed by a rest, so that a hostile text cannot take every frame. */
const dearMs = 12
const restFactor = 4
/** A paint takes down no more when it has taken so many milliseconds; what is left waits for the frame behind it. */
const frameMs = 6
/** The first paint of a text shows a screen of it at once. Milliseconds. */
const firstMs = 20

/**
 * Shows one growing text. `push` and `replace` only take the text down; it is painted with the next frame, once.
 * The chunks may be cut anywhere: the page at the end is the one that the whole text gives at once.
 * The element belongs to this class until `close`; nothing in it is ever made from a string of HTML.
 */
export class StreamMarkdown {
  readonly #painter: Painter
  readonly #words: Words
  readonly #holdMs: number
  readonly #onCode: ((code: HTMLElement) => void) | undefined
  readonly #onFormula: ((formula: HTMLElement) => void) | undefined
  readonly #onPaint: (() => void) | undefined
  readonly #element: HTMLElement
  readonly #blocks: BlockList
  readonly #intake = new Intake()
  readonly #backlog = new Backlog()
  #source = ''
  /** The unsettled tail. */
  #rest = ''
  #filling: Filling | undefined
  #fillingRaw = ''
  #links: Links = noLinks()
  #bracketed = new SettledLinks()
  #ended = false
  #pushedAt = 0
  #restUntil = 0
  #patience: ReturnType<typeof setTimeout> | undefined

  constructor(element: HTMLElement, options: StreamMarkdownOptions) {
    this.#element = element
    this.#painter = options.painter
    this.#words = options.words ?? englishWords
    this.#holdMs = options.holdMs ?? 200
    this.#onCode = options.onCode
    this.#onFormula = options.onFormula
    this.#onPaint = options.onPaint
    this.#blocks = new BlockList(element)
    element.classList.add('markdown')
    element.dataset['writing'] = ''
  }

  /** Appends text. After `end` it starts over with all of the text: nothing that arrives is dropped. */
  push(text: string): void {
    if (text === '') return
    if (this.#ended) return this.replace(this.#source + text)
    this.#source += text
    this.#backlog.add(this.#intake.take(text))
    this.#pushedAt = performance.now()
    this.#painter.request(this.#paint)
  }

  /** The whole text anew. What stands there already and goes on is appended; anything else starts over. */
  replace(text: string): void {
    if (!this.#ended && text.startsWith(this.#source)) return this.push(text.slice(this.#source.length))
    this.#startOver()
    this.push(text)
    this.#painter.request(this.#paint)
  }

  /** The text is over: the tail is settled, and definitions of links reach the blocks before them. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#backlog.add(this.#intake.flush())
    this.#painter.request(this.#paint)
  }

  /**
   * Paints now instead of with the next frame: for a text that is all there when its page opens. A long one goes on in
   * the frames behind it. True when nothing is left for them.
   */
  paint(): boolean {
    this.#painter.cancel(this.#paint)
    this.#restUntil = 0
    this.#paintFor(firstMs)
    return this.#backlog.isEmpty
  }

  /** Stops painting. The nodes stay where they are. */
  close(): void {
    this.#painter.cancel(this.#paint)
    clearTimeout(this.#patience)
  }

  readonly #paint = (): void => this.#paintFor(frameMs)

  #paintFor(milliseconds: number): void {
    const start = performance.now()
    if (start < this.#restUntil && !this.#ended) return this.#painter.request(this.#paint)
    clearTimeout(this.#patience)
    do {
      this.#rest += this.#backlog.next(this.#rest.length)
      this.#show(!this.#ended && start - this.#pushedAt < this.#holdMs)
    } while (!this.#backlog.isEmpty && performance.now() - start < milliseconds)
    if (this.#isWhole) this.#finish()
    const took = performance.now() - start
    const isDear = took > dearMs && this.#backlog.isEmpty
    this.#restUntil = isDear ? start + took * (1 + restFactor) : 0
    if (!this.#backlog.isEmpty) this.#painter.request(this.#paint)
    this.#onPaint?.()
  }

  /** Nothing will come behind the tail. */
  get #isWhole(): boolean {
    return this.#ended && this.#backlog.isEmpty
  }

  /** Fills an open block, else lexes the tail; what that settles may uncover a block that fills itself. */
  #show(patient: boolean): void {
    for (;;) {
      if (this.#filling !== undefined) {
        if (!this.#fill(this.#filling, patient)) return
        continue
      }
      if (this.#startFilling()) continue
      if (this.#rest.trim() === '') return this.#blocks.show([])
      if (!this.#lex(patient) || !this.#startFilling()) return
    }
  }

  #startFilling(): boolean {
    if (this.#filling !== undefined) return true
    const fence = OpenFence.at(this.#rest, this.#words)
    const table = fence === undefined ? OpenTable.at(this.#rest, this.#links, this.#words) : undefined
    if (fence !== undefined) this.#filling = { type: 'fence', block: fence.fence }
    else if (table !== undefined) this.#filling = { type: 'table', block: table.table }
    else return false
    this.#fillingRaw = this.#advance((fence ?? table)!.length)
    this.#blocks.place(this.#filling.block.node)
    return true
  }

  /** Gives the open block what has come. True when it is complete and settled. */
  #fill({ type, block }: Filling, patient: boolean): boolean {
    const { taken, closed } = block.take(this.#rest, this.#isWhole, patient)
    const raw = this.#advance(taken)
    if (type === 'table') this.#fillingRaw += raw
    if (!closed) {
      if (type === 'table' && this.#rest !== '') this.#showLater()
      return false
    }
    const length = type === 'table' ? this.#fillingRaw.length : block.node.textContent.length
    this.#blocks.settle(1, length)
    if (type === 'table') {
      this.#bracketed.add(block.node, this.#fillingRaw)
      this.#drawIn(block.node)
    }
    if (type === 'fence') this.#colour(block.node)
    this.#filling = undefined
    return true
  }

  /** Shows the tail as blocks. True when some of them are settled and the tail begins further down. */
  #lex(patient: boolean): boolean {
    const shown = this.#isWhole ? whole(this.#rest) : showTail(this.#rest, patient)
    if (shown.held) this.#showLater()
    let text = shown.text
    let intact = shown.intact
    let tokens = lexBlocks(text, this.#links)
    if (text !== shown.asWritten && endsAsWritten(tokens)) {
      text = shown.asWritten
      intact = text.length
      tokens = lexBlocks(text, this.#links)
    }
    const blocks = blocksOf(tokens, this.#words)
    this.#blocks.show(blocks.map((block) => block.shape))
    if (/[$\\]/.test(text)) for (const node of this.#blocks.open) this.#drawIn(node)
    return this.#settle(tokens, blocks, this.#isWhole ? Number.POSITIVE_INFINITY : safeEnd(blocks, text, intact))
  }

  #settle(tokens: readonly Token[], blocks: readonly Block[], before: number): boolean {
    const settled = blocks.filter((block) => block.end <= before)
    const end = this.#isWhole ? this.#rest.length : (settled.at(-1)?.end ?? 0)
    if (end === 0) return false
    const nodes = this.#blocks.settle(settled.length, end)
    for (const [index, node] of nodes.entries()) {
      this.#bracketed.add(node, settled[index]!.token.raw)
      this.#colour(node)
    }
    this.#keepLinks(tokens, end)
    this.#advance(end)
    return true
  }

  #keepLinks(tokens: readonly Token[], end: number): void {
    let at = 0
    for (const token of tokens) {
      at += token.raw.length
      if (at <= end) keepLink(this.#links, token)
    }
  }

  #advance(length: number): string {
    const raw = this.#rest.slice(0, length)
    this.#rest = this.#rest.slice(length)
    return raw
  }

  #colour(node: HTMLElement): void {
    if (this.#onCode === undefined) return
    for (const code of node.querySelectorAll<HTMLElement>('code[data-language]')) this.#onCode(code)
  }

  #drawIn(node: HTMLElement): void {
    if (this.#onFormula === undefined) return
    for (const formula of node.querySelectorAll<HTMLElement>('[data-formula]:not([data-drawn])')) {
      this.#onFormula(formula)
    }
  }

  /** What is held back is shown when nothing else comes in time. */
  #showLater(): void {
    clearTimeout(this.#patience)
    const wait = this.#pushedAt + this.#holdMs - performance.now()
    if (wait > 0) this.#patience = setTimeout(() => this.#painter.request(this.#paint), wait)
  }

  #finish(): void {
    this.#bracketed.reconcile(this.#links, this.#words)
    this.#drawIn(this.#element)
    delete this.#element.dataset['writing']
  }

  #startOver(): void {
    this.#blocks.clear()
    this.#intake.flush()
    this.#backlog.clear()
    this.#source = ''
    this.#rest = ''
    this.#filling = undefined
    this.#links = noLinks()
    this.#bracketed = new SettledLinks()
    this.#ended = false
    this.#element.dataset['writing'] = ''
  }
}

function whole(tail: string): Shown {
  return { text: tail, intact: tail.length, held: false, asWritten: tail }
}

function blocksOf(tokens: readonly Token[], words: Words): Block[] {
  const blocks: Block[] = []
  let at = 0
  for (const token of tokens) {
    const shape = blockShape(token, words)
    const end = at + token.raw.length
    if (shape !== undefined) blocks.push({ token, start: at, end, shape })
    at = end
  }
  return blocks
}

/** Up to where blocks are settled: all but the last, and that only counts when its first line is complete. */
function safeEnd(blocks: readonly Block[], text: string, intact: number): number {
  const last = blocks.at(-1)
  if (last === undefined) return 0
  const end = text.indexOf('\n', last.start) >= 0 ? last.start : (blocks.at(-2)?.start ?? 0)
  return Math.min(end, intact)
}

/** Whether the text ends within code or raw HTML, where a closing mark would be text. */
function endsAsWritten(tokens: readonly Token[]): boolean {
  const last = tokens.findLast((token) => token.type !== 'space')
  if (last === undefined) return false
  if (last.type === 'code' || (last.type === 'html' && last['block'] === true)) return true
  if (last.type === 'list') return endsAsWritten((last['items'] as Tokens.ListItem[]).at(-1)?.tokens ?? [])
  return last.type === 'blockquote' && endsAsWritten(last.tokens ?? [])
}
