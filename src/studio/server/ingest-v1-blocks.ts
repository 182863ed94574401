// The content of a message of Python AgentScope as blocks of ours, each with the text that grows from push to push.
// Shapes: AgentScope v1 `message/_message_block.py`; a plain string, `url` without `source` and `file` as v0.1.6 sent them.
import { type Fields, fieldsOf, isFields, textIn } from '../../core/kind.ts'
import type { Block, MediaBlock } from '../../core/message.ts'

/** One block as a push tells it: everything so far. */
export interface SaidBlock {
  /** The block as it begins, its growing field empty. */
  opening: Block
  /** All of the growing field; empty for a block that comes whole. */
  text: string
  /** The part of `text` that more text does not change: no half character, no closing brackets of unfinished JSON. */
  steady: string
  /** A tool's output that is more than one text. */
  whole?: Block[]
  signature?: string
}

const mediaTypes: readonly string[] = ['image', 'audio', 'video', 'file']

export function saidBlocks(content: unknown): SaidBlock[] {
  if (typeof content === 'string') return content === '' ? [] : [prose({ type: 'text', text: '' }, content)]
  if (Array.isArray(content)) return content.map(saidBlock)
  return content === null || content === undefined ? [] : [raw(content)]
}

function saidBlock(value: unknown): SaidBlock {
  if (typeof value === 'string') return prose({ type: 'text', text: '' }, value)
  if (!isFields(value)) return raw(value)
  const { type } = value
  if (type === 'text' && typeof value.text === 'string') return prose({ type, text: '' }, value.text, value)
  if (type === 'thinking' && typeof value.thinking === 'string') {
    return prose({ type, thinking: '' }, value.thinking, value)
  }
  if (type === 'tool_use' && textIn(value.id) !== undefined) return toolUse(value)
  if (type === 'tool_result' && textIn(value.id) !== undefined) return toolResult(value)
  const media = mediaOf(value)
  return media === undefined ? raw(value) : { opening: media, text: '', steady: '' }
}

function prose(opening: Block, text: string, from: Fields = {}): SaidBlock {
  const signature = textIn(from.signature)
  const steady = isHalf(text) ? text.slice(0, -1) : text
  return { opening, text, steady, ...(signature !== undefined && { signature }) }
}

function toolUse({ id, name, input, raw_input: rawInput }: Fields): SaidBlock {
  const opening: Block = { type: 'tool_use', id: String(id), name: textIn(name) ?? '', rawInput: '' }
  // The text as the model wrote it grows by itself; a value that was read from it closes what is still open.
  if (textIn(rawInput) !== undefined) return prose(opening, rawInput as string)
  const text = typeof input === 'string' ? input : JSON.stringify(input ?? {})
  return { opening, text, steady: text.replace(/["\]}]+$/, '') }
}

function toolResult({ id, name, output }: Fields): SaidBlock {
  const called = textIn(name)
  const opening: Block = {
    type: 'tool_result',
    id: String(id),
    ...(called !== undefined && { name: called }),
    output: '',
  }
  if (typeof output === 'string') return prose(opening, output)
  if (!Array.isArray(output)) {
    const text = output === null || output === undefined ? '' : JSON.stringify(output)
    return { opening, text, steady: '' }
  }
  const whole = output.map(resultBlock)
  const text = whole.map((block) => (block.type === 'text' ? block.text : '')).join('')
  const isOneText = whole.length === 1 && whole[0]?.type === 'text'
  return { ...prose(opening, text), ...(!isOneText && { whole }) }
}

/** A result holds text and media; anything else is kept as JSON text. */
function resultBlock(value: unknown): Block {
  if (typeof value === 'string') return { type: 'text', text: value }
  const fields = fieldsOf(value)
  if (fields.type === 'text' && typeof fields.text === 'string') return { type: 'text', text: fields.text }
  return mediaOf(fields) ?? { type: 'text', text: JSON.stringify(value) ?? '' }
}

function mediaOf({ type, source, url }: Fields): MediaBlock | undefined {
  if (typeof type !== 'string' || !mediaTypes.includes(type)) return undefined
  const kind = type as MediaBlock['type']
  const { type: way, url: address, media_type: mediaType, data } = fieldsOf(source)
  const mimeType = textIn(mediaType)
  if (way === 'base64' && typeof data === 'string') {
    return { type: kind, url: `data:${mimeType ?? 'application/octet-stream'};base64,${data}` }
  }
  const where = textIn(address) ?? textIn(url)
  return where === undefined ? undefined : { type: kind, url: where, ...(mimeType !== undefined && { mimeType }) }
}

/** What nobody here knows, kept in its place. */
function raw(value: unknown): SaidBlock {
  return { opening: { type: 'raw', dialect: 'agentscope-python', value }, text: '', steady: '' }
}

function isHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last <= 0xdbff
}
