// A conversation that was written for one wire, in the words of another: what a model that stands in is asked.
import { InputError } from '../core/error.ts'
import { fieldsOf, isFields } from '../core/kind.ts'
import type { Perspective, WireMessage } from '../dialects/dialect.ts'
import { originOf } from './formatted-origin.ts'
import type { PlainMessage, PromptMessage } from './prompt.ts'

/** Who shall answer in the place of another. */
interface Other {
  dialect: string
  format(messages: unknown, options: { perspective: Perspective }): PlainMessage[]
}

/**
 * The messages as the other one takes them: those that a wrapper has formatted are formatted anew from what they were made
 * of; `Msg` objects and plain `{ role, content }` are understood everywhere; of a wire's own form only text can be told.
 *
 * @throws InputError for what cannot be said on another wire.
 */
export function messagesFor(messages: readonly PromptMessage[], from: string, other: Other): PromptMessage[] {
  const [first] = messages
  const origin = first === undefined ? undefined : originOf(first)
  const known = origin?.formatted.every((message, at) => message === messages[at]) ? origin : undefined
  const rest = messages.slice(known?.formatted.length ?? 0)
  const told = other.dialect === from ? rest : rest.map((message) => plain(message))
  if (known === undefined) return told
  return [...other.format(known.source, { perspective: known.perspective }), ...told]
}

function plain(message: PromptMessage): PromptMessage {
  if ('id' in message && 'name' in message) return message
  const { role, content, parts, tool_calls: calls, tool_call_id: id } = message as WireMessage
  const text = calls === undefined && id === undefined ? textIn(content ?? parts) : undefined
  if (text !== undefined) return { role: role === 'model' ? 'assistant' : String(role), content: text }
  throw new InputError('The messages are in the form of one wire and cannot be said on another.', {
    advice: 'Give Msg objects, or the result of model.format(), so that a fallback of another wire understands them.',
  })
}

function textIn(content: unknown): string | undefined {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return undefined
  const texts = content.map((part) => (isText(part) ? part['text'] : undefined))
  return texts.every((text) => typeof text === 'string') ? texts.join('') : undefined
}

/** A part of text alone, as OpenAI and Anthropic (`type`), or DashScope and Gemini (without) write it. */
function isText(part: unknown): part is { text: unknown } {
  if (!isFields(part)) return false
  const { type, text, ...more } = fieldsOf(part)
  return typeof text === 'string' && (type === undefined || type === 'text') && Object.keys(more).length === 0
}
