// What a listener missed of a reply, made anew when it asks: one delta a block, cut from the message.
import type { BlockDelta, BlockEnd, BlockStart, MessageEnd, MessageStart, StreamEvent } from '../core/event.ts'
import type { Block, Msg } from '../core/message.ts'

/** So many notices and raw values are kept, and so many characters in them. */
const most = { news: 256, characters: 128 * 1024 }

/** What one listener has heard. */
export interface Heard {
  hasStart: boolean
  hasEnd: boolean
  /** How many notices and raw values, with those of which it was told that they are left out. */
  news: number
  /** Of each block: characters in its deltas, or `sealed`. */
  readonly blocks: (number | 'sealed')[]
  /** So many blocks are sealed, from the first on. */
  sealed: number
}

interface KnownBlock {
  readonly start: BlockStart
  /** Characters in its deltas. The message may be ahead of them. */
  characters: number
  end: BlockEnd | undefined
}

/** Of the blocks only starts and ends are kept: the message has the rest. */
export class MissedEvents {
  readonly #message: () => Msg
  readonly #blocks: KnownBlock[] = []
  #start: MessageStart | undefined
  #end: MessageEnd | undefined
  /** The last notices and raw values. */
  readonly #news: { event: StreamEvent; characters: number }[] = []
  #newsCharacters = 0
  /** How many there were. */
  #newsCount = 0

  constructor(message: () => Msg) {
    this.#message = message
  }

  keep(event: StreamEvent, characters: number): void {
    if (event.type === 'message-start') this.#start = event
    else if (event.type === 'message-end') this.#end = event
    else if (event.type === 'block-start') this.#blocks[event.index] = { start: event, characters: 0, end: undefined }
    else if (event.type === 'block-end') (this.#blocks[event.index] as KnownBlock).end = event
    else if ('delta' in event) (this.#blocks[event.index] as KnownBlock).characters += event.delta.length
    else this.#keepNews(event, characters)
  }

  #keepNews(event: StreamEvent, characters: number): void {
    this.#newsCount += 1
    this.#news.push({ event, characters })
    this.#newsCharacters += characters
    while (this.#news.length > most.news || this.#newsCharacters > most.characters) {
      this.#newsCharacters -= this.#news.shift()?.characters ?? 0
    }
  }

  /** Whether a listener has heard all that has been kept. */
  isHeard(heard: Heard): boolean {
    if (heard.hasEnd || !heard.hasStart) return heard.hasEnd
    if (this.#end !== undefined || heard.news < this.#newsCount) return false
    return this.#blocks.slice(heard.sealed).every(({ characters, end }, at) => {
      const has = heard.blocks[heard.sealed + at]
      return has === 'sealed' || (end === undefined && has === characters)
    })
  }

  /** The next thing that a listener missed, noted; `undefined` when it has heard all. */
  next(heard: Heard): StreamEvent | undefined {
    const event = heard.hasStart ? (this.#nextNews(heard) ?? this.#nextOfBlocks(heard) ?? this.#end) : this.#start
    if (event === undefined || heard.hasEnd) return undefined
    noteHeard(heard, event)
    return event
  }

  /** Those that are not kept any more are told of in a notice. */
  #nextNews(heard: Heard): StreamEvent | undefined {
    const { id } = this.#start as MessageStart
    const kept = this.#newsCount - this.#news.length
    if (heard.news >= kept) return this.#news[heard.news - kept]?.event
    const leftOut = kept - heard.news
    // The notice counts as one of them when it is noted.
    heard.news = kept - 1
    const text = `Left out here, because this listener was too far behind: ${leftOut} of the notices and raw values.`
    return { type: 'notice', id, kind: 'skipped', text, details: { leftOut } }
  }

  #nextOfBlocks(heard: Heard): StreamEvent | undefined {
    for (let index = heard.sealed; index < this.#blocks.length; index += 1) {
      const has = heard.blocks[index]
      const block = this.#blocks[index] as KnownBlock
      if (has === undefined) return block.start
      const event = has === 'sealed' ? undefined : (this.#deltaOf(block, has) ?? block.end)
      if (event !== undefined) return event
    }
    return undefined
  }

  /** What the message has of a block beyond those characters. */
  #deltaOf({ start, characters }: KnownBlock, has: number): BlockDelta | undefined {
    if (has === characters) return undefined
    const { id, index } = start
    const grown = grownIn((this.#message().content as Block[])[index] as Block)
    const begun = grownIn(start.block)?.text.length ?? 0
    // A tool's result that became more than text is in its end.
    if (grown === undefined) return undefined
    return { type: grown.type, id, index, delta: ownPart(grown.text, begun + has, begun + characters) }
  }
}

/** Notes that a listener is given that event. */
export function noteHeard(heard: Heard, event: StreamEvent): void {
  const { blocks } = heard
  if (event.type === 'message-start') heard.hasStart = true
  else if (event.type === 'message-end') heard.hasEnd = true
  else if (event.type === 'block-start') blocks[event.index] = 0
  else if (event.type === 'block-end') blocks[event.index] = 'sealed'
  else if ('delta' in event) blocks[event.index] = (blocks[event.index] as number) + event.delta.length
  else heard.news += 1
  while (blocks[heard.sealed] === 'sealed') heard.sealed += 1
}

/** A part that does not keep the whole alive, as a slice would. */
function ownPart(text: string, from: number, to: number): string {
  if (from === 0 && to === text.length) return text
  const middle = (from + to) >> 1
  return [text.slice(from, middle), text.slice(middle, to)].join('')
}

/** The one growing field of a block, and what its growth is called. */
function grownIn(block: Block): { type: BlockDelta['type']; text: string } | undefined {
  switch (block.type) {
    case 'text':
      return { type: 'text-delta', text: block.text }
    case 'thinking':
      return { type: 'thinking-delta', text: block.thinking }
    case 'tool_use':
      return { type: 'tool-use-delta', text: block.rawInput }
    case 'tool_result':
      return typeof block.output === 'string' ? { type: 'tool-result-delta', text: block.output } : undefined
    default:
      return undefined
  }
}
