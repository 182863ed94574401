// `/blob/<hash>`: media that was said, whole or the part of it that a player asks for.
import { Hono } from 'hono/tiny'
import type { Blobs } from './blobs.ts'
import { blobHeaders } from './blobs.ts'

/** The part of so many bytes that a `Range` header names: the first and the last; a word when it is none of that size. */
export type ByteRange = readonly [first: number, last: number] | 'whole' | 'unsatisfiable'

/** One range, as players ask for. What is no range, or names several, is answered with the whole (RFC 9110, 14.2). */
export function rangeIn(header: string | undefined, size: number): ByteRange {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? []
  if (from === '' && to === '') return 'whole'
  // Without a first byte it is so many from the end.
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (from !== '' && to !== '' && Number(to) < first) return 'whole'
  return first >= size || (from === '' && Number(to) === 0) ? 'unsatisfiable' : [first, last]
}

/** The name of a blob is the hash of what it holds, so that its `ETag` never changes. */
export function blobRoutes(blobs: Blobs): Hono {
  return new Hono().get('/:hash', (context) => {
    const hash = context.req.param('hash')
    const blob = blobs.find(hash)
    if (blob === undefined) return context.text('There is no such blob.', 404)
    const size = blob.bytes.byteLength
    const headers = { ...blobHeaders(blob), 'accept-ranges': 'bytes', etag: `"${hash}"` }
    const condition = context.req.header('if-range')
    const isSame = condition === undefined || condition === headers.etag
    const range = isSame ? rangeIn(context.req.header('range'), size) : 'whole'
    if (range === 'whole') return context.body(blob.bytes, 200, headers)
    if (range === 'unsatisfiable') return context.body(null, 416, { ...headers, 'content-range': `bytes */${size}` })
    const [first, last] = range
    const part = blob.bytes.subarray(first, last + 1)
    return context.body(part, 206, { ...headers, 'content-range': `bytes ${first}-${last}/${size}` })
  })
}
