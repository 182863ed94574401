// A model call as a curl command that says the same again, with a place for the key and never a key itself.
import { factsOf, type Span } from './span-facts.ts'

/**
 * In the form of the chat-completions interface that most providers understand; the address comes from the environment,
 * since a span does not hold it. `undefined` when the span is no model call or did not tell its messages.
 */
export function curlOf(span: Span): string | undefined {
  const { model, input } = factsOf(span)
  const messages = parsed(input)
  if (span.kind !== 'model' || !Array.isArray(messages)) return undefined
  const options = parsed(span.attributes['agentscope.options'])
  const body = JSON.stringify({ model, messages: messages.map(chatMessage), ...objectOr(options) }, null, 2)
  return [
    'curl "$BASE_URL/chat/completions"',
    "-H 'content-type: application/json'",
    '-H "authorization: Bearer $API_KEY"',
    `-d ${quoted(body)}`,
  ].join(' \\\n  ')
}

/** For a POSIX shell: nothing inside is expanded. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** Only words go along: what else a message held cannot be told in this form without guessing. */
function chatMessage(message: unknown): unknown {
  const { role, content, parts } = objectOr(message)
  const blocks = content ?? parts
  if (!Array.isArray(blocks)) return { role, content: blocks }
  const texts = blocks.map(objectOr).map((block) => block['text'] ?? (block['type'] === 'text' ? block['content'] : ''))
  return { role, content: texts.filter((text) => typeof text === 'string' && text !== '').join('\n') }
}

function objectOr(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
