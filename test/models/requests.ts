// What a wrapper sends, without sending it anywhere.
import type { ChatWrapper } from '../../src/models/wrapper.ts'

export interface SentRequest {
  url: string
  headers: Record<string, string>
  body: Record<string, unknown>
}

/** A `fetch` that keeps what was sent and refuses it, so that nothing is decoded or tried again. */
export function keeping(): { fetch: (request: Request) => Promise<Response>; sent: SentRequest[] } {
  const sent: SentRequest[] = []
  const fetch = async (request: Request) => {
    const body = (await request.json()) as Record<string, unknown>
    sent.push({ url: request.url, headers: Object.fromEntries(request.headers), body })
    return Response.json({ error: { message: 'refused by the test' } }, { status: 400 })
  }
  return { fetch, sent }
}

export const greeting = [{ role: 'user', content: 'Hi!' }]

type CallOptions = Parameters<ChatWrapper['call']>[1]

/** The request of one call by a wrapper that was given `fetch`. */
export async function requestOf(
  make: (fetch: (request: Request) => Promise<Response>) => ChatWrapper,
  options: CallOptions = {},
): Promise<SentRequest> {
  const { fetch, sent } = keeping()
  await make(fetch)
    .call(greeting, options)
    .catch((error: Error) => {
      if (sent.length === 0) throw error
    })
  return sent[0]!
}
