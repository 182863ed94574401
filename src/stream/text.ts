// Bytes joined, and whole lines of UTF-8 to strings, by the fastest way that the platform has.

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Decodes a range of bytes that holds whole characters; broken ones become U+FFFD. */
export const decodeText: (bytes: Uint8Array, start: number, end: number) => string =
  typeof Buffer === 'undefined'
    ? (bytes, start, end) => decoder.decode(bytes.subarray(start, end))
    : (bytes, start, end) => bufferOver(bytes).utf8Slice(start, end)

/** What `toString('utf8')` calls in the end; old as Buffer itself, only undocumented. */
type Utf8Buffer = Buffer & { utf8Slice(start: number, end: number): string }

let lastBytes: Uint8Array | undefined
let lastBuffer: Utf8Buffer | undefined

/** One Buffer view per chunk, not per line. */
function bufferOver(bytes: Uint8Array): Utf8Buffer {
  if (lastBytes === bytes && lastBuffer !== undefined) return lastBuffer
  lastBytes = bytes
  lastBuffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as Utf8Buffer
  return lastBuffer
}

/** How many bytes a text is in UTF-8. */
export function byteLength(text: string): number {
  return typeof Buffer === 'undefined' ? new TextEncoder().encode(text).length : Buffer.byteLength(text)
}

/** The pieces in one array; a single piece is returned itself. `length` is the sum of theirs. */
export function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
