// What a user hands to `call`: checked, and brought into the wire's own message form.
import { InputError } from '../core/error.ts'
import { isFields, kindOf, wordOrKind } from '../core/kind.ts'
import type { Block, Msg } from '../core/message.ts'
import { isMediaType } from '../core/turns.ts'
import type { AskingDialect, Perspective, WireMessage } from '../dialects/dialect.ts'
import { inlineLocalMedia } from './media.ts'

/** A message in a provider's own form: the plain `{ role, content }`, or Gemini's `{ role, parts }`. */
export type PlainMessage = Record<string, unknown> & { role: string } & (
    | { content: unknown }
    | { parts: unknown }
    | { tool_calls: unknown }
  )

/** What `call` takes as a message. */
export type PromptMessage = Msg | PlainMessage

const nothingAdvice = "Write model.call([{ role: 'user', content: 'Hi!' }])."

/**
 * Messages for one call. Each is the plain `{ role, content }`, a `Msg` of ours (formatted in chat perspective), or the
 * provider's own form, which passes untouched.
 *
 * @throws InputError naming the provider, the place, what was expected and what came. AgentScope: the wrappers' checks.
 */
export function promptOf<Accent>(
  provider: string,
  dialect: AskingDialect<Accent>,
  accent: Accent,
  messages: unknown,
): WireMessage[] {
  if (!Array.isArray(messages)) {
    throw new InputError(`${provider}: messages must be an array of { role, content }, got ${kindOf(messages)}.`, {
      provider,
      advice: nothingAdvice,
    })
  }
  if (messages.length === 0) throw nothingToAnswer(provider, 'messages is an empty array')
  for (const [at, message] of messages.entries()) checkMessage(provider, dialect, message, at)
  const prompt: WireMessage[] = []
  // With holes where the other messages are, so that errors name the positions that the user knows.
  let run: Msg[] = []
  const flush = () => {
    if (run.length > 0) prompt.push(...dialect.format(inlineLocalMedia(run), 'chat', accent, prompt.some(isSpoken)))
    run = []
  }
  for (const [at, message] of (messages as WireMessage[]).entries()) {
    const ours = asMsg(message)
    if (ours !== undefined) run[at] = ours
    else {
      flush()
      prompt.push(message)
    }
  }
  flush()
  if (prompt.length === 0) throw nothingToAnswer(provider, 'all messages are empty')
  return prompt
}

function isSpoken({ role }: WireMessage): boolean {
  return role !== 'system'
}

function nothingToAnswer(provider: string, why: string): InputError {
  const message = `${provider}: ${why}: there is nothing to answer.`
  return new InputError(message, { provider, advice: nothingAdvice })
}

/** AgentScope's `format(*msgs)`: messages, lists of them and nothing, in any mix. */
export function formatPrompt<Accent>(
  dialect: AskingDialect<Accent>,
  accent: Accent,
  messages: unknown,
  perspective: Perspective,
): PlainMessage[] {
  const flat = [messages].flat(3).filter((each) => each !== null && each !== undefined)
  const list = flat.map((each, at) => {
    const message = isFields(each) ? asMsg({ id: '', name: each['role'], ...each }) : undefined
    if (message !== undefined) return message
    throw new InputError(`messages[${at}] cannot be formatted: expected a Msg, got ${kindOf(each)}.`, {
      advice: "Write new Msg('Ann', 'Hi!', 'user').",
    })
  })
  if (list.length === 0) {
    throw new InputError('There is no message to format.', { advice: "Write new Msg('Ann', 'Hi!', 'user')." })
  }
  return dialect.format(inlineLocalMedia(list), perspective, accent) as PlainMessage[]
}

function checkMessage(provider: string, dialect: AskingDialect<never>, message: unknown, at: number): void {
  const where = `${provider}: messages[${at}]`
  if (!isFields(message)) {
    throw new InputError(`${where} must be { role, content }, got ${kindOf(message)}.`, {
      provider,
      advice: nothingAdvice,
    })
  }
  const { role } = message
  if (role === undefined) throw missing(where, provider, 'role', message)
  if (typeof role !== 'string' || !dialect.roles.includes(role)) {
    const allowed = dialect.roles.join(', ')
    throw new InputError(`${where} has the role ${wordOrKind(role)}; expected one of ${allowed}.`, {
      provider,
      advice: `Allowed roles: ${allowed}.`,
    })
  }
  if (!saysItElsewhere(dialect, message)) checkContent(where, provider, message)
}

/** Whether the message may do without content on this wire, and does. */
function saysItElsewhere({ insteadOfContent = {} }: AskingDialect<never>, message: Record<string, unknown>): boolean {
  const { any = [], assistant = [] } = insteadOfContent
  if (any.some((field) => Array.isArray(message[field]))) return true
  if ((message['content'] ?? null) !== null || message['role'] !== 'assistant') return false
  return assistant.some((field) => (message[field] ?? null) !== null)
}

function checkContent(where: string, provider: string, message: Record<string, unknown>): void {
  const { content } = message
  if (typeof content === 'string' || Array.isArray(content)) return
  if (content === undefined) throw missing(where, provider, 'content', message)
  const only = content === null ? ' Only an assistant message with tool_calls may have null there.' : ''
  throw new InputError(`${where}: the content must be a string or a list, got ${kindOf(content)}.`, {
    provider,
    advice: `Give the text as a string, or a list of blocks such as [{ type: 'text', text }].${only}`,
  })
}

function missing(where: string, provider: string, field: string, message: Record<string, unknown>): InputError {
  const came = `expected { role, content }, got the keys ${keysOf(message)}`
  return new InputError(`${where} has no ${field}: ${came}.`, { provider, advice: nothingAdvice })
}

/** The message when it is ours: a `Msg`, or blocks that only we write (media with a plain `url`). */
function asMsg(message: Record<string, unknown>): Msg | undefined {
  const { id, name, role, content } = message
  if (role !== 'system' && role !== 'user' && role !== 'assistant') return undefined
  if ('tool_calls' in message || 'tool_call_id' in message) return undefined
  const named = typeof id === 'string' && typeof name === 'string'
  if (named && (typeof content === 'string' || Array.isArray(content))) return message as unknown as Msg
  if (!Array.isArray(content) || !content.some(isOurMedia)) return undefined
  return { id: '', name: role, role, content: content as Block[] }
}

function isOurMedia(block: unknown): boolean {
  return isFields(block) && isMediaType(block['type']) && block['url'] !== undefined
}

function keysOf(message: Record<string, unknown>): string {
  const keys = Object.keys(message)
  return keys.length === 0 ? '(none)' : keys.slice(0, 8).join(', ')
}
