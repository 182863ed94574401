// Plays one body to a wrapper whole and cut into 64, 7 and 1 bytes, with LF and CRLF: the events must be the same.
import { expect } from 'vitest'
import type { ModelResponse } from '../../src/models/response.ts'
import { comparable, type Decoded, decoded, fetchOf } from './decode.ts'
import { checkEventLaws } from './event-laws.ts'
import { cut } from './wire-server.ts'
import { type Wire, wrapperFor } from './wrappers.ts'

export interface CutOptions {
  /** Default: the wire's own. */
  contentType?: string
  /** Options of the wrapper. */
  model?: Record<string, unknown>
  /** Options of the call. */
  call?: Record<string, unknown>
}

const sizes = [64, 7, 1]

/** What the whole body gives, after every cut of it has given the same. */
export async function everyCut(wire: Wire, body: string, options: CutOptions = {}): Promise<Decoded> {
  const whole = await playBody(wire, body, body.length, options)
  checkEventLaws(whole.events, whole.response.message)
  const events = comparable(whole.events)
  for (const text of [body, body.replace(/\r?\n/g, '\r\n')]) {
    for (const size of sizes) expect(comparable((await playBody(wire, text, size, options)).events)).toEqual(events)
  }
  return whole
}

/** Decodes one body in pieces of that many bytes. */
export function playBody(wire: Wire, body: string, size: number, options: CutOptions = {}): Promise<Decoded> {
  const { contentType = contentTypeOf(wire), model, call } = options
  const fetch = fetchOf(cut(Buffer.from(body), size), contentType)
  return decoded(wrapperFor(wire, { fetch, ...model }), call)
}

/** The reply to a call that does not stream. Rejects with what the wrapper throws. */
export function wholeReply(wire: Wire, value: unknown, options: CutOptions = {}): Promise<ModelResponse> {
  const body = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
  const fetch = fetchOf(cut(body, 50), options.contentType ?? 'application/json')
  return wrapperFor(wire, { fetch, stream: false, ...options.model }).call(
    [{ role: 'user', content: 'Hi' }],
    options.call,
  )
}

function contentTypeOf(wire: Wire): string {
  return wire === 'ollama' ? 'application/x-ndjson' : 'text/event-stream'
}

/** Server-sent events: values become JSON, strings stand as they are (`[DONE]`). */
export function sse(...values: unknown[]): string {
  return values.map((value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`).join('')
}

/** Events with the name that their `type` gives, as Anthropic writes them. */
export function namedSse(...values: ({ type: string } & Record<string, unknown>)[]): string {
  return values.map((value) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`).join('')
}

/** One JSON value a line. */
export function lines(...values: unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('')
}

/** What a reply said, in a form that is easily compared. */
export function summary(response: ModelResponse) {
  const { text, thinking, refusal, toolCalls, message, ending, usage } = response
  const { raw: _, ...counts } = usage ?? {}
  return {
    text,
    thinking,
    refusal,
    calls: toolCalls.map(({ name, input }) => [name, input]),
    ids: toolCalls.map(({ id }) => id),
    blocks: typeof message.content === 'string' ? [] : message.content.map(({ type }) => type),
    reason: ending?.reason,
    complete: ending?.complete,
    usage: usage === undefined ? undefined : counts,
  }
}
