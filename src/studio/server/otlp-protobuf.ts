// Protocol buffers, as much of them as telemetry needs: fields read one by one from bytes, and small answers written.
// https://protobuf.dev/programming-guides/encoding/

/** One field as it stands in the bytes: a number of the wire, or the bytes of a string, a list or a message. */
export type WireField = { field: number; bytes: Uint8Array } | { field: number; number: bigint }

/** Bytes that are no protocol buffers. */
export class ProtobufFault extends Error {}

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * The fields of one message, in order; unknown ones too.
 *
 * @throws ProtobufFault for bytes that end too early, a wire type of groups, or field 0.
 */
export function* fieldsIn(bytes: Uint8Array): Generator<WireField> {
  const reader = new Reader(bytes)
  while (!reader.isAtEnd) {
    const tag = reader.varint()
    const field = Number(tag >> 3n)
    if (field === 0) throw new ProtobufFault('A field has the number 0.')
    const kind = Number(tag & 7n)
    if (kind === 0) yield { field, number: reader.varint() }
    else if (kind === 1) yield { field, number: reader.fixed(8) }
    else if (kind === 2) yield { field, bytes: reader.bytes() }
    else if (kind === 5) yield { field, number: reader.fixed(4) }
    else throw new ProtobufFault(`A field has the wire type ${kind}.`)
  }
}

export function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new ProtobufFault('A string is not UTF-8.')
  }
}

/** The number of those 64 bits. */
export function doubleOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw cutOff()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new ProtobufFault('A number has more than ten bytes.')
  }

  fixed(size: 4 | 8): bigint {
    this.#need(size)
    const at = this.#at
    this.#at += size
    return size === 8 ? this.#view.getBigUint64(at, true) : BigInt(this.#view.getUint32(at, true))
  }

  bytes(): Uint8Array {
    const size = Number(this.varint())
    this.#need(size)
    const start = this.#at
    this.#at += size
    return this.#bytes.subarray(start, this.#at)
  }

  #need(size: number): void {
    if (this.#at + size > this.#bytes.length) throw cutOff()
  }
}

function cutOff(): ProtobufFault {
  return new ProtobufFault('The bytes end in the middle of a field.')
}

/** Writes a message of numbers, strings and messages; what is undefined is left out. */
export function writeFields(fields: readonly (readonly [field: number, value: number | string | Uint8Array])[]) {
  const bytes: number[] = []
  for (const [field, value] of fields) {
    if (typeof value === 'number') {
      writeVarint(bytes, field << 3)
      writeVarint(bytes, value)
      continue
    }
    const body = typeof value === 'string' ? new TextEncoder().encode(value) : value
    writeVarint(bytes, (field << 3) | 2)
    writeVarint(bytes, body.length)
    bytes.push(...body)
  }
  return Uint8Array.from(bytes)
}

function writeVarint(bytes: number[], value: number): void {
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  bytes.push(rest)
}
