// Attributes in protocol buffers: `KeyValue` and `AnyValue` of OTLP's common/v1.
import { doubleOf, fieldsIn, ProtobufFault, textOf, type WireField } from './otlp-protobuf.ts'
import { wholeNumber } from './otlp-received.ts'

/** Lists and maps inside a value may go so deep. */
const mostLevels = 100

export function attributesIn(bytes: Uint8Array, field: number): Record<string, unknown> {
  const attributes: Record<string, unknown> = {}
  for (const each of messages(bytes, field)) addAttribute(attributes, each, 0)
  return attributes
}

export function addAttribute(attributes: Record<string, unknown>, bytes: Uint8Array, level: number): void {
  let key = ''
  let value: unknown = null
  for (const each of fieldsIn(bytes)) {
    if (each.field === 1) key = textOf(bytesIn(each))
    if (each.field === 2) value = anyValue(bytesIn(each), level)
  }
  Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true })
}

function anyValue(bytes: Uint8Array, level: number): unknown {
  if (level > mostLevels) throw new ProtobufFault(`A value is nested beyond ${mostLevels} levels.`)
  let value: unknown = null
  for (const each of fieldsIn(bytes)) value = oneValue(each, level)
  return value
}

function oneValue(from: WireField, level: number): unknown {
  switch (from.field) {
    case 1:
      return textOf(bytesIn(from))
    case 2:
      return numberIn(from) !== 0n
    case 3:
      return wholeNumber(BigInt.asIntN(64, numberIn(from)))
    case 4:
      return finite(doubleOf(numberIn(from)))
    case 5:
      return messages(bytesIn(from), 1).map((each) => anyValue(each, level + 1))
    case 6:
      return mapOf(bytesIn(from), level)
    case 7:
      return Buffer.from(bytesIn(from)).toString('base64')
    default:
      return null
  }
}

function mapOf(bytes: Uint8Array, level: number): Record<string, unknown> {
  const map: Record<string, unknown> = {}
  for (const each of messages(bytes, 1)) addAttribute(map, each, level + 1)
  return map
}

export function messages(bytes: Uint8Array, field: number): Uint8Array[] {
  const found: Uint8Array[] = []
  for (const each of fieldsIn(bytes)) if (each.field === field) found.push(bytesIn(each))
  return found
}

export function bytesIn(from: WireField): Uint8Array {
  if ('bytes' in from) return from.bytes
  throw new ProtobufFault(`Field ${from.field} is a number where bytes are expected.`)
}

export function numberIn(from: WireField): bigint {
  if ('number' in from) return from.number
  throw new ProtobufFault(`Field ${from.field} has bytes where a number is expected.`)
}

/** JSON has no number for these; their names stay. */
function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}
