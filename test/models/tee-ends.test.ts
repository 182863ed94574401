// How a shared reply ends: whoever stops it, each listener hears an end, and no other way of reading takes part.
import { describe, expect, test } from 'vitest'
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import { atOnce } from '../suites/at-once.ts'
import { fetchOf } from '../suites/decode.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { sse } from '../suites/every-cut.ts'
import { delta, finish, say } from '../suites/openai-chunks.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type WireServer, wireServer } from '../suites/wire-server.ts'
import { words } from '../suites/wire-words.ts'
import { wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

type Listener = AsyncGenerator<StreamEvent, undefined, undefined>

const question = [{ role: 'user', content: 'Hi' }]
const { contentType, open, text } = words.openai
const consumed = { name: 'StreamConsumedError' }
const answer = sse(
  delta({ reasoning_content: 'hm' }),
  say('one '),
  say('{"x":1,'),
  say('"y":2}'),
  finish('stop'),
  '[DONE]',
)

/** A reply that is whole. */
const ask = (body = answer, options = {}) =>
  wrapperFor('openai', { fetch: fetchOf([Buffer.from(body)], 'text/event-stream') }).call(question, options)

/** A reply that says two words and then nothing more. */
const openServer = () => wireServer({ contentType, body: open + text('one ') + text('two '), end: 'open' })

const callTo = (server: WireServer, options = {}) =>
  wrapperFor('openai', { baseUrl: server.url }).call(question, options)

const two = (response: ModelResponse) => response.tee(2) as [Listener, Listener]

/** Reads until both words were heard: then the next question is answered by the end only. */
async function hearWords(listener: Listener): Promise<StreamEvent[]> {
  const heard: StreamEvent[] = []
  while (heard.length < 4) heard.push((await listener.next()).value as StreamEvent)
  return heard
}

async function rest(listener: Listener, heard: StreamEvent[] = []): Promise<StreamEvent[]> {
  for (let next = await listener.next(); !next.done; next = await listener.next()) heard.push(next.value)
  return heard
}

/** That a listener heard a whole list of events, and of what was said all that was received. */
function checkStopped(events: StreamEvent[], response: ModelResponse): void {
  checkEventLaws(events, response.message)
  expect(response.text).toBe('one two ')
  expect(events.at(-1)).toMatchObject({ type: 'message-end', ending: { reason: 'aborted', complete: false } })
}

const others: Record<string, (response: ModelResponse) => Promise<unknown>> = {
  stream: (response) => response.stream!.next(),
  events: (response) => response.events.next(),
  'partials()': (response) => response.partials({ type: 'object' }).next(),
  'another tee()': (response) => (response.tee(1) as [Listener])[0].next(),
}

describe('one way of reading', () => {
  test.each(Object.entries(others))('beside listeners, %s says that the reply is theirs', async (_, read) => {
    const response = await ask()
    const [one, other] = two(response)
    await expect(read(response)).rejects.toMatchObject(consumed)
    await one.next()
    await expect(read(response)).rejects.toMatchObject(consumed)
    const heard = [await rest(other), await rest(one)]
    checkEventLaws(heard[0] ?? [], response.message)
    expect(heard[1]).toEqual(heard[0]?.slice(1))
  })

  test('events that were asked for before, and not read, are the listeners\u2019 too', async () => {
    const response = await ask()
    const { events } = response
    const [one] = two(response)
    await expect(events.next()).rejects.toMatchObject(consumed)
    await events.return(undefined)
    checkEventLaws(await rest(one), response.message)
  })

  test.each(Object.entries(others))('after %s, listeners say that the reply has been read', async (_, read) => {
    const response = await ask()
    await read(response)
    for (const listener of two(response)) {
      await expect(listener.next()).rejects.toMatchObject(consumed)
      await listener.return(undefined)
    }
    expect(response.ending).toBeUndefined()
    await response.cancel()
  })

  test.each(['left', 'read to its end'])('a loop that was %s leaves nothing for listeners', async (how) => {
    const response = await ask()
    for await (const event of response.events) if (how === 'left' && event.type === 'text-delta') break
    const advice = expect.stringContaining('Call tee() once')
    for (const listener of two(response)) await expect(listener.next()).rejects.toMatchObject({ ...consumed, advice })
  })

  test('getText() and parse() read on for all, however far behind the listeners are', async () => {
    const value = JSON.stringify({ words: 'w'.repeat(300_000) })
    const response = await ask(sse(...(value.match(/.{1,1000}/g) ?? []).map(say), finish('stop'), '[DONE]'))
    const [one, other] = two(response)
    await one.next()
    const whole = response.getText()
    const heard = await rest(other)
    expect(await whole).toBe(value)
    expect(await response.parse({ type: 'object' })).toEqual(JSON.parse(value))
    checkEventLaws(heard, response.message)
    expect((await rest(one)).length).toBeLessThan(300)
  })
})

describe('a shared reply that is stopped', () => {
  test('by the end of `await using`: whoever is not through hears what was received, and the end', atOnce, async () => {
    await using server = await openServer()
    let left: [StreamEvent[], Listener, ModelResponse]
    {
      await using response = await callTo(server)
      const [screen, log] = two(response)
      left = [await hearWords(screen), log, response]
    }
    const leftAt = performance.now()
    const [heard, log, response] = left
    expect(response.ending).toMatchObject({ reason: 'aborted' })
    expect(response.error).toBeUndefined()
    checkStopped(await rest(log), response)
    expect(heard).toHaveLength(4)
    expect(((await server.received[0]?.closed) ?? 0) - leftAt).toBeLessThanOrEqual(50)
  })

  test('while listeners wait for more: each of them hears the end', atOnce, async () => {
    await using server = await openServer()
    const response = await callTo(server)
    const listeners = two(response)
    const heard = await Promise.all(listeners.map(hearWords))
    const rests = listeners.map((listener, at) => rest(listener, heard[at]))
    await response[Symbol.asyncDispose]()
    for (const events of await Promise.all(rests)) checkStopped(events, response)
  })

  test('by cancel() from one of the listeners: it and the others hear the end, and why', atOnce, async () => {
    await using server = await openServer()
    const response = await callTo(server)
    const [one, other] = two(response)
    const waiting = hearWords(other).then((heard) => rest(other, heard))
    const heard: StreamEvent[] = []
    for await (const event of one) if (heard.push(event) === 4) await response.cancel('enough')
    checkStopped(heard, response)
    checkStopped(await waiting, response)
    expect(response.error?.message).toContain('enough')
    await expect(response.getText()).rejects.toBe(response.error)
  })

  test('by a signal: each hears the end', atOnce, async () => {
    await using server = await openServer()
    const controller = new AbortController()
    const response = await callTo(server, { signal: controller.signal })
    const [one, other] = two(response)
    const heard = await hearWords(one)
    controller.abort()
    checkStopped(await rest(one, heard), response)
    checkStopped(await rest(other), response)
  })

  test('before anybody asks: the end is known, and each hears it', atOnce, async () => {
    await using server = await openServer()
    const response = await callTo(server)
    const [one, other] = two(response)
    await response.cancel()
    expect(response.ending).toMatchObject({ reason: 'aborted' })
    for (const events of [await rest(one), await rest(other)]) checkEventLaws(events, response.message)
    expect(await server.received[0]?.closed).toBeGreaterThan(0)
  })
})

describe('a listener that goes', () => {
  test('by a throw takes nothing from the others', async () => {
    const response = await ask()
    const [one, other] = two(response)
    const thrower = async () => {
      for await (const event of one) if (event.type === 'text-delta') throw new Error('the screen is gone')
    }
    await expect(thrower()).rejects.toThrow('the screen is gone')
    checkEventLaws(await rest(other), response.message)
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
  })

  test('before it asked for anything counts as one that left', atOnce, async () => {
    await using server = await openServer()
    const response = await callTo(server)
    const [one, other] = two(response)
    await one.return(undefined)
    await hearWords(other)
    await other.return(undefined)
    expect(await server.received[0]?.closed).toBeGreaterThan(0)
    expect([await one.next(), await other.next()]).toMatchObject([{ done: true }, { done: true }])
    expect(await response.getText()).toBe('one two ')
  })

  test('while it waits ends its own waiting, and what comes is the others\u2019', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const { finish: done, marker } = words.openai
    const body = [open + text('one '), text('two ') + done + marker]
    await using server = await wireServer({ contentType, body, gate: () => gate })
    const response = await callTo(server)
    const [one, other] = two(response)
    const heard: StreamEvent[] = []
    while (heard.length < 3) heard.push((await one.next()).value as StreamEvent)
    const waiting = one.next()
    await one.return(undefined)
    release()
    expect(await waiting).toEqual({ value: undefined, done: true })
    checkEventLaws(await rest(other), response.message)
    expect(response.text).toBe('one two ')
  })

  test('that never asks does not keep the reply from its end', async () => {
    const response = await ask()
    const [one] = response.tee(1000)
    checkEventLaws(await rest(one as Listener), response.message)
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
  })
})

