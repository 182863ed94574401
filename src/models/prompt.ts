// What a user hands to `call`: checked, and brought into the wire's own message form.
import { InputError } from '../core/error.ts'
import type { Block, Msg } from '../core/message.ts'
import type { Dialect, Perspective, WireMessage } from '../dialects/dialect.ts'
import { inlineLocalMedia } from './media.ts'
import { kindOf } from './option-kinds.ts'

const mediaTypes = new Set(['image', 'audio', 'video', 'file'])

/**
 * Messages for one call. Each is the plain `{ role, content }`, a `Msg` of ours (formatted in chat perspective), or the
 * provider's own form, which passes untouched.
 *
 * @throws InputError naming the provider, the place, what was expected and what came. AgentScope: the wrappers' checks.
 */
export function promptOf<Accent>(
  provider: string,
  dialect: Dialect<Accent>,
  accent: Accent,
  messages: unknown,
): WireMessage[] {
  if (!Array.isArray(messages)) {
    throw new InputError(`${provider}: messages must be an array of { role, content }, got ${kindOf(messages)}.`, {
      provider,
      advice: "Write model.call([{ role: 'user', content: 'Hi!' }]).",
    })
  }
  if (messages.length === 0) {
    throw new InputError(`${provider}: messages is an empty array: there is nothing to answer.`, { provider })
  }
  for (const [at, message] of messages.entries()) checkMessage(provider, dialect.roles, message, at)
  const prompt: WireMessage[] = []
  let run: Msg[] = []
  const flush = () => {
    if (run.length > 0) prompt.push(...dialect.format(inlineLocalMedia(run), 'chat', accent))
    run = []
  }
  for (const message of messages as WireMessage[]) {
    const ours = asMsg(message)
    if (ours !== undefined) run.push(ours)
    else {
      flush()
      prompt.push(message)
    }
  }
  flush()
  return prompt
}

/** AgentScope's `format(*msgs)`: messages, lists of them and nothing, in any mix. */
export function formatPrompt<Accent>(
  dialect: Dialect<Accent>,
  accent: Accent,
  messages: unknown,
  perspective: Perspective,
): WireMessage[] {
  const flat = [messages].flat(3).filter((each) => each !== null && each !== undefined)
  const list = flat.map((each, at) => {
    const message = isObject(each) ? asMsg({ id: '', name: each['role'], ...each }) : undefined
    if (message !== undefined) return message
    throw new InputError(`Message ${at} cannot be formatted: expected a Msg, got ${kindOf(each)}.`, {
      advice: "Write new Msg('Ann', 'Hi!', 'user').",
    })
  })
  if (list.length === 0) throw new InputError('There is no message to format.')
  return dialect.format(inlineLocalMedia(list), perspective, accent)
}

function checkMessage(provider: string, roles: readonly string[], message: unknown, at: number): void {
  const where = `${provider}: message ${at}`
  if (!isObject(message))
    throw new InputError(`${where} must be { role, content }, got ${kindOf(message)}.`, { provider })
  const { role } = message
  if (role === undefined || (message['content'] === undefined && message['parts'] === undefined)) {
    const missing = role === undefined ? 'role' : 'content'
    throw new InputError(`${where} has no ${missing}: expected { role, content }, got the keys ${keysOf(message)}.`, {
      provider,
    })
  }
  if (typeof role === 'string' && roles.includes(role)) return
  const came = typeof role === 'string' ? JSON.stringify(role) : kindOf(role)
  throw new InputError(`${where} has the role ${came}; expected one of ${roles.join(', ')}.`, { provider })
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
  return isObject(block) && mediaTypes.has(String(block['type'])) && typeof block['url'] === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function keysOf(message: Record<string, unknown>): string {
  const keys = Object.keys(message)
  return keys.length === 0 ? '(none)' : keys.slice(0, 8).join(', ')
}
