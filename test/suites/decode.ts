// Decodes given bytes with a real wrapper through an in-memory `fetch`, cut as a test likes.
import type { StreamEvent } from '../../src/core/event.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import type { ChatWrapper } from '../../src/models/wrapper.ts'
import { checkEventLaws } from './event-laws.ts'
import { type Received, type Reply, wireServer } from './wire-server.ts'
import { type Wire, wrapperFor } from './wrappers.ts'

/** A `fetch` that answers with these chunks, each its own read. */
export function fetchOf(chunks: readonly Uint8Array[], contentType: string, status = 200) {
  return async () => {
    let at = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = chunks[at++]
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk)
      },
    })
    return new Response(body, { status, headers: { 'content-type': contentType } })
  }
}

export interface Decoded {
  events: StreamEvent[]
  response: ModelResponse
}

/** All events of a reply, and the response after them. The events keep their promises, or the test fails. */
export async function decoded(model: ChatWrapper, options: Record<string, unknown> = {}): Promise<Decoded> {
  const response = await model.call([{ role: 'user', content: 'Hi' }], { stream: true, ...options })
  const events: StreamEvent[] = []
  for await (const event of response.events) events.push(event)
  checkEventLaws(events, response.message)
  return { events, response }
}

/** The same over real HTTP on loopback: the n-th request gets the n-th of the replies. */
export async function served(
  wire: Wire,
  replies: Reply | readonly (Reply | null)[],
  options: Record<string, unknown> = {},
): Promise<Decoded & { requests: Received[] }> {
  await using server = await wireServer(...[replies].flat())
  const model = wrapperFor(wire, { baseUrl: server.url, ...options })
  return { ...(await decoded(model)), requests: server.received }
}

/** Events without what is random in them: the message id. */
export function comparable(events: readonly StreamEvent[]): unknown[] {
  return JSON.parse(JSON.stringify(events).replaceAll(events[0]?.id ?? '-', 'message'))
}

export { wrapperFor }
