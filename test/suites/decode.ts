// Decodes given bytes with a real wrapper through an in-memory `fetch`, cut as a test likes.
import type { StreamEvent } from '../../src/core/event.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import type { ChatWrapper } from '../../src/models/wrapper.ts'
import { wrapperFor } from './wrappers.ts'

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

/** All events of a reply, and the response after them. */
export async function decoded(model: ChatWrapper, options: Record<string, unknown> = {}): Promise<Decoded> {
  const response = await model.call([{ role: 'user', content: 'Hi' }], { stream: true, ...options })
  const events: StreamEvent[] = []
  for await (const event of response.events) events.push(event)
  return { events, response }
}

/** Events without what is random in them: the message id. */
export function comparable(events: readonly StreamEvent[]): unknown[] {
  return JSON.parse(JSON.stringify(events).replaceAll(events[0]?.id ?? '-', 'message'))
}

export { wrapperFor }
