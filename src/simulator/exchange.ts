// One request and its answer, without a transport: route, key, checks, model, then the bytes.
import { CassettePlayer } from './cassette-player.ts'
import type { ChaosDice } from './chaos.ts'
import { damagedReply } from './damaged-reply.ts'
import { failureFrom, firstFailure, unknownAddress, unknownModel } from './failures.ts'
import { askedAt, checkKey, type Incoming, parsed } from './intake.ts'
import { Issued } from './issued.ts'
import { modelRequest } from './model-request.ts'
import type { Models } from './models.ts'
import type { Pace } from './pace.ts'
import { failureOf, isHttpError } from './play.ts'
import { type OpenRecord, type ReceivedRequest, ReceivedRequests } from './received.ts'
import { type Reply, recordedReply, refusedReply, type Squeeze, scriptedReply, type Turn } from './reply.ts'
import { type Read, tapedReply } from './taped-reply.ts'
import { isFields } from './value.ts'
import { unlessGone } from './waiting.ts'
import { Refusal, refusal } from './wire.ts'
import { routeTo } from './wires.ts'

export interface Rules {
  models: Models
  pace: Pace | undefined
  /** `true`: any key; a string: exactly this one; `false`: none is needed. */
  requireKey: boolean | string
  validate: boolean
  now: () => Date
  /** Draws the damage of each answer. */
  chaos: ChaosDice | undefined
  /** Answers in place of models, or before them. */
  cassette: CassettePlayer | undefined
}

export class Exchanges {
  readonly received = new ReceivedRequests()
  readonly #issued = new Issued()
  readonly #rules: Rules
  readonly #breaks: unknown[] = []

  constructor(rules: Rules) {
    this.#rules = rules
  }

  open({ method, url, headers }: Incoming): OpenRecord {
    return this.received.open(method, url, headers)
  }

  /** The answer to a request; a refusal is an answer too. Rejects only when the client has left. */
  async reply(incoming: Incoming, { record }: OpenRecord, signal: AbortSignal, squeeze?: Squeeze): Promise<Reply> {
    const route = routeTo(incoming.url.pathname)
    const { cassette } = this.#rules
    if (cassette !== undefined) return this.#played(cassette, incoming, record, signal, squeeze)
    const onBreak = (error: unknown) => {
      record.error = error
      this.#breaks.push(error)
    }
    const turn = route && {
      asked: askedAt(route, incoming, record, { now: this.#rules.now, issued: this.#issued }),
      wire: route.wire,
      signal,
      squeeze,
      onBreak,
    }
    const reply = turn === undefined ? await this.#lost(incoming, record) : await this.#found(turn, incoming, record)
    record.status = reply.status
    return reply
  }

  /** Throws the first of what gates threw; once, then it has been told. */
  throwBreak(): void {
    const breaks = this.#breaks.splice(0)
    if (breaks.length > 0) throw breaks[0]
  }

  /** From the cassette, whatever was asked there; nothing is checked, since nothing depends on it. */
  async #played(
    cassette: CassettePlayer,
    incoming: Incoming,
    record: ReceivedRequest,
    signal: AbortSignal,
    squeeze?: Squeeze,
  ): Promise<Reply> {
    const text = await unlessGone(incoming.text(), signal)
    record.body = parsed(text) ?? text
    const wire = routeTo(incoming.url.pathname)?.wire
    if (wire !== undefined) record.wire = wire.name
    this.received.announce(record)
    const reply = await tapedReply(cassette, { ...incoming, text }, signal, squeeze)
    record.status = reply.status
    const dice = this.#rules.chaos
    return reply.status === 200 ? damagedReply(reply, dice?.next(), signal) : reply
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
      const text = await this.#receive(turn, incoming, record)
      if (incoming.method !== 'POST') throw refusal(`${incoming.method} is not allowed here: POST is.`, { status: 405 })
      checkKey(asked, wire, this.#rules.requireKey)
      if (!isFields(record.body)) throw refusal('The body of the request is not a JSON object.')
      if (this.#rules.validate) wire.check(asked)
      const reply = await this.#answer(turn, { ...incoming, text })
      return reply.status === 200 ? damagedReply(reply, this.#rules.chaos?.next(), signal) : reply
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Refusal)) record.error = error
      return refusedReply(wire, failureFrom(error), asked)
    }
  }

  async #receive({ asked, wire, signal }: Turn, incoming: Incoming, record: ReceivedRequest): Promise<string> {
    try {
      record.wire = wire.name
      const text = await unlessGone(incoming.text(), signal)
      const body = parsed(text)
      record.body = body ?? text
      if (isFields(body)) asked.body = body
      if (asked.model === '' && typeof asked.body['model'] === 'string') asked.model = asked.body['model']
      record.model = asked.model
      record.stream = wire.streams(asked)
      return text
    } finally {
      this.received.announce(record)
    }
  }

  async #answer(turn: Turn, read: Read): Promise<Reply> {
    const { asked, wire, signal } = turn
    const model = this.#rules.models.named(asked.model)
    if (model === undefined) throw new Refusal(unknownModel(asked.model, this.#rules.models.names))
    if (model instanceof CassettePlayer) return tapedReply(model, read, signal, turn.squeeze)
    const { answer, isRefused } = await unlessGone(model.answer(modelRequest(asked, wire, signal)), signal)
    const pace = answer.pace ?? this.#rules.pace
    if ('recorded' in answer) return recordedReply(answer, turn, pace)
    if (isRefused) throw new Refusal(firstFailure(answer))
    if (isHttpError(answer)) throw new Refusal(failureOf(answer))
    return scriptedReply(answer, turn, pace)
  }
}
