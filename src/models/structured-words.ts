// What a model is told in words about the shape of its answer, and about an answer that did not have it.
import { isFields } from '../core/kind.ts'
import type { JsonSchema } from '../schema/index.ts'
import type { PromptMessage } from './prompt.ts'

/** Holds the word JSON, without which DashScope and DeepSeek refuse their JSON mode. */
export function instruction(schema: JsonSchema, { fenced, tools }: { fenced: boolean; tools: boolean }): string {
  const when = tools ? 'When you need no tool any more, answer' : 'Answer'
  const form = fenced ? ', in a fenced code block that begins with ```json,' : ''
  return `${when} with one JSON value that fits this JSON Schema${form} and with nothing else:\n\n${JSON.stringify(schema)}`
}

/** What the model reads when its answer could not be used. */
export function complaint(problem: string): string {
  return `Your answer cannot be used. ${problem}\nGive the whole answer again, corrected.`
}

/**
 * The messages with `words` at the end of the last one when the user said it and it has text, else with a message of its
 * own behind them. The messages themselves stay as they are.
 */
export function withWords(messages: readonly PromptMessage[], words: string): PromptMessage[] {
  const last = messages.at(-1)
  const told = last?.role === 'user' ? extended(last as Record<string, unknown>, words) : undefined
  return told === undefined ? [...messages, { role: 'user', content: words }] : [...messages.slice(0, -1), told]
}

function extended(message: Record<string, unknown>, words: string): PromptMessage | undefined {
  for (const field of ['content', 'parts']) {
    const said = message[field]
    if (typeof said === 'string' && said !== '') return { ...message, [field]: `${said}\n\n${words}` } as PromptMessage
    if (!Array.isArray(said)) continue
    const part = textPart(said, words)
    return part && ({ ...message, [field]: [...said, part] } as PromptMessage)
  }
  return undefined
}

/** One more text, in the form that the list has its texts in: `{ type, text }`, or `{ text }` alone. */
function textPart(parts: readonly unknown[], words: string): Record<string, unknown> | undefined {
  const text = parts.find((part) => isFields(part) && typeof part['text'] === 'string')
  if (!isFields(text)) return undefined
  return { ...(text['type'] === 'text' && { type: 'text' }), text: words }
}
