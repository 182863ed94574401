// Whether a message and its blocks are what their types promise: plain objects come from stored files and from JavaScript.
import { InputError } from './error.ts'
import { type Fields, isFields, kindOf, wordOrKind } from './kind.ts'
import type { Block, Msg } from './message.ts'

const roles: readonly string[] = ['system', 'user', 'assistant']
const media = { needs: ['url'], may: ['mimeType', 'signature'] }

/** The fields of each type of block that are strings: those it needs, and those it may have. */
const blockTypes: Readonly<Record<string, { needs: readonly string[]; may: readonly string[] }>> = {
  text: { needs: ['text'], may: ['signature'] },
  thinking: { needs: ['thinking'], may: ['signature', 'redacted'] },
  tool_use: { needs: ['id', 'name'], may: ['rawInput', 'signature'] },
  tool_result: { needs: ['id'], may: ['name'] },
  image: media,
  audio: media,
  video: media,
  file: media,
  raw: { needs: ['dialect'], may: ['signature'] },
}
const inResults: readonly string[] = ['text', 'image', 'audio', 'video', 'file']
/** Text may be empty; a name that is empty names nothing. */
const mayBeEmpty: readonly string[] = ['text', 'thinking']

/**
 * Checks one message of a history, `messages[at]`, with all its blocks.
 *
 * @throws InputError naming the message, the block, the field, what was expected and what came.
 */
export function checkMessage(message: Msg, at: number): void {
  const place = `messages[${at}]`
  if (typeof message !== 'object' || message === null) {
    throw new InputError(`${place} is ${kindOf(message)}, not a message.`, {
      advice: 'Make it with new Msg(name, content, role), or as { name, role, content }.',
    })
  }
  const { name, role, content } = message as { name?: unknown; role: unknown; content: unknown }
  if (name !== undefined && name !== null && typeof name !== 'string') {
    throw new InputError(`${place}: the name must be a string, got ${kindOf(name)}.`, {
      advice: "Write new Msg('Ann', 'Hi!', 'user').",
    })
  }
  const speaker = name ? ` (${name})` : ''
  if (typeof role !== 'string' || !roles.includes(role)) {
    const allowed = roles.join(', ')
    throw new InputError(`${place}${speaker} has the role ${wordOrKind(role)}; expected one of ${allowed}.`, {
      advice: `Allowed roles: ${allowed}.`,
    })
  }
  if (typeof content === 'string') return
  if (!Array.isArray(content)) {
    throw new InputError(
      `${place}${speaker}: the content must be a string or a list of blocks, got ${kindOf(content)}.`,
      {
        advice: 'Give the text, or a list such as [{ type: "text", text }].',
      },
    )
  }
  checkBlocks(content, `${place}.content`, speaker, Object.keys(blockTypes))
}

function checkBlocks(blocks: readonly unknown[], place: string, speaker: string, allowed: readonly string[]): void {
  for (const [index, block] of blocks.entries()) checkBlock(block, `${place}[${index}]`, speaker, allowed)
}

function checkBlock(block: unknown, place: string, speaker: string, allowed: readonly string[]): void {
  if (!isFields(block)) {
    throw new InputError(`${place}${speaker} must be a block, got ${kindOf(block)}.`, {
      advice: 'A text among blocks is written { type: "text", text }.',
    })
  }
  const { type } = block
  if (typeof type !== 'string' || !allowed.includes(type)) {
    const inside = allowed === inResults ? ' a tool result cannot hold' : ' is not known'
    throw new InputError(`${place}${speaker} is a block of the type ${wordOrKind(type)}, which${inside}.`, {
      advice: `Allowed block types here: ${allowed.join(', ')}.`,
    })
  }
  checkFields(type, block, `${place}${speaker}`)
  if (type !== 'tool_result' || typeof block['output'] === 'string') return
  if (!Array.isArray(block['output'])) {
    const expected = 'a string or a list of text and media blocks'
    throw wrongField(`${place}${speaker}`, type, 'output', expected, block, 'Write other values as JSON text.')
  }
  checkBlocks(block['output'], `${place}.output`, speaker, inResults)
}

function checkFields(type: string, block: Fields, where: string): void {
  const { needs = [], may = [] } = blockTypes[type] ?? {}
  for (const field of needs) {
    const value = block[field]
    if (typeof value === 'string' && (value !== '' || mayBeEmpty.includes(field))) continue
    const expected = mayBeEmpty.includes(field) ? 'a string' : 'a string that is not empty'
    throw wrongField(where, type, field, expected, block, adviceFor(type as Block['type'], field))
  }
  for (const field of may) {
    if (block[field] === undefined || typeof block[field] === 'string') continue
    throw wrongField(where, type, field, 'a string', block, `Give ${field} as a string, or leave it out.`)
  }
}

function wrongField(where: string, type: string, field: string, expected: string, block: Fields, advice: string) {
  const message = `${where}: the ${field} of a block of type ${type} must be ${expected}, got ${kindOf(block[field])}.`
  return new InputError(message, { advice })
}

function adviceFor(type: Block['type'], field: string): string {
  if (field === 'url') return 'Give an http(s) URL, a data: URI, a file: URL or a local path.'
  if (type === 'tool_use') return 'Write { type: "tool_use", id, name, input }, with the id that its result has too.'
  if (type === 'tool_result')
    return 'Write { type: "tool_result", id, output }, with the id of the tool_use it answers.'
  if (type === 'raw') return 'Write { type: "raw", dialect, value }.'
  return `Write { type: "${type}", ${field}: "..." }.`
}
