// The spans of a run as they stood at one moment: later ones are not there yet, and those that went on are open.
import type { Span } from '../charts/span-facts.ts'

/** `at` in milliseconds since 1970. */
export function spansAt(spans: readonly Span[], at: number): Span[] {
  return spans.filter(({ startMs }) => startMs <= at).map((span) => asOf(span, at))
}

function asOf(span: Span, at: number): Span {
  if (span.endMs !== undefined && span.endMs <= at) return span
  const { endMs: _, status: __, events, ...open } = span
  const attributes = Object.fromEntries(Object.entries(open.attributes).filter(([name]) => !isToldAtTheEnd(name)))
  const times = span.attributes['agentscope.chunk_ms']
  if (Array.isArray(times)) attributes['agentscope.chunk_ms'] = times.filter((ms) => span.startMs + ms <= at)
  return { ...open, attributes, ...(events && { events: events.filter(({ atMs }) => atMs <= at) }) }
}

/** What a call gave and took is known when it is over. */
function isToldAtTheEnd(name: string): boolean {
  return /usage|output|tool\.call\.result|error|exception|finish|Tokens$|^gen_ai\.response/.test(name)
}
