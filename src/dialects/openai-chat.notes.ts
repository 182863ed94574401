// What servers of OpenAI's wire say beside the answer: ids, models, filters, citations, probabilities, signed thoughts.
import type { Findings } from './dialect.ts'
import { listIn, noteFields } from './findings.ts'
import { type Fields, isFields, listOf, saysSomething, textIn } from './values.ts'

/** Of the reply as a whole: OpenAI, Azure, OpenRouter, Perplexity, xAI, ZhipuAI, DashScope, Groq, llama.cpp. */
const replyFields = new Set([
  'model',
  'system_fingerprint',
  'service_tier',
  'provider',
  'prompt_filter_results',
  'citations',
  'search_results',
  'related_questions',
  'web_search',
  'search_info',
  'timings',
  'x_groq',
])
const filterFields = new Set(['content_filter_results'])
const choiceFields = new Set(['native_finish_reason', 'matched_stop', 'stop_reason'])
/** Of the message, sent once or in pieces. */
const messageFields = new Set(['provider_specific_fields', 'thinking_blocks', 'annotations', 'reasoning_details'])
/** Groq's tools that it ran itself, Perplexity's and Cohere's sources. */
const wholeFields = new Set(['executed_tools', 'citations', 'context', 'extra_content'])
/** Lists of pieces, and the field in which a piece grows. */
const growing: Readonly<Record<string, readonly string[]>> = {
  thinking_blocks: ['thinking'],
  reasoning_details: ['text', 'summary'],
}

/** LiteLLM changes the id when it falls back to another model mid-stream; the message goes on. */
export function noteReplyId(findings: Findings, id: string): void {
  const { metadata } = findings
  if (metadata['responseId'] === undefined) metadata['responseId'] = id
  if (metadata['responseId'] === id) return
  const later = listIn(metadata, 'laterResponseIds')
  if (later.length < 16 && later.at(-1) !== id) later.push(id)
}

export function noteReplyFields(findings: Findings, value: Fields): void {
  noteFields(findings, value, replyFields)
}

/** Called for every piece of the choice that is the message. */
export function noteChoice(findings: Findings, choice: Fields): void {
  if (choice['content_filter_results']) noteFields(findings, choice, filterFields)
  if (choice['finish_reason']) noteFields(findings, choice, choiceFields)
  if (isFields(choice['logprobs'])) noteProbabilities(findings, choice['logprobs'])
}

function noteProbabilities(findings: Findings, logprobs: Fields): void {
  findings.metadata['logprobs'] ??= {}
  const known = findings.metadata['logprobs'] as Fields
  for (const field of ['content', 'refusal']) {
    for (const each of listOf(logprobs[field])) listIn(known, field).push(each)
  }
}

/** Whether a message or delta holds anything but the usual. */
export function noteMessage(findings: Findings, delta: Fields): void {
  for (const field in delta) if (messageFields.has(field)) noteMessageField(findings, field, delta[field])
  noteFields(findings, delta, wholeFields)
}

function noteMessageField(findings: Findings, field: string, value: unknown): void {
  if (!saysSomething(value)) return
  const { metadata } = findings
  if (Array.isArray(value)) {
    const known = listIn(metadata, field)
    if (Array.isArray(known)) for (const piece of value) join(known, piece, growing[field])
  } else metadata[field] = isFields(value) && isFields(metadata[field]) ? { ...metadata[field], ...value } : value
}

/** A piece goes on with the one before it when both are of one type and place and that one was not signed yet. */
function join(known: unknown[], piece: unknown, fields: readonly string[] | undefined): void {
  const last = known.at(-1)
  if (fields === undefined || !isFields(piece)) known.push(piece)
  else if (isFields(last) && goesOn(last, piece)) {
    for (const [key, value] of Object.entries(piece)) {
      if (value === null || key === '__proto__') continue
      const grown = fields.includes(key) && typeof last[key] === 'string' && typeof value === 'string'
      last[key] = grown ? `${last[key]}${value}` : value
    }
  } else known.push({ ...piece })
}

function goesOn(last: Fields, piece: Fields): boolean {
  if (last['type'] !== piece['type'] || last['index'] !== piece['index']) return false
  return !textIn(last['signature']) && !textIn(last['data']) && !textIn(piece['data'])
}
