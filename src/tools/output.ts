// What a tool gave, as a model can read it: text, or text and media blocks.
import type { Block } from '../core/message.ts'
import { checkMessage } from '../core/message-check.ts'

/** Reads as what a tool did that gave nothing back. */
export const doneText = 'done'

/**
 * What a tool returned, as text or as blocks (copies, plain JSON). Text stays as it is, nothing is `done`, a list of text
 * and media blocks stays blocks, and everything else is its JSON text.
 *
 * @throws Error that names what JSON cannot say, in words that follow "The tool x failed: ".
 */
export function outputOf(value: unknown): string | Block[] {
  if (value === undefined) return doneText
  if (typeof value === 'string') return value
  if (value instanceof Error) throw value
  if (value instanceof Uint8Array) return textOfBytes(value)
  const blocks = Array.isArray(value) && value.length > 0 ? blocksIn(value) : undefined
  return blocks ?? jsonText(value)
}

/** One piece of a streamed output: text, or a block. Anything else is its JSON text. Throws as `outputOf` does. */
export function pieceOf(value: unknown): string | Block {
  if (typeof value === 'string') return value
  if (value === undefined) return ''
  if (value instanceof Error) throw value
  return blocksIn([value])?.[0] ?? jsonText(value)
}

/** The blocks as copies, when all of them are what a result can hold. */
function blocksIn(values: readonly unknown[]): Block[] | undefined {
  try {
    const output = JSON.parse(JSON.stringify(values)) as Block[]
    checkMessage({ id: '', name: '', role: 'system', content: [{ type: 'tool_result', id: 'x', output }] }, 0)
    return output
  } catch {
    return undefined
  }
}

function textOfBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Error(
      `it returned ${bytes.length} bytes that are no text (return a media block with a data: URI instead).`,
    )
  }
}

function jsonText(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  let text: string | undefined
  try {
    text = JSON.stringify(value)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause)
    throw new Error(`what it returned cannot be written as JSON (${reason}).`)
  }
  if (text === undefined || (text === '{}' && hidesWhatItHolds(value))) {
    throw new Error(`it returned ${nameOf(value)}, which cannot be written as JSON.`)
  }
  return text
}

/** A Map, a Set, a Response: JSON shows them as empty, whatever they hold. */
function hidesWhatItHolds(value: unknown): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`
  return `an object of the class ${value.constructor?.name ?? 'Object'}`
}
