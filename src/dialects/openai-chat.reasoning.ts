// What servers of OpenAI's wire tell of the reasoning: in one of several fields, in blocks, in details, signed or not.
import type { EventWriter } from '../core/writer.ts'
import { type Fields, fieldsOf, flatText, listOf, textIn } from './values.ts'

/** Fields that hold reasoning: those in use; the first that says something counts. */
export const reasoningFields: readonly string[] = ['reasoning_content', 'reasoning', 'reasoning_text']

export class Reasoning {
  readonly #writer: EventWriter
  /** Called before a thought is written. */
  readonly #settle: () => void
  /** What was written last is a thought, so a signature that comes now is its own. */
  isLatest = false
  #standsInBlocks = false

  constructor(writer: EventWriter, settle: () => void) {
    this.#writer = writer
    this.#settle = settle
  }

  /** Writes the reasoning of a message or delta; says whether there was any. */
  decode(delta: Fields): boolean {
    const told = this.#textIn(delta)
    const { thinking_blocks: blocks, reasoning_details: details } = delta
    if (blocks) return this.#decodeBlocks(listOf(blocks).map(fieldsOf), told)
    if (details) return this.#decodeDetails(listOf(details).map(fieldsOf), told)
    return told !== '' && this.think(told)
  }

  think(text: string): boolean {
    if (text === '') return false
    this.#settle()
    this.#writer.thinking(text)
    this.isLatest = true
    return true
  }

  #textIn(delta: Fields): string {
    for (const field of reasoningFields) {
      const reasoning = delta[field]
      if (reasoning === undefined || reasoning === null || reasoning === '') continue
      const text = flatText(reasoning)
      if (text !== '') return text
    }
    return ''
  }

  /** LiteLLM's form of Claude's thinking: the words stand in the reasoning field too, the signature only here. */
  #decodeBlocks(blocks: readonly Fields[], told: string): boolean {
    const inBlocks = blocks.map((block) => flatText(block['thinking'])).join('')
    const isRepeated = told !== '' || (this.#writer.thinkingSeen && !this.#standsInBlocks)
    if (inBlocks !== told && isRepeated) {
      const thought = this.think(told)
      for (const block of blocks) this.#sign(block['signature'])
      return thought
    }
    this.#standsInBlocks ||= inBlocks !== ''
    for (const block of blocks) this.#decodeBlock(block)
    return inBlocks !== '' || blocks.some((block) => textIn(block['data']) !== undefined)
  }

  #decodeBlock(block: Fields): void {
    this.think(flatText(block['thinking']))
    if (this.#sign(block['signature'])) this.#writer.endProse()
    const redacted = textIn(block['data'])
    if (redacted === undefined) return
    this.#settle()
    this.#writer.block({ type: 'thinking', thinking: '', redacted })
    this.isLatest = false
  }

  /** OpenRouter tells the words in `reasoning` too; others only here. */
  #decodeDetails(details: readonly Fields[], told: string): boolean {
    const isHidden = told === '' && (this.#standsInBlocks || !this.#writer.thinkingSeen)
    const text = isHidden ? details.map((each) => flatText(each['text'] ?? each['summary'])).join('') : told
    this.#standsInBlocks ||= isHidden && text !== ''
    const thought = this.think(text)
    for (const detail of details) this.#sign(detail['signature'])
    return thought
  }

  /** Only a thought that was just told can be signed; what belongs to another place stays in the metadata. */
  #sign(signature: unknown): boolean {
    if (!this.isLatest || typeof signature !== 'string' || signature === '') return false
    this.#writer.sign('thinking', signature)
    return true
  }
}
