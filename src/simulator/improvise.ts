// A model that makes something up: it talks, calls tools and gives JSON as a small model would, without a network or a key.
import { answering, callsFor } from './improvising/calls.ts'
import { type Conversation, conversationIn } from './improvising/conversation.ts'
import { seedFor } from './improvising/language.ts'
import { textsIn } from './improvising/turns.ts'
import { valueFor } from './improvising/value.ts'
import { type WantedJson, wantedJson, wantsThoughts } from './improvising/wanted.ts'
import { answerTo, thoughtOf } from './improvising/words.ts'
import type { ModelFunction, ModelRequest } from './script.ts'
import { isFields } from './value.ts'

/**
 * Answers any request of any wire, and the same request always alike: it speaks to whoever spoke last; calls the tools
 * whose names (else descriptions) share words with that, one tool a round, at once for each of several things that are
 * listed ("Rome and Oslo"), with arguments of their schema made of the words; tells what came out; gives JSON that fits
 * when a format, a schema in words, or a tool that must be called asks for it; and thinks aloud when thoughts are asked for.
 *
 * ```ts
 * await using sim = await simulator({ models: { '*': improvise } })
 * ```
 */
export const improvise: ModelFunction = (request) => {
  const conversation = heard(request)
  const calls = callsFor(request, conversation)
  const thinking = wantsThoughts(request) && {
    thinking: thoughtOf(conversation, [...new Set(calls.map(({ name }) => name))]),
  }
  if (calls.length > 0) return { ...thinking, toolCalls: calls }
  return { ...thinking, text: textFor(request, conversation) }
}

function heard({ messages, body }: ModelRequest): Conversation {
  const own = body['system'] ?? body['systemInstruction'] ?? body['system_instruction']
  const system = typeof own === 'string' ? own : textsIn(isFields(own) ? own : { content: own })
  return conversationIn(messages, system)
}

function textFor(request: ModelRequest, conversation: Conversation): string {
  const seed = seedFor(conversation.self, conversation.all)
  const answer = answerTo(conversation, seed)
  const wanted = wantedJson(request, promptOf(request, conversation))
  return wanted === undefined ? answer : jsonFor(wanted, conversation, answer)
}

function promptOf({ messages }: ModelRequest, { system }: Conversation): string {
  const last = messages.filter(isFields).findLast(({ role }) => role === 'user')
  return `${system}\n${last === undefined ? '' : textsIn(last)}`
}

function jsonFor({ schema, fenced }: WantedJson, conversation: Conversation, answer: string): string {
  const shape = Object.keys(schema).length === 0 ? anything : schema
  const value = JSON.stringify(valueFor(shape, answering(conversation, answer)), null, fenced ? 2 : undefined)
  return fenced ? `\`\`\`json\n${value}\n\`\`\`` : value
}

/** What JSON of no given shape holds. */
const anything = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] }
