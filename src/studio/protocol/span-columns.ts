// What a span says about a call, under OpenTelemetry's names for generative models or the plain ones.
import type { Span } from '../../journal/journal.ts'

export interface SpanColumns {
  model?: string | undefined
  tool?: string | undefined
  agent?: string | undefined
  firstContentMs?: number | undefined
  inputTokens?: number | undefined
  outputTokens?: number | undefined
  cachedInputTokens?: number | undefined
  /** What went wrong, in words. */
  fault?: string | undefined
}

/** What is not told, or told in another type, is `undefined`. */
export function factsOf({ attributes, name, kind, events, startMs }: Span): SpanColumns {
  const text = (...names: string[]) =>
    found(attributes, names, (value) => (typeof value === 'string' ? value : undefined))
  const count = (...names: string[]) => found(attributes, names, numberOf)
  const seconds = count('gen_ai.response.time_to_first_chunk')
  const firstEvent = events?.find((event) => /chunk|token|delta/.test(event.name))
  const told =
    count('agentscope.first_content_ms', 'firstContentMs') ?? (seconds === undefined ? undefined : seconds * 1000)
  return {
    model: text('gen_ai.response.model', 'gen_ai.request.model', 'model', 'llm.model_name'),
    tool: text('gen_ai.tool.name', 'tool', 'tool.name') ?? (kind === 'tool' ? name : undefined),
    agent: text('gen_ai.agent.name', 'agent', 'agent.name'),
    firstContentMs: told ?? (firstEvent && firstEvent.atMs - startMs),
    inputTokens: count('gen_ai.usage.input_tokens', 'inputTokens', 'gen_ai.usage.prompt_tokens'),
    outputTokens: count('gen_ai.usage.output_tokens', 'outputTokens', 'gen_ai.usage.completion_tokens'),
    cachedInputTokens: count('gen_ai.usage.cache_read.input_tokens', 'cachedInputTokens'),
    fault:
      text('error.message', 'exception.message', 'otel.status_description') ?? thrownIn(events) ?? text('error.type'),
  }
}

/** OpenTelemetry tells of what was thrown as an event. */
function thrownIn(events: Span['events']): string | undefined {
  const thrown = events?.find(({ name }) => name === 'exception')?.attributes?.['exception.message']
  return typeof thrown === 'string' ? thrown : undefined
}

function found<Value>(
  attributes: Span['attributes'],
  names: readonly string[],
  read: (value: unknown) => Value | undefined,
): Value | undefined {
  for (const name of names) {
    const value = read(attributes[name])
    if (value !== undefined) return value
  }
  return undefined
}

/** OTLP tells whole numbers as text. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || value.trim() === '') return undefined
  return Number.isFinite(Number(value)) ? Number(value) : undefined
}