describe('what is kept for those who are behind', () => {
  const strange = (size: number) => ({ strange: 's'.repeat(size) })
  const rawIn = (events: StreamEvent[]) => events.filter(({ type }) => type === 'raw')

  test('a value larger than all that is kept reaches whoever keeps pace; the others are told of it', async () => {
    const response = await ask(sse(strange(500_000), say('one '), strange(10), finish('stop'), '[DONE]'))
    const [fast, stuck] = two(response)
    expect(rawIn(await rest(fast))).toHaveLength(2)
    const late = await rest(stuck)
    checkEventLaws(late, response.message)
    expect(rawIn(late)).toHaveLength(1)
    expect(late).toContainEqual(expect.objectContaining({ kind: 'skipped', details: { leftOut: 1 } }))
  })

  test('many values, each counted once, whether they were heard, kept or left out', async () => {
    const response = await ask(sse(...Array.from({ length: 2000 }, () => strange(5)), finish('stop'), '[DONE]'))
    const [fast, slow] = two(response)
    const heard: StreamEvent[] = []
    while (heard.length < 11) heard.push((await slow.next()).value as StreamEvent)
    expect(rawIn(await rest(fast))).toHaveLength(2000)
    checkEventLaws(await rest(slow, heard), response.message)
    const leftOut = heard.flatMap((event) => (event.type === 'notice' ? [Number(event.details?.['leftOut'])] : []))
    expect(leftOut).toHaveLength(1)
    expect(rawIn(heard).length + (leftOut[0] ?? 0)).toBe(2000)
  })

  test('an answer that came whole is shared like one that streamed', async () => {
    const body = words.openai.whole('long '.repeat(60_000))
    const model = wrapperFor('openai', { fetch: fetchOf([Buffer.from(body)], 'application/json') })
    const response = await model.call(question, { stream: false })
    const listeners = two(response)
    for (const listener of listeners) checkEventLaws(await rest(listener), response.message)
    expect(await response.getText()).toHaveLength(300_000)
  })

  test('a block that is heard in parts is heard once, wherever it was left', async () => {
    const pieces = Array.from({ length: 400 }, (_, at) => say(`${at}${'x'.repeat(1000)}`))
    const response = await ask(sse(...pieces, finish('stop'), '[DONE]'))
    const [fast, slow] = two(response)
    let message: Msg | undefined
    for await (const event of slow) {
      message = applyEvent(message, event)
      for (let at = 0; at < 150; at += 1) await fast.next()
    }
    expect(message).toEqual(response.message)
  })
})
