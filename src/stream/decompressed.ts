// A body without the compression that it came in, each piece as soon as it is whole.
import type { IncomingMessage } from 'node:http'
import type { Readable, Transform } from 'node:stream'

/** No honest server compresses more often. */
const mostEncodings = 5

/**
 * The body as its server meant it: `gzip`, `deflate`, `br` and `zstd`, also one in another. What has an encoding that
 * nobody knows is left as it is, as `fetch` does. https://fetch.spec.whatwg.org/#handle-content-codings
 *
 * When it breaks off, what came of it is decompressed to its end all the same, after `broken` has been told why.
 */
export function decompressed(incoming: IncomingMessage, broken: (error: Error) => void): Readable {
  const encodings = namesIn(incoming.headers['content-encoding'])
  const decoders = encodings.map(decoderFor)
  if (decoders.length > mostEncodings || decoders.includes(undefined)) return incoming
  let source: Readable = incoming
  for (const [index, decoder] of (decoders as Transform[]).entries()) {
    const before = source
    before.on('error', (error) => {
      broken(error)
      for (let rest = before.read(); rest !== null; rest = before.read()) decoder.write(rest)
      decoder.end()
    })
    if (encodings[index] === 'deflate') before.once('data', (first: Uint8Array) => completeHeader(decoder, first))
    source = before.pipe(decoder)
  }
  return source
}

/** The outermost first. */
function namesIn(header: string | undefined): string[] {
  if (header === undefined) return []
  const names = header.toLowerCase().split(',')
  return names
    .map((name) => name.trim())
    .filter((name) => name !== 'identity')
    .reverse()
}

/** Some servers leave out what stands before deflated bytes (RFC 1950, section 2.2), and browsers take it so. */
function completeHeader(decoder: Transform, first: Uint8Array): void {
  const isThere = ((first[0] ?? 0) & 0x0f) === 8
  if (!isThere) decoder.write(Uint8Array.of(0x78, 0x01))
}

function decoderFor(name: string): Transform | undefined {
  const zlib = process.getBuiltinModule('node:zlib')
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = zlib.constants
  // Flushed with each piece, so that a stream streams, and at the end, so that what breaks off is kept as far as it came.
  const flush = { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH }
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(flush)
    case 'deflate':
      return zlib.createInflate(flush)
    case 'br':
      return zlib.createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH })
    case 'zstd':
      return zlib.createZstdDecompress({ flush: ZSTD_e_flush, finishFlush: ZSTD_e_flush })
    default:
      return undefined
  }
}
