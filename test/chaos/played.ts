// One damaged stream, read to its end by a real wrapper in one of several manners, and the promises it must keep.
import { isDeepStrictEqual } from 'node:util'
import type { StreamEvent } from '../../src/core/event.ts'
import { isHarmless } from '../../src/simulator/damage-plan.ts'
import { type DamagedBytes, damageBytes, randomFrom } from '../../src/simulator/index.ts'
import { below, oneOf, seedFor } from '../../src/simulator/random.ts'
import { comparable } from '../suites/decode.ts'
import { wrapperFor } from '../suites/wrappers.ts'
import { type Body, holdsFinish } from './bodies.ts'
import { DamagedBody } from './damaged-body.ts'
import { checkLaws } from './laws.ts'

/** How the answer is read: to its end as events (mostly), as pairs, as text, by two, or given up in the middle. */
export type Manner = 'events' | 'pairs' | 'text' | 'tee' | 'leave' | 'cancel' | 'signal'
const manners: readonly Manner[] = [
  'events',
  'events',
  'events',
  'events',
  'pairs',
  'text',
  'tee',
  'leave',
  'cancel',
  'signal',
]

export interface Stream {
  body: Body
  damaged: DamagedBytes
  manner: Manner
  /** After so many events it is given up. */
  patience: number
}

export type Response = Awaited<ReturnType<ReturnType<typeof wrapperFor>['call']>>

/** What came of a stream: enough to compare it with the same stream decoded in another way. */
export interface Outcome {
  events: unknown[]
  text: string | null
  thinking: string | null
  calls: unknown
  ending: unknown
  usage: unknown
  metadata: unknown
  raw: unknown
}

/** The n-th stream of a seed. */
export function streamOf(bodies: readonly Body[], seed: number, count: number): Stream {
  const random = randomFrom(seedFor(seed, count))
  const body = oneOf(random, bodies)
  const size = oneOf(random, [body.bytes.length, 4096, 700, 64])
  const pieces = Array.from({ length: Math.ceil(body.bytes.length / size) }, (_, at) => {
    return { atMs: 0, bytes: body.bytes.subarray(at * size, (at + 1) * size) }
  })
  const damaged = damageBytes(pieces, random)
  return { body, damaged, manner: oneOf(random, manners), patience: below(random, 30) }
}

/** Without any damage, to compare with. */
export function wholeStream(body: Body): Stream {
  const damaged: DamagedBytes = { pieces: [{ atMs: 0, bytes: body.bytes }], end: 'clean', damages: [] }
  return { body, damaged, manner: 'events', patience: 0 }
}

/** Plays it and checks everything that holds for any stream. Resolves when its body has been closed, too. */
export async function play(stream: Stream): Promise<Outcome> {
  const { body, damaged, manner, patience } = stream
  const source = new DamagedBody(damaged, body.contentType)
  const clocks = damaged.end === 'stall' ? { firstContentMs: 60, stallMs: 60 } : {}
  const model = wrapperFor(body.wire, { fetch: source.fetch, clocks })
  const controller = new AbortController()
  const response = await model.call([{ role: 'user', content: 'Hi' }], { stream: true, signal: controller.signal })
  const events = await read[manner](response, patience, controller)
  await source.closed
  checkHonest(stream, response)
  if (manner === 'events') checkLaws(events, response.message)
  const { text, thinking, toolCalls, ending, usage, metadata, raw } = response
  return { events: comparable(events), text, thinking, calls: toolCalls, ending, usage, metadata, raw }
}

type Reader = (response: Response, patience: number, controller: AbortController) => Promise<StreamEvent[]>

const read: Record<Manner, Reader> = {
  events: (response) => Array.fromAsync(response.events),
  async pairs(response) {
    let before = ''
    try {
      for await (const [last, text] of response.stream!) {
        if (!text.startsWith(before) || (!last && text === before)) throw new Error(`pairs shrink: ${text}`)
        before = text
      }
    } catch (error) {
      if (error !== response.error) throw error
    }
    return []
  },
  async text(response) {
    const text = await response.getText().catch((error: unknown) => {
      if (error !== response.error) throw error
      return response.text
    })
    if (text !== (response.text ?? '')) throw new Error('getText() and text say different things')
    return []
  },
  async tee(response) {
    const [one = [], two = []] = await Promise.all(response.tee(2).map((listener) => Array.fromAsync(listener)))
    for (const events of [one, two]) checkLaws(events, response.message)
    return one
  },
  async leave(response, patience) {
    const events: StreamEvent[] = []
    for await (const event of response.events) if (events.push(event) > patience) break
    return events
  },
  cancel: (response, patience) => giveUp(response, patience, () => void response.cancel()),
  signal: (response, patience, controller) => giveUp(response, patience, () => controller.abort()),
}

/** A reader that stays until the end, whoever stops the answer. */
async function giveUp(response: Response, patience: number, stop: () => void): Promise<StreamEvent[]> {
  const events: StreamEvent[] = []
  for await (const event of response.events) if (events.push(event) === patience + 1) stop()
  checkLaws(events, response.message)
  return events
}

/** What is told of the end is true: an answer without its finish is never complete, and errors are typed. */
function checkHonest({ body, damaged, manner }: Stream, response: Response): void {
  const { ending, error, message } = response
  const problem = (what: string) => new Error(`${what}: ${JSON.stringify(ending)} ${error?.message ?? ''}`)
  if (ending === undefined) throw problem('no ending')
  const text = Buffer.concat(damaged.pieces.map(({ bytes }) => bytes)).toString('latin1')
  if (ending.complete && !holdsFinish(body.wire, text)) throw problem('complete without a finish')
  if (error?.message.includes('could not be decoded')) throw problem('a fault of ours')
  if (damaged.end === 'stall' && ending.reason === 'unknown' && !ending.complete) throw problem('a stall hidden')
  if (!isDeepStrictEqual(message, JSON.parse(JSON.stringify(message)))) throw problem('no plain JSON')
  if (ending.error !== undefined && !ending.complete && error === undefined && manner !== 'leave') {
    throw problem('the error is missing')
  }
}

/** Holds where nothing but cuts, pauses and pings were put in: the same outcome, whole; and a part of it when it broke off. */
export function checkAgainstWhole(stream: Stream, outcome: Outcome, whole: Outcome): void {
  const { damaged, manner } = stream
  if (manner !== 'events') return
  const kinds = damaged.damages.map(({ kind }) => kind)
  const rest = kinds.filter((kind) => !isHarmless(kind))
  if (rest.length === 0 && !isDeepStrictEqual(outcome, whole)) throw new Error(`harmless damage changed the answer`)
  if (rest.length === 0 || rest.some((kind) => !['end', 'reset', 'stall'].includes(kind))) return
  if (!(whole.text ?? '').startsWith(outcome.text ?? '')) throw new Error('text that never was sent')
  if (!(whole.thinking ?? '').startsWith(outcome.thinking ?? '')) throw new Error('thoughts that never were sent')
  const calls = outcome.calls as { input?: unknown }[]
  for (const [at, { input }] of calls.entries()) {
    if (input === undefined) continue
    const sent = (whole.calls as { input?: unknown }[])[at]?.input
    if (!isDeepStrictEqual(input, sent)) throw new Error(`a call that never was sent: ${JSON.stringify(input)}`)
  }
}
