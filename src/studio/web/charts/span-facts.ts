// What a span says about a call, whichever convention its attributes follow (OpenTelemetry's for generative models, ours).
import type { Span } from '../../../journal/journal.ts'

export type { Span }

export interface SpanTokens {
  inputTokens?: number
  outputTokens?: number
  cachedInputTokens?: number
}

export interface SpanFacts extends SpanTokens {
  model?: string
  tool?: string
  agent?: string
  /** Milliseconds from the start to the first content. */
  firstContentMs?: number
  /** The message that this call wrote, for the link to the transcript. */
  messageId?: string
  input?: unknown
  output?: unknown
  error?: string
}

const names: { [Key in keyof SpanFacts]-?: readonly string[] } = {
  model: ['gen_ai.response.model', 'gen_ai.request.model', 'model', 'llm.model_name'],
  tool: ['gen_ai.tool.name', 'tool', 'tool.name'],
  agent: ['gen_ai.agent.name', 'agent', 'agent.name'],
  inputTokens: ['gen_ai.usage.input_tokens', 'inputTokens', 'gen_ai.usage.prompt_tokens'],
  outputTokens: ['gen_ai.usage.output_tokens', 'outputTokens', 'gen_ai.usage.completion_tokens'],
  cachedInputTokens: ['gen_ai.usage.cache_read.input_tokens', 'cachedInputTokens'],
  firstContentMs: ['agentscope.first_content_ms', 'firstContentMs'],
  messageId: ['agentscope.message_id', 'messageId'],
  input: ['agentscope.function.input', 'gen_ai.input.messages', 'gen_ai.tool.call.arguments', 'input', 'input.value'],
  output: ['agentscope.function.output', 'gen_ai.output.messages', 'gen_ai.tool.call.result', 'output', 'output.value'],
  error: ['error.message', 'exception.message', 'error.type', 'error'],
}

const wanted: Partial<Record<keyof SpanFacts, 'number' | 'string'>> = {
  model: 'string',
  tool: 'string',
  agent: 'string',
  messageId: 'string',
  error: 'string',
  inputTokens: 'number',
  outputTokens: 'number',
  cachedInputTokens: 'number',
  firstContentMs: 'number',
}

/** What is not told, or told in another type, is absent. */
export function factsOf(span: Span): SpanFacts {
  const facts: Record<string, unknown> = {}
  for (const key of Object.keys(names) as (keyof SpanFacts)[]) {
    const value = names[key].map((name) => fitting(key, span.attributes[name])).find((found) => found !== undefined)
    if (value !== undefined) facts[key] = value
  }
  const first = facts['firstContentMs'] ?? firstContentFrom(span)
  return first === undefined ? facts : { ...facts, firstContentMs: first as number }
}

/**
 * When each piece of the answer arrived, in milliseconds since 1970: the token ticks of a bar. Told in one attribute as
 * milliseconds from the start, or as one event for each piece.
 */
export function tokenTimes(span: Span): number[] {
  const told = span.attributes['agentscope.chunk_ms']
  if (Array.isArray(told)) return told.filter(Number.isFinite).map((ms) => span.startMs + ms)
  return (span.events ?? []).filter((event) => /chunk|token|delta/.test(event.name)).map((event) => event.atMs)
}

/** Tokens a second between the first content and the end; `undefined` while open or when nothing is told. */
export function tokensPerSecond(span: Span, facts = factsOf(span)): number | undefined {
  if (span.endMs === undefined || facts.outputTokens === undefined) return undefined
  const writingMs = span.endMs - span.startMs - (facts.firstContentMs ?? 0)
  return writingMs > 0 ? (facts.outputTokens * 1000) / writingMs : undefined
}

/** OpenTelemetry tells the time to the first token in seconds; failing that, the first chunk's own event tells it. */
function firstContentFrom(span: Span): number | undefined {
  const seconds = span.attributes['gen_ai.response.time_to_first_chunk']
  if (typeof seconds === 'number') return seconds * 1000
  const first = tokenTimes(span)[0]
  return first === undefined ? undefined : first - span.startMs
}

function fitting(key: keyof SpanFacts, value: unknown): unknown {
  const type = wanted[key]
  if (type === 'number' && typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
    return Number(value)
  }
  return type === undefined || typeof value === type ? value : undefined
}
