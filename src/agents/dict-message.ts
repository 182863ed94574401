// What an agent wrote as fields, as a message: some of them as its text, some as its metadata.
import { fieldsOf } from '../core/kind.ts'
import { type Block, blocksOf, type Metadata, type Msg } from '../core/message.ts'
import type { KeyFilter } from '../parsers/index.ts'

/** The message with `value` in place of its text; what was thought, and calls of tools, stay where they are. */
export function withText(message: Msg, value: unknown): Msg {
  const text = typeof value === 'string' || value === undefined ? value : JSON.stringify(value)
  const said: Block[] = text === undefined ? [] : [{ type: 'text', text }]
  const blocks = blocksOf(message)
  const at = blocks.findIndex(({ type }) => type === 'text')
  const kept = (from: number, to?: number) => blocks.slice(from, to).filter(({ type }) => type !== 'text')
  return { ...message, content: at < 0 ? [...blocks, ...said] : [...kept(0, at), ...said, ...kept(at)] }
}

/** A single value goes under the name of its field. */
export function asMetadata(value: unknown, keys: KeyFilter): Metadata {
  if (typeof keys === 'string') return { [keys]: value }
  return fieldsOf(value)
}
