// An OTLP request for traces in JSON: camelCase names, ids in hex, 64-bit numbers as strings or numbers.
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
import { type Fields, fieldsOf, isFields, kindOf, listOf } from '../../core/kind.ts'
import { emptySpan, type ReceivedSpan, type ReceivedSpans, wholeNumber } from './otlp-received.ts'

/** A body that is JSON and no request for traces. */
export class OtlpJsonFault extends Error {}

/** @throws OtlpJsonFault for what is no such request. A single span that cannot be read becomes a text that says why. */
export function readJson(body: unknown): ReceivedSpans[] {
  if (!isFields(body)) throw new OtlpJsonFault(`The body must be an object, got ${kindOf(body)}.`)
  if ('resource_spans' in body) {
    throw new OtlpJsonFault('OTLP in JSON has names in camelCase: resourceSpans, not resource_spans.')
  }
  return listIn(body, 'resourceSpans').flatMap((each) => {
    const resource = attributesOf(fieldsOf(fieldsOf(each).resource).attributes)
    return listIn(fieldsOf(each), 'scopeSpans').map((scoped) => scopeSpans(fieldsOf(scoped), resource))
  })
}

function scopeSpans(from: Fields, resource: Record<string, unknown>): ReceivedSpans {
  const { name, version } = fieldsOf(from.scope)
  return {
    resource,
    scope: { name: textOf(name), version: textOf(version) },
    spans: listIn(from, 'spans').map((each) => {
      try {
        return spanOf(each)
      } catch (error) {
        if (error instanceof OtlpJsonFault) return error.message
        throw error
      }
    }),
  }
}

function spanOf(value: unknown): ReceivedSpan {
  if (!isFields(value)) throw new OtlpJsonFault(`A span must be an object, got ${kindOf(value)}.`)
  const status = fieldsOf(value.status)
  return {
    ...emptySpan(),
    traceId: idOf(value.traceId),
    spanId: idOf(value.spanId),
    parentSpanId: idOf(value.parentSpanId),
    traceState: textOf(value.traceState),
    name: textOf(value.name),
    kind: enumOf(value.kind, spanKinds),
    start: nanosOf(value.startTimeUnixNano, 'startTimeUnixNano'),
    end: nanosOf(value.endTimeUnixNano, 'endTimeUnixNano'),
    attributes: attributesOf(value.attributes),
    events: listIn(value, 'events').map((each) => eventOf(fieldsOf(each))),
    links: listIn(value, 'links').map((each) => linkOf(fieldsOf(each))),
    status: enumOf(status.code, statusCodes),
    statusText: textOf(status.message),
  }
}

/** The specification wants numbers; some libraries write the names. */
const spanKinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (each) => `SPAN_KIND_${each}`,
)
const statusCodes = ['UNSET', 'OK', 'ERROR'].map((each) => `STATUS_CODE_${each}`)

function enumOf(value: unknown, names: readonly string[]): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  return typeof value === 'string' ? Math.max(0, names.indexOf(value)) : 0
}

function eventOf(from: Fields): ReceivedSpan['events'][number] {
  const at = nanosOf(from.timeUnixNano, 'timeUnixNano of an event')
  return { name: textOf(from.name), at, attributes: attributesOf(from.attributes) }
}

function linkOf(from: Fields): ReceivedSpan['links'][number] {
  return { traceId: idOf(from.traceId), spanId: idOf(from.spanId), attributes: attributesOf(from.attributes) }
}

function attributesOf(list: unknown): Record<string, unknown> {
  const entries = listOf(list).map((each): [string, unknown] => {
    const { key, value } = fieldsOf(each)
    return [textOf(key), anyValue(fieldsOf(value))]
  })
  return Object.fromEntries(entries)
}

function anyValue(value: Fields): unknown {
  if (typeof value.stringValue === 'string') return value.stringValue
  if (typeof value.boolValue === 'boolean') return value.boolValue
  if (value.intValue !== undefined) return intOf(value.intValue)
  if (value.doubleValue !== undefined) return doubleOf(value.doubleValue)
  if (value.arrayValue !== undefined) {
    return listOf(fieldsOf(value.arrayValue).values).map((each) => anyValue(fieldsOf(each)))
  }
  if (value.kvlistValue !== undefined) return attributesOf(fieldsOf(value.kvlistValue).values)
  return typeof value.bytesValue === 'string' ? value.bytesValue : null
}

function intOf(value: unknown): unknown {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? wholeNumber(BigInt(value)) : value
}

/** `NaN` and the infinities come as their names, and stay them: JSON has no such numbers. */
function doubleOf(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value
}

function nanosOf(value: unknown, field: string): bigint {
  if (value === undefined || value === null || value === '') return 0n
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value)
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return BigInt(value)
  throw new OtlpJsonFault(`${field} must be whole nanoseconds, got ${kindOf(value)}.`)
}

/** Whether it is an id in hex is asked of all spans alike. */
function idOf(value: unknown): string {
  return textOf(value).toLowerCase()
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function listIn(from: Fields, field: string): readonly unknown[] {
  const value = from[field]
  if (value === undefined || value === null || Array.isArray(value)) return listOf(value)
  throw new OtlpJsonFault(`${field} must be a list, got ${kindOf(value)}.`)
}
