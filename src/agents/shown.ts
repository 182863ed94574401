// From whole messages, each a little further than the one before, back to events: for what a pre-speak hook returned.
import type { Ending } from '../core/ending.ts'
import type { BlockDelta, BlockEnd, MessageEnd, StreamEvent } from '../core/event.ts'
import { type Block, blocksOf, type Msg, textOf } from '../core/message.ts'

interface ShownBlock {
  type: Block['type']
  /** The text of its growing field, as far as it has been shown. */
  text: string
  /** Everything else, to notice that it is another block. */
  rest: string
  open: boolean
}

/**
 * Remembers what has been shown of one message and writes what is new. A message that does not continue what was shown
 * begins anew, after a notice that says so.
 */
export class ShownMessage {
  readonly #id: string
  readonly #replyId: string | undefined
  #voice: string | undefined
  #blocks: ShownBlock[] = []
  #events: StreamEvent[] = []

  /** `id` stands in every event, whatever id the messages have. */
  constructor(id: string, replyId: string | undefined) {
    this.#id = id
    this.#replyId = replyId
  }

  /** The events that lead from what was shown to this message. */
  show(message: Msg): StreamEvent[] {
    const blocks = blocksOf(message)
    const voice = JSON.stringify([message.name, message.role])
    if (this.#voice !== undefined && (voice !== this.#voice || !this.#continues(blocks))) this.#startOver()
    if (this.#voice === undefined) this.#start(message, voice)
    for (const [index, block] of blocks.entries()) this.#grow(index, block, blocks.length)
    return this.#events.splice(0)
  }

  /** The same for the whole message, and its last word. */
  finish(message: Msg, end: MessageEnd): StreamEvent[] {
    const events = this.show(message)
    const blocks = blocksOf(message)
    for (const [index, shown] of this.#blocks.entries()) if (shown.open) this.#seal(index, shown, blocks[index])
    const ending: Ending = message.ending ?? end.ending
    const { usage, metadata } = message
    events.push(...this.#events.splice(0), {
      ...end,
      id: this.#id,
      ending,
      ...(usage !== undefined && { usage }),
      ...(metadata !== undefined && { metadata }),
    })
    return events
  }

  /** The last word on a message whose rest will never be shown. */
  breakOff(end: MessageEnd): StreamEvent[] {
    if (this.#voice === undefined) return []
    for (const [index, shown] of this.#blocks.entries()) if (shown.open) this.#seal(index, shown, undefined)
    return [...this.#events.splice(0), end]
  }

  #continues(blocks: readonly Block[]): boolean {
    if (blocks.length < this.#blocks.length) return false
    return this.#blocks.every((shown, index) => {
      const now = shapeOf(blocks[index] as Block)
      if (now.type !== shown.type || now.rest !== shown.rest) return false
      return shown.open ? now.text.startsWith(shown.text) : now.text === shown.text
    })
  }

  #startOver(): void {
    const text = 'starts over: the text above does not count'
    this.#events.push({ type: 'notice', id: this.#id, kind: 'replaced', text })
    this.#voice = undefined
    this.#blocks = []
  }

  #start({ name, role }: Msg, voice: string): void {
    this.#voice = voice
    const replyId = this.#replyId
    this.#events.push({ type: 'message-start', id: this.#id, role, name, ...(replyId !== undefined && { replyId }) })
  }

  #grow(index: number, block: Block, count: number): void {
    const now = shapeOf(block)
    let shown = this.#blocks[index]
    if (shown === undefined) {
      shown = { ...now, text: '', open: true }
      this.#blocks.push(shown)
      this.#events.push({ type: 'block-start', id: this.#id, index, block: emptied(block) })
    }
    if (!shown.open) return
    const delta = now.text.slice(shown.text.length)
    const type = deltaTypes[block.type]
    if (delta !== '' && type !== undefined) this.#events.push({ type, id: this.#id, index, delta })
    shown.text = now.text
    // Prose grows only at the end of a message; calls and results may grow side by side.
    if (index < count - 1 && (block.type === 'text' || block.type === 'thinking')) this.#seal(index, shown, block)
  }

  #seal(index: number, shown: ShownBlock, block: Block | undefined): void {
    shown.open = false
    const end: BlockEnd = { type: 'block-end', id: this.#id, index }
    if (block !== undefined) {
      const { signature, metadata } = block as { signature?: string; metadata?: BlockEnd['metadata'] }
      if (signature !== undefined) end.signature = signature
      if (metadata !== undefined) end.metadata = metadata
      if (block.type === 'tool_use' && block.input === undefined) end.incomplete = true
      if (block.type === 'tool_result' && block.isError) end.isError = true
      if (block.type === 'tool_result' && typeof block.output !== 'string') end.output = block.output
    } else if (shown.type === 'tool_use') {
      end.incomplete = true
    }
    this.#events.push(end)
  }
}

const deltaTypes: Partial<Record<Block['type'], BlockDelta['type']>> = {
  text: 'text-delta',
  thinking: 'thinking-delta',
  tool_use: 'tool-use-delta',
  tool_result: 'tool-result-delta',
}

/** A block as far as it can be told before it grew. */
function emptied(block: Block): Block {
  if (block.type === 'text') return { type: 'text', text: '', ...(block.refusal && { refusal: true }) }
  if (block.type === 'thinking') return { type: 'thinking', thinking: '' }
  if (block.type === 'tool_use') return { type: 'tool_use', id: block.id, name: block.name, rawInput: '' }
  if (block.type === 'tool_result') return { ...resultHead(block), output: '' }
  return block
}

function resultHead({ id, name }: { id: string; name?: string }): { type: 'tool_result'; id: string; name?: string } {
  return { type: 'tool_result', id, ...(name !== undefined && { name }) }
}

function shapeOf(block: Block): Omit<ShownBlock, 'open'> {
  return { type: block.type, text: growingText(block), rest: JSON.stringify(emptied(block)) }
}

function growingText(block: Block): string {
  if (block.type === 'text') return block.text
  if (block.type === 'thinking') return block.thinking
  if (block.type === 'tool_use') return block.rawInput || (block.input === undefined ? '' : JSON.stringify(block.input))
  if (block.type === 'tool_result') return textOf({ content: block.output }) ?? ''
  return ''
}
