// A span as it came over OTLP becomes a span of a journal, or a sentence that says why it cannot.
import type { Span } from '../../journal/journal.ts'
import { conventional, kindOf, secondsToFirst, timeToFirst } from './otlp-conventions.ts'
import type { ReceivedSpan, ReceivedSpans } from './otlp-received.ts'

/**
 * A string says why it is rejected: ids that are none, a start that was not told. A span without an end is open.
 * What OTLP keeps beside the attributes goes among them: the library and the status under OpenTelemetry's `otel.` names
 * for such cases, the resource whole on the first span of a trace and `service.name` on every one.
 */
export function spanFrom(received: ReceivedSpan, { resource, scope }: Omit<ReceivedSpans, 'spans'>): Span | string {
  const { traceId, spanId, parentSpanId, name, start, end } = received
  if (!isId(traceId, 32)) return `A span${named(name)} has no trace id of 16 bytes in hex.`
  if (!isId(spanId, 16)) return `A span${named(name)} has no span id of 8 bytes in hex.`
  if (start === 0n) return `A span${named(name)} has no startTimeUnixNano.`
  const hasParent = isId(parentSpanId, 16)
  const startMs = millisecondsOf(start)
  const events = received.events.map(({ name, at, attributes }) => ({
    name,
    atMs: millisecondsOf(at),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  }))
  const beside = { ...besides(received, scope), ...(hasParent ? service(resource) : resource) }
  const attributes = conventional({ ...beside, ...received.attributes })
  const toFirst = secondsToFirst(attributes, events, startMs)
  if (toFirst !== undefined) attributes[timeToFirst] ??= toFirst
  return {
    traceId,
    spanId,
    ...(hasParent && { parentSpanId }),
    name: name || 'unnamed',
    kind: kindOf(attributes),
    startMs,
    ...(end !== 0n && { endMs: Math.max(startMs, millisecondsOf(end)) }),
    ...(statusOf(received.status) !== undefined && { status: statusOf(received.status) as 'ok' | 'error' }),
    attributes,
    ...(events.length > 0 && { events }),
  }
}

/** Not all zeros: OpenTelemetry's mark of an id that is none. */
function isId(id: string, digits: number): boolean {
  return id.length === digits && /^[0-9a-f]+$/.test(id) && !/^0+$/.test(id)
}

function named(name: string): string {
  return name === '' ? '' : ` named ${JSON.stringify(name.slice(0, 60))}`
}

/** To the microsecond: a number holds no more of today's nanoseconds. */
function millisecondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / 1000n) / 1000
}

const kindNames = ['', 'internal', 'server', 'client', 'producer', 'consumer']

function besides({ kind, links, statusText, traceState }: ReceivedSpan, scope: ReceivedSpans['scope']) {
  return {
    ...(scope.name !== '' && { 'otel.scope.name': scope.name }),
    ...(scope.version !== '' && { 'otel.scope.version': scope.version }),
    ...(kindNames[kind] && { 'otel.span_kind': kindNames[kind] }),
    ...(statusText !== '' && { 'otel.status_description': statusText }),
    ...(traceState !== '' && { 'otel.trace_state': traceState }),
    ...(links.length > 0 && { 'otel.links': links }),
  }
}

function service(resource: Record<string, unknown>): Record<string, unknown> {
  return resource['service.name'] === undefined ? {} : { 'service.name': resource['service.name'] }
}

function statusOf(code: number): Span['status'] {
  if (code === 2) return 'error'
  return code === 1 ? 'ok' : undefined
}
