// A block as Studio shows it: what kind of part it is, the text it begins with, and what stands beside that text.
import { type Block, type MediaBlock, type ToolResultBlock, textOf } from '../../core/message.ts'
import type { PartHead, PartKind } from './frames.ts'

/** Keeps the bytes of a `data:` URI and gives the name by which `/blob/<name>` finds them. */
export type KeepBlob = (dataUri: string) => string

/** What is known of a part from its block alone. */
export type BlockHead = Pick<PartHead, 'kind' | 'tool' | 'call' | 'refusal' | 'redacted' | 'block'>

export function headOf(block: Block, keep: KeepBlob): BlockHead {
  switch (block.type) {
    case 'text':
      return { kind: 'text', ...(block.refusal && { refusal: true }) }
    case 'thinking':
      return { kind: 'thinking', ...(block.redacted !== undefined && { redacted: true }) }
    case 'tool_use':
      return { kind: 'tool_in', tool: block.name, call: block.id }
    case 'tool_result':
      return { kind: 'tool_out', call: block.id, ...(block.name !== undefined && { tool: block.name }) }
    default:
      return { kind: 'data', block: withoutBytes(block, keep) }
  }
}

/** What the growing text of a part is when its block begins, or all of it when the block came whole. */
export function textIn(block: Block): string {
  if (block.type === 'text') return block.text
  if (block.type === 'thinking') return block.thinking
  if (block.type === 'tool_use') return block.rawInput || jsonOf(block.input)
  if (block.type === 'tool_result') return textOf({ content: block.output }) ?? ''
  return ''
}

/** What a tool gave besides text. */
export function besideText(output: ToolResultBlock['output']): Block[] {
  return typeof output === 'string' ? [] : output.filter(({ type }) => type !== 'text')
}

/** The kind of part that an event of this type makes grow. */
export const kindOfDelta: Readonly<Record<string, PartKind>> = {
  'text-delta': 'text',
  'thinking-delta': 'thinking',
  'tool-use-delta': 'tool_in',
  'tool-result-delta': 'tool_out',
}

/** Signatures are for providers, and bytes are fetched when somebody wants to see them. */
function withoutBytes(block: Block, keep: KeepBlob): unknown {
  const { signature: _, ...shown } = block as Block & { signature?: string }
  const { url } = block as Partial<MediaBlock>
  return typeof url === 'string' && /^data:/i.test(url) ? { ...shown, url: `/blob/${keep(url)}` } : shown
}

function jsonOf(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value)
}
