// A fetch for streamable HTTP under which no request waits for an answer that can no longer come.
import { isFields } from '../core/kind.ts'
import { closedText } from './mcp-failure.ts'

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** JSON-RPC's code for it in the SDK (`ErrorCode.ConnectionClosed`). */
const connectionClosed = -32_000

/**
 * The SDK waits for its own timeout when the stream that was to bring an answer breaks, and leaves that stream open when
 * the request is cancelled. Here the first ends the request at once, and the second closes the stream, after the
 * cancellation has been sent; a server takes that as cancellation too.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
 */
export function answeringFetch(fetch: Fetch): Fetch {
  const waiting = new Map<unknown, AbortController>()
  return async (url, init = {}) => {
    const { id, method, cancelled } = messageIn(init.body)
    if (cancelled !== undefined) return fetch(url, init).finally(() => waiting.get(cancelled)?.abort())
    if (id === undefined || method === undefined) return fetch(url, init)
    const stop = new AbortController()
    waiting.set(id, stop)
    const signals = init.signal ? [init.signal, stop.signal] : [stop.signal]
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.any(signals) })
      const isStream = response.ok && response.headers.get('content-type')?.includes('text/event-stream')
      if (!isStream || response.body === null) return response
      const { status, statusText, headers } = response
      const over = () => waiting.delete(id)
      return new Response(withLastWord(response.body, id, stop.signal, over), { status, statusText, headers })
    } catch (error) {
      waiting.delete(id)
      throw error
    }
  }
}

function messageIn(body: unknown): { id?: unknown; method?: unknown; cancelled?: unknown } {
  const message: unknown = typeof body === 'string' ? JSON.parse(body) : undefined
  if (!isFields(message)) return {}
  const { id, method, params } = message
  return method === 'notifications/cancelled' && isFields(params) ? { cancelled: params['requestId'] } : { id, method }
}

/**
 * The same stream with one answer more at its end, which counts only when none has come: then nobody waits any longer.
 * A stream whose events have ids is left to the SDK, which takes it up again where it broke.
 */
function withLastWord(body: ReadableStream<Uint8Array>, id: unknown, stop: AbortSignal, over: () => void) {
  const reader = body.getReader()
  const ids = new EventIds()
  const finish = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const broken = { error: { code: connectionClosed, message: closedText } }
    const word = { jsonrpc: '2.0', id, ...(stop.aborted ? { result: {} } : broken) }
    // Empty lines first: the stream may have broken in the middle of an event.
    if (stop.aborted || !ids.seen) controller.enqueue(new TextEncoder().encode(`\n\ndata: ${JSON.stringify(word)}\n\n`))
    controller.close()
  }
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) {
          ids.see(value)
          return controller.enqueue(value)
        }
        finish(controller)
      } catch (error) {
        if (ids.seen && !stop.aborted) controller.error(error)
        else finish(controller)
      }
      over()
    },
    async cancel(reason) {
      over()
      await reader.cancel(reason)
    },
  })
}

/** Whether an event with an id has come by, also when its line was cut. */
class EventIds {
  seen = false
  #end = '\n'
  readonly #decoder = new TextDecoder('latin1')

  see(bytes: Uint8Array): void {
    if (this.seen) return
    const text = this.#end + this.#decoder.decode(bytes)
    this.seen = /[\r\n]id:/.test(text)
    this.#end = text.slice(-3)
  }
}
