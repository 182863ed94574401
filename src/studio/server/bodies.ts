// Bodies of requests, looked at before any route: of the right kind, unpacked, not too large and not too deep.
import type { MiddlewareHandler } from 'hono'
import { isNestedDeeper } from '../../core/json-depth.ts'
import { BodyRefused, mediaType, readBody } from './ingest-body.ts'

/** Levels of lists and objects in a body; what people and programs send has a dozen. */
export const maxBodyDepth = 200

/** Kinds of bodies that a page of another site cannot send without asking first. */
const jsonKind = /^application\/([\w.-]+\+)?(json|x-ndjson|jsonl)$/

/** How a body comes in: read here; read by its route, of a kind that is looked at here; or all of it by its route. */
export type BodyReading = 'whole' | 'stream' | 'own'

/**
 * Everything that is no GET and has a body must call it JSON, or protobuf. The body is read, at most 10 MB as sent and
 * as unpacked, and handed on unpacked. Routes of other protocols refuse in words of their own: theirs are left alone.
 */
export function bodies(readingOf: (path: string) => BodyReading): MiddlewareHandler {
  return async (context, next) => {
    const { raw, method, path } = context.req
    const reading = readingOf(path)
    if (reading === 'own' || method === 'GET' || method === 'HEAD' || raw.body === null) return next()
    try {
      const isJson = jsonKind.test(mediaType(raw))
      if (!isJson && mediaType(raw) !== 'application/x-protobuf') throw new BodyRefused(415, 'Send application/json.')
      if (reading === 'whole') context.req.raw = await wholeRequest(raw, isJson)
    } catch (error) {
      if (!(error instanceof BodyRefused)) throw error
      return context.json({ error: error.message }, error.status)
    }
    return next()
  }
}

async function wholeRequest(request: Request, isJson: boolean): Promise<Request> {
  const { url, method, signal } = request
  const body = new Uint8Array(await readBody(request))
  if (isJson && isNestedDeeper(new TextDecoder().decode(body), maxBodyDepth)) {
    throw new BodyRefused(400, `JSON may be nested ${maxBodyDepth} levels deep.`)
  }
  const headers = new Headers(request.headers)
  headers.delete('content-encoding')
  headers.delete('content-length')
  return new Request(url, { method, headers, body, signal })
}
