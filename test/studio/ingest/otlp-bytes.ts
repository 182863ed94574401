// OTLP requests written by hand in both encodings, from one plain description; shares nothing with the code it checks.

export type Value = string | boolean | bigint | number | Uint8Array | Value[] | { [key: string]: Value }

export interface TestSpan {
  traceId: string
  spanId: string
  parentSpanId?: string
  name?: string
  kind?: number
  start?: bigint
  end?: bigint
  attributes?: Record<string, Value>
  events?: { name: string; at: bigint; attributes?: Record<string, Value> }[]
  links?: { traceId: string; spanId: string }[]
  status?: { code?: number; message?: string }
}

export interface TestGroup {
  resource?: Record<string, Value>
  scope?: { name: string; version: string }
  spans: readonly TestSpan[]
}

/** `ExportTraceServiceRequest` in protocol buffers. */
export function asBinary(...groups: TestGroup[]): Uint8Array {
  return message(
    ...groups.map(({ resource = {}, scope, spans }) =>
      part(
        1,
        part(1, ...pairs(1, resource)),
        part(2, ...(scope ? [part(1, text(1, scope.name), text(2, scope.version))] : []), ...spans.map(span)),
      ),
    ),
  )
}

function span(it: TestSpan): Uint8Array {
  return part(
    2,
    bytes(1, Buffer.from(it.traceId, 'hex')),
    bytes(2, Buffer.from(it.spanId, 'hex')),
    ...(it.parentSpanId === undefined ? [] : [bytes(4, Buffer.from(it.parentSpanId, 'hex'))]),
    text(5, it.name ?? ''),
    number(6, BigInt(it.kind ?? 0)),
    fixed(7, it.start ?? 0n),
    fixed(8, it.end ?? 0n),
    ...pairs(9, it.attributes ?? {}),
    ...(it.events ?? []).map((each) =>
      part(11, fixed(1, each.at), text(2, each.name), ...pairs(3, each.attributes ?? {})),
    ),
    ...(it.links ?? []).map((each) =>
      part(13, bytes(1, Buffer.from(each.traceId, 'hex')), bytes(2, Buffer.from(each.spanId, 'hex'))),
    ),
    part(15, text(2, it.status?.message ?? ''), number(3, BigInt(it.status?.code ?? 0))),
    // Flags, and a field of a later version: both are to be passed over.
    Uint8Array.of(0x85, 1, 1, 1, 0, 0),
    text(999, 'from the future'),
  )
}

function pairs(field: number, attributes: Record<string, Value>): Uint8Array[] {
  return Object.entries(attributes).map(([key, value]) => part(field, text(1, key), part(2, any(value))))
}

function any(value: Value): Uint8Array {
  if (typeof value === 'string') return text(1, value)
  if (typeof value === 'boolean') return number(2, value ? 1n : 0n)
  if (typeof value === 'bigint') return number(3, BigInt.asUintN(64, value))
  if (typeof value === 'number') return double(4, value)
  if (value instanceof Uint8Array) return bytes(7, value)
  if (Array.isArray(value)) return part(5, ...value.map((each) => part(1, any(each))))
  return part(6, ...pairs(1, value))
}

export function message(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}

export function part(field: number, ...parts: Uint8Array[]): Uint8Array {
  return bytes(field, message(...parts))
}

export function text(field: number, value: string): Uint8Array {
  return bytes(field, Buffer.from(value))
}

export function number(field: number, value: bigint): Uint8Array {
  return message(varint(BigInt(field) << 3n), varint(value))
}

function bytes(field: number, value: Uint8Array): Uint8Array {
  return message(varint((BigInt(field) << 3n) | 2n), varint(BigInt(value.length)), value)
}

function fixed(field: number, value: bigint): Uint8Array {
  const body = Buffer.alloc(8)
  body.writeBigUInt64LE(value)
  return message(varint((BigInt(field) << 3n) | 1n), body)
}

function double(field: number, value: number): Uint8Array {
  const body = Buffer.alloc(8)
  body.writeDoubleLE(value)
  return message(varint((BigInt(field) << 3n) | 1n), body)
}

function varint(value: bigint): Uint8Array {
  const found: number[] = []
  let rest = value
  while (rest > 127n) {
    found.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return Uint8Array.of(...found, Number(rest))
}

/** The same request as OTLP's JSON. */
export function asJson(...groups: TestGroup[]): string {
  const resourceSpans = groups.map(({ resource = {}, scope, spans }) => ({
    resource: { attributes: jsonPairs(resource) },
    scopeSpans: [{ scope, spans: spans.map(jsonSpan) }],
  }))
  return JSON.stringify({ resourceSpans })
}

function jsonSpan({ start, end, attributes = {}, events = [], ...rest }: TestSpan) {
  return {
    ...rest,
    ...(start !== undefined && { startTimeUnixNano: String(start) }),
    ...(end !== undefined && { endTimeUnixNano: String(end) }),
    attributes: jsonPairs(attributes),
    events: events.map(({ name, at, attributes: its = {} }) => ({
      name,
      timeUnixNano: String(at),
      attributes: jsonPairs(its),
    })),
    droppedAttributesCount: 0,
  }
}

function jsonPairs(attributes: Record<string, Value>): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: jsonAny(value) }))
}

function jsonAny(value: Value): unknown {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: String(value) }
  if (typeof value === 'number') return { doubleValue: value }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(jsonAny) } }
  return { kvlistValue: { values: jsonPairs(value) } }
}
