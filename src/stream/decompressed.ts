// A body without the compression that it came in, each piece as soon as it is whole.
import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'

/**
 * The body as its server meant it: `gzip`, `deflate`, `br` and `zstd`, also one in another. What has an encoding that
 * nobody knows is left as it is, as `fetch` does. https://fetch.spec.whatwg.org/#handle-content-codings
 */
export function decompressed(incoming: IncomingMessage): NodeJS.ReadableStream {
  const encodings = incoming.headers['content-encoding']
  if (encodings === undefined) return incoming
  const decoders = encodings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== 'identity')
    .reverse()
    .map(decoderFor)
  if (decoders.length > mostEncodings || decoders.includes(undefined)) return incoming
  let source: NodeJS.ReadableStream = incoming
  for (const decoder of decoders as Transform[]) {
    const before = source
    before.on('error', (error: Error) => decoder.destroy(error))
    source = before.pipe(decoder)
  }
  return source
}

/** No honest server compresses more often. */
const mostEncodings = 5

function decoderFor(name: string): Transform | undefined {
  const zlib = process.getBuiltinModule('node:zlib')
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = zlib.constants
  // Flushed with each piece, so that a stream streams, and at the end, so that one that breaks off is kept as far as it came.
  const inflate = { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH }
  switch (name) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return zlib.createUnzip(inflate)
    case 'br':
      return zlib.createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH })
    case 'zstd':
      return zlib.createZstdDecompress({ flush: ZSTD_e_flush, finishFlush: ZSTD_e_flush })
    default:
      return undefined
  }
}
