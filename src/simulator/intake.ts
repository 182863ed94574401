// A request as it comes in: what the transport hands over, what its address says, and its key.
import type { ReceivedRequest } from './received.ts'
import { type Asked, Refusal, type Wire } from './wire.ts'
import type { Route } from './wires.ts'

/** What came over the transport. */
export interface Incoming {
  method: string
  url: URL
  headers: Headers
  /** Reads the body; rejects when the client leaves. */
  text: () => Promise<string>
}

/** Throws `Refusal` when a key is wanted, and none or a wrong one has come. */
export function checkKey(asked: Asked, wire: Wire, requireKey: boolean | string): void {
  const key = wire.keyIn(asked.headers, asked.query)
  const isWanted = typeof requireKey === 'string' ? wire.name !== 'ollama' : requireKey && wire.needsKey
  if (!isWanted) return
  if (key === '') throw new Refusal({ status: 401, message: 'No API key was sent with the request.' })
  if (typeof requireKey === 'string' && key !== requireKey) {
    throw new Refusal({ status: 401, message: 'The API key that was sent is not the right one.' })
  }
}

/** The request as its address tells it; the body is still to come. */
export function askedAt(
  route: Route,
  incoming: Incoming,
  record: ReceivedRequest,
  { now, issued }: Pick<Asked, 'now' | 'issued'>,
): Asked {
  const { searchParams: query, pathname: path } = incoming.url
  const { wire, model = '', action } = route
  return {
    number: record.number,
    wire: wire.name,
    path,
    query,
    headers: incoming.headers,
    model,
    action,
    body: {},
    now,
    issued,
  }
}

/** The value of a JSON text; `undefined` when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
