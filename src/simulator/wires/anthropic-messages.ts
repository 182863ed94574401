// What Anthropic refuses in a list of messages.
import { refusal } from '../wire.ts'
import { checkToolTurns } from './anthropic-turns.ts'
import { type Fields, isFields, kindOf, recordsIn, stringIn } from './fields.ts'

/** The fields that a content block of each known type must have, and their kinds. */
const blocks: Record<string, Record<string, (value: unknown) => boolean>> = {
  text: { text: (value) => typeof value === 'string' },
  image: { source: isFields },
  document: { source: isFields },
  thinking: {
    thinking: (value) => typeof value === 'string',
    signature: (value) => typeof value === 'string' && value !== '',
  },
  redacted_thinking: { data: (value) => typeof value === 'string' },
  tool_use: {
    id: (value) => /^[a-zA-Z0-9_-]+$/.test(stringIn(value)),
    name: (value) => typeof value === 'string',
    input: isFields,
  },
  tool_result: { tool_use_id: (value) => typeof value === 'string' },
}

const sources = ['base64', 'url', 'file', 'text', 'content']

export function checkMessages(messages: unknown): void {
  if (messages === undefined) throw refusal('messages: Field required')
  if (!Array.isArray(messages)) throw refusal('messages: Input should be a valid list')
  if (messages.length === 0) throw refusal('messages: at least one message is required')
  for (const [index, message] of messages.entries()) {
    if (!isFields(message)) throw refusal(`messages.${index}: Input should be an object, but is ${kindOf(message)}`)
    checkMessage(message, index, index === messages.length - 1)
  }
  checkLast((messages as Fields[]).at(-1))
  checkToolTurns(messages as Fields[])
}

function checkMessage(message: Fields, index: number, isLast: boolean): void {
  const { role, content } = message
  if (role === 'system') {
    throw refusal(
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an ' +
        'input message role.',
    )
  }
  if (role !== 'user' && role !== 'assistant') {
    throw refusal(`messages.${index}.role: Input should be 'user' or 'assistant'`)
  }
  if (typeof content !== 'string' && !Array.isArray(content)) {
    throw refusal(`messages.${index}.content: Input should be a valid string or list`)
  }
  if (content.length === 0 && !(isLast && role === 'assistant')) {
    throw refusal(
      `messages.${index}: all messages must have non-empty content except for the optional final assistant message`,
    )
  }
  if (typeof content === 'string') return
  for (const [at, block] of content.entries()) checkBlock(block, role, `messages.${index}.content.${at}`)
}

function checkBlock(block: unknown, role: string, at: string): void {
  if (!isFields(block)) throw refusal(`${at}: Input should be an object, but is ${kindOf(block)}`)
  const type = stringIn(block['type'])
  const fields = blocks[type]
  if (fields === undefined && type === '') throw refusal(`${at}.type: Field required`)
  for (const [name, isRight] of Object.entries(fields ?? {})) {
    const where = `${at}.${type}.${name}`
    if (block[name] === undefined) throw refusal(`${where}: Field required`)
    if (!isRight(block[name])) throw refusal(`${where}: Input is not valid`)
  }
  if (type === 'text') checkText(stringIn(block['text']))
  if (type === 'image' || type === 'document') checkSource(block['source'] as Fields, `${at}.${type}.source`)
  const wrongSide = type === 'tool_result' ? role !== 'user' : type === 'tool_use' && role !== 'assistant'
  if (wrongSide)
    throw refusal(`${at}: \`${type}\` blocks can only be in \`${role === 'user' ? 'assistant' : 'user'}\` messages`)
}

function checkText(text: string): void {
  if (text === '') throw refusal('messages: text content blocks must be non-empty')
  if (text.trim() === '') throw refusal('messages: text content blocks must contain non-whitespace text')
}

/** What the model is to go on with must not end in a blank. */
function checkLast(last: Fields | undefined): void {
  if (last?.['role'] !== 'assistant') return
  const { content } = last
  const text = typeof content === 'string' ? content : stringIn(recordsIn(content).at(-1)?.['text'])
  if (text !== text.trimEnd()) throw refusal('messages: final assistant content cannot end with trailing whitespace')
}

function checkSource(source: Fields, at: string): void {
  const type = stringIn(source['type'])
  if (!sources.includes(type)) throw refusal(`${at}: Input tag '${type}' found does not match any of the expected tags`)
  if (type === 'url' && typeof source['url'] !== 'string') throw refusal(`${at}.url: Field required`)
  if (type !== 'base64') return
  const { data, media_type: media } = source
  if (typeof media !== 'string') throw refusal(`${at}.base64.media_type: Field required`)
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/]+=*$/.test(data)) throw refusal(`${at}.base64: invalid base64 data`)
}
