// One request and its answer, without a transport: route, key, checks, model, then the bytes.

import type { Models } from './models.ts'
import type { Pace } from './pace.ts'
import { failureOf, isHttpError, unlessGone } from './play.ts'
import { type OpenRecord, type ReceivedRequest, ReceivedRequests } from './received.ts'
import { jsonReply, type Reply, recordedReply, refusedReply, type Squeeze, scriptedReply, type Turn } from './reply.ts'
import type { ModelRequest, Script } from './script.ts'
import { isRecord } from './value.ts'
import { type Asked, type Failure, Refusal, refusal, type Wire } from './wire.ts'
import { type Route, routeTo, wires } from './wires.ts'

/** What came over the transport. */
export interface Incoming {
  method: string
  url: URL
  headers: Headers
  /** Reads the body; rejects when the client leaves. */
  text: () => Promise<string>
}

export interface Rules {
  models: Models
  pace: Pace | undefined
  /** `true`: any key; a string: exactly this one; `false`: none is needed. */
  requireKey: boolean | string
  validate: boolean
  now: () => Date
}

export class Exchanges {
  readonly received = new ReceivedRequests()
  readonly #rules: Rules

  constructor(rules: Rules) {
    this.#rules = rules
  }

  open({ method, url, headers }: Incoming): OpenRecord {
    return this.received.open(method, url, headers)
  }

  /** The answer to a request; a refusal is an answer too. Rejects only when the client has left. */
  async reply(incoming: Incoming, { record }: OpenRecord, signal: AbortSignal, squeeze?: Squeeze): Promise<Reply> {
    const route = routeTo(incoming.url.pathname)
    const reply =
      route === undefined
        ? await this.#lost(incoming, record)
        : await this.#found(
            { asked: askedAt(route, incoming, record, this.#rules.now), wire: route.wire, signal, squeeze },
            incoming,
            record,
          )
    record.status = reply.status
    return reply
  }

  async #lost(incoming: Incoming, record: ReceivedRequest): Promise<Reply> {
    const text = await incoming.text()
    record.body = parsed(text) ?? text
    this.received.announce(record)
    return unknownAddress(incoming)
  }

  async #found(turn: Turn, incoming: Incoming, record: ReceivedRequest): Promise<Reply> {
    const { asked, wire, signal } = turn
    try {
      await this.#receive(turn, incoming, record)
      if (incoming.method !== 'POST') throw refusal(`${incoming.method} is not allowed here: POST is.`, { status: 405 })
      this.#checkKey(asked, wire)
      if (!isRecord(record.body)) throw refusal('The body of the request is not a JSON object.')
      if (this.#rules.validate) wire.check(asked)
      return await this.#answer(turn)
    } catch (error) {
      signal.throwIfAborted()
      return refusedReply(wire, failureFrom(error), asked)
    }
  }

  async #receive({ asked, wire, signal }: Turn, incoming: Incoming, record: ReceivedRequest): Promise<void> {
    try {
      record.wire = wire.name
      const text = await unlessGone(incoming.text(), signal)
      const body = parsed(text)
      record.body = body ?? text
      if (isRecord(body)) asked.body = body
      if (asked.model === '' && typeof asked.body['model'] === 'string') asked.model = asked.body['model']
      record.model = asked.model
      record.stream = wire.streams(asked)
    } finally {
      this.received.announce(record)
    }
  }

  #checkKey(asked: Asked, wire: Wire): void {
    const { requireKey } = this.#rules
    const key = wire.keyIn(asked.headers, asked.query)
    const isWanted = typeof requireKey === 'string' ? wire.name !== 'ollama' : requireKey && wire.needsKey
    if (!isWanted) return
    if (key === '') throw new Refusal({ status: 401, message: 'No API key was sent with the request.' })
    if (typeof requireKey === 'string' && key !== requireKey) {
      throw new Refusal({ status: 401, message: 'The API key that was sent is not the right one.' })
    }
  }

  async #answer(turn: Turn): Promise<Reply> {
    const { asked, wire, signal } = turn
    const model = this.#rules.models.named(asked.model)
    if (model === undefined) throw new Refusal(unknownModel(asked.model, this.#rules.models.names))
    const { answer, isRefused } = await unlessGone(model.answer(modelRequest(asked, wire, signal)), signal)
    const pace = answer.pace ?? this.#rules.pace
    if ('recorded' in answer) return recordedReply(answer, turn, pace)
    if (isRefused) throw new Refusal(firstFailure(answer))
    if (isHttpError(answer)) throw new Refusal(failureOf(answer))
    return scriptedReply(answer, turn, pace)
  }
}

function askedAt(route: Route, incoming: Incoming, record: ReceivedRequest, now: () => Date): Asked {
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
  }
}

/** The refusal before the answer, with when to come back. */
function firstFailure({ failFirst }: Script): Failure {
  const { status = 503, message, retryAfterMs } = failFirst ?? {}
  return {
    status,
    message: message ?? (status === 429 ? 'Too many requests.' : 'Not available right now.'),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

/** What went wrong, as a failure: a model function that throws is a breakdown of the provider. */
function failureFrom(error: unknown): Failure {
  if (error instanceof Refusal) return error.failure
  const message = error instanceof Error ? error.message : String(error)
  return { status: 500, message: `The simulated model broke: ${message}` }
}

function unknownModel(model: string, names: string[]): Failure {
  const known = names.length === 0 ? 'It has none.' : `It has ${names.map((name) => `"${name}"`).join(', ')}.`
  return { status: 404, message: `The simulator has no model "${model}". ${known}`, param: 'model' }
}

function unknownAddress({ method, url }: Incoming): Reply {
  const known = Object.values(wires).map((wire) => `POST ${wire.endpoint}`)
  const message = `The simulator knows nothing at ${method} ${url.pathname}. It answers ${known.join(', ')}.`
  return jsonReply(404, { error: { message } })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function modelRequest(asked: Asked, wire: Wire, signal: AbortSignal): ModelRequest {
  const messages = wire.messages(asked.body)
  return {
    wire: wire.name,
    model: asked.model,
    messages,
    lastUserText: lastUserText(messages),
    tools: wire.tools(asked.body),
    body: asked.body,
    signal,
  }
}

function lastUserText(messages: unknown[]): string {
  const last = messages.findLast((message) => isRecord(message) && message['role'] === 'user')
  if (!isRecord(last)) return ''
  const content = last['content'] ?? last['parts']
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('')
}
