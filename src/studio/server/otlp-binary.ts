// An OTLP request for traces in protocol buffers.
// https://github.com/open-telemetry/opentelemetry-proto: collector/trace/v1, trace/v1, common/v1, resource/v1
import { addAttribute, attributesIn, bytesIn, messages, numberIn } from './otlp-binary-value.ts'
import { fieldsIn, textOf, type WireField } from './otlp-protobuf.ts'
import { emptySpan, type ReceivedSpan, type ReceivedSpans } from './otlp-received.ts'

/** @throws ProtobufFault for what cannot be read. */
export function readBinary(bytes: Uint8Array): ReceivedSpans[] {
  return messages(bytes, 1).flatMap(resourceSpans)
}

function resourceSpans(bytes: Uint8Array): ReceivedSpans[] {
  const resource = Object.assign({}, ...messages(bytes, 1).map((each) => attributesIn(each, 1)))
  return messages(bytes, 2).map((each) => scopeSpans(each, resource))
}

function scopeSpans(bytes: Uint8Array, resource: Record<string, unknown>): ReceivedSpans {
  const scope = { name: '', version: '' }
  const spans: ReceivedSpan[] = []
  for (const each of fieldsIn(bytes)) {
    if (each.field === 2) spans.push(spanOf(bytesIn(each)))
    if (each.field !== 1) continue
    for (const part of fieldsIn(bytesIn(each))) {
      if (part.field === 1) scope.name = textOf(bytesIn(part))
      if (part.field === 2) scope.version = textOf(bytesIn(part))
    }
  }
  return { resource, scope, spans }
}

/** Fields that are told once. */
const spanFields: Readonly<Record<number, (from: WireField) => Partial<ReceivedSpan>>> = {
  1: (from) => ({ traceId: hexOf(from) }),
  2: (from) => ({ spanId: hexOf(from) }),
  3: (from) => ({ traceState: textOf(bytesIn(from)) }),
  4: (from) => ({ parentSpanId: hexOf(from) }),
  5: (from) => ({ name: textOf(bytesIn(from)) }),
  6: (from) => ({ kind: Number(numberIn(from)) }),
  7: (from) => ({ start: numberIn(from) }),
  8: (from) => ({ end: numberIn(from) }),
  15: (from) => statusOf(bytesIn(from)),
}

function spanOf(bytes: Uint8Array): ReceivedSpan {
  const span = emptySpan()
  for (const each of fieldsIn(bytes)) {
    if (each.field === 9) addAttribute(span.attributes, bytesIn(each), 0)
    else if (each.field === 11) span.events.push(eventOf(bytesIn(each)))
    else if (each.field === 13) span.links.push(linkOf(bytesIn(each)))
    else Object.assign(span, spanFields[each.field]?.(each))
  }
  return span
}

function eventOf(bytes: Uint8Array): ReceivedSpan['events'][number] {
  const event = { name: '', at: 0n, attributes: attributesIn(bytes, 3) }
  for (const each of fieldsIn(bytes)) {
    if (each.field === 1) event.at = numberIn(each)
    if (each.field === 2) event.name = textOf(bytesIn(each))
  }
  return event
}

function linkOf(bytes: Uint8Array): ReceivedSpan['links'][number] {
  const link = { traceId: '', spanId: '', attributes: attributesIn(bytes, 4) }
  for (const each of fieldsIn(bytes)) {
    if (each.field === 1) link.traceId = hexOf(each)
    if (each.field === 2) link.spanId = hexOf(each)
  }
  return link
}

function statusOf(bytes: Uint8Array): Partial<ReceivedSpan> {
  const found: Partial<ReceivedSpan> = {}
  for (const each of fieldsIn(bytes)) {
    if (each.field === 2) found.statusText = textOf(bytesIn(each))
    if (each.field === 3) found.status = Number(numberIn(each))
  }
  return found
}

function hexOf(from: WireField): string {
  return Buffer.from(bytesIn(from)).toString('hex')
}
