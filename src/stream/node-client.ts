// Whether a request may go by Node's own HTTP client, which costs less than `fetch`: only when nothing that a program may
// have put into the way of `fetch` would be missed.
import type { Channel } from 'node:diagnostics_channel'
import type { Agent, ClientRequest, RequestOptions } from 'node:http'
import { isDefaultDispatcher } from './dispatcher.ts'
import type { HttpRequest } from './exchange.ts'

export interface NodeClient {
  request(url: string, options: RequestOptions): ClientRequest
  agent: Agent
}

/** How long a connection that nobody uses is kept, unless its server says less; milliseconds. As `fetch` keeps them. */
const idleMs = 4_000
/** Headers with which a request asks something of the connection itself. */
const ofConnection = [
  'connection',
  'transfer-encoding',
  'content-length',
  'expect',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
]

const clients = new Map<string, NodeClient>()
let lastFetch: unknown
let wasNodes = false

/**
 * Node's client for this request. `undefined` on other runtimes; when `fetch` or its dispatcher is not Node's own any
 * more (a proxy, a mock, an instrument); and for an address or a header that `fetch` treats in a way of its own.
 */
export function nodeClientFor({ url, headers }: HttpRequest): NodeClient | undefined {
  if (!isNodesFetch() || !isDefaultDispatcher() || isObserved()) return undefined
  const protocol = /^https?:(?=\/\/[^/?#@]+(?:[/?#]|$))/.exec(url)?.[0]
  if (protocol === undefined || ofConnection.some((name) => name in headers)) return undefined
  const known = clients.get(protocol)
  if (known !== undefined) return known
  const client = newClient(protocol)
  clients.set(protocol, client)
  return client
}

/** Node's own `fetch` loads undici from inside Node when it is first called; whatever was put in its place does not. */
function isNodesFetch(): boolean {
  const { fetch } = globalThis
  if (fetch === lastFetch) return wasNodes
  lastFetch = fetch
  const isNode = typeof process !== 'undefined' && 'getBuiltinModule' in process
  wasNodes = isNode && /\('internal\/deps\/undici\/undici'\)/.test(Function.prototype.toString.call(fetch))
  return wasNodes
}

let requests: Channel | undefined

/** Who listens to undici's requests may add a header of its own to them, as tracers do. */
function isObserved(): boolean {
  requests ??= process.getBuiltinModule('node:diagnostics_channel').channel('undici:request:create')
  return requests.hasSubscribers
}

function newClient(protocol: string): NodeClient {
  const client = process.getBuiltinModule(protocol === 'http:' ? 'node:http' : 'node:https')
  const agent = new client.Agent({ keepAlive: true, timeout: idleMs })
  // Looked up each time: it may be another one by then, of somebody who watches requests.
  return { agent, request: (url, options) => client.request(url, options) }
}
