// Many streams as one: order, fairness, back-pressure, leaving, failing.
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { AgentScopeError, RateLimitError } from '../../src/core/error.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import { merge, type SpokenEvent } from '../../src/pipelines/index.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { Driven, speaker, textEvent } from './voices.ts'

expectNoLostRejections()

const shown = (event: SpokenEvent) => `${event.speaker.name}:${'delta' in event ? event.delta : event.type}`

/** Reads to the end; what was thrown there comes with it. */
async function readAll(events: AsyncGenerator<SpokenEvent, unknown>) {
  const heard: string[] = []
  try {
    for (;;) {
      const { done, value } = await events.next()
      if (done) return { heard, value }
      heard.push(shown(value as SpokenEvent))
    }
  } catch (error) {
    return { heard, error: error as AgentScopeError }
  }
}

function endless(name: string) {
  const counts = { said: 0 }
  const events = (async function* (): AsyncGenerator<StreamEvent, string> {
    for (;;) yield textEvent(`${++counts.said}`)
  })()
  return Object.assign(events, { speaker: speaker(name), counts })
}

describe('merged streams', () => {
  test('come in the order of arrival, each event with its speaker', async () => {
    const [a, b] = [new Driven('A'), new Driven('B')]
    const events = merge([a, b])
    const first = events.next()
    b.say('1')
    expect((await first).value).toEqual({ ...textEvent('1'), speaker: speaker('B') })
    a.say('1', '2').end()
    b.say('2').end()
    expect(await readAll(events)).toEqual({ heard: ['A:1', 'B:2', 'A:2'], value: ['A', 'B'] })
  })

  test('lose nothing, keep the order of each, and return what the streams returned', async () => {
    const numbers = Array.from({ length: 500 }, (_, at) => `${at}`)
    const names = ['A', 'B', 'C', 'D']
    const { heard, value } = await readAll(merge(names.map((name) => new Driven(name).say(...numbers).end())))
    expect(value).toEqual(names)
    for (const name of names) {
      expect(heard.filter((each) => each.startsWith(name))).toEqual(numbers.map((number) => `${name}:${number}`))
    }
  })

  test('take turns when all are always ready, and leave the loop its turn', async () => {
    const streams = ['A', 'B', 'C'].map(endless)
    const clock = { turns: 0, running: true }
    const tick = () => {
      clock.turns += 1
      if (clock.running) setImmediate(tick)
    }
    tick()
    let count = 0
    const until = performance.now() + 100
    for await (const _ of merge(streams)) if (++count > 3000 && performance.now() > until) break
    clock.running = false
    const said = streams.map(({ counts }) => counts.said)
    expect(Math.max(...said) - Math.min(...said)).toBeLessThanOrEqual(1)
    expect(clock.turns).toBeGreaterThan(3)
  })

  test('hold every stream back while the reader is slow: one event of each waits', async () => {
    const streams = ['A', 'B'].map((name) => new Driven(name).say('1', '2', '3'))
    const events = merge(streams)
    await events.next()
    for (let rounds = 0; rounds < 5; rounds += 1) await turn()
    expect(streams.map(({ asked }) => asked)).toEqual([1, 1])
    await events.next()
    expect(streams.map(({ asked }) => asked)).toEqual([2, 1])
    await events.return([])
  })

  test('can be merged again, and end at once when there are none', async () => {
    const inner = merge([new Driven('A').say('1').end()])
    const { heard, value } = await readAll(merge<unknown>([inner, new Driven('B').say('1').end()]))
    expect(heard.sort()).toEqual(['A:1', 'B:1'])
    expect(value).toEqual([['A'], 'B'])
    expect(await readAll(merge([]))).toEqual({ heard: [], value: [] })
  })
})

describe('leaving merged streams', () => {
  test('stops all of them, those too that have not spoken', async () => {
    const streams = [new Driven('A').say('1'), new Driven('B')]
    for await (const _ of merge(streams)) break
    expect(streams.map(({ left }) => left)).toEqual([true, true])
  })

  test('does so at once while the reader waits for an event', async () => {
    const streams = [new Driven('A'), new Driven('B')]
    const events = merge(streams)
    const waiting = events.next()
    const leaving = events.return([])
    expect(streams.map(({ left }) => left)).toEqual([true, true])
    expect(await waiting).toMatchObject({ done: true })
    expect(await leaving).toEqual({ done: true, value: [] })
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  test('before the first event closes them too', async () => {
    const stream = new Driven('A')
    {
      await using _ = merge([stream])
    }
    expect(stream).toMatchObject({ left: true, asked: 0 })
  })
})

describe('a stream that fails among others', () => {
  const tooMany = new RateLimitError('Too many.', { retryable: true })

  test('is told at once, the others go on, and its error is thrown at the end', async () => {
    const [a, b] = [new Driven('A').fail(tooMany), new Driven('B')]
    const events = merge([a, b])
    expect((await events.next()).value).toEqual({ type: 'error', error: tooMany.toJSON(), speaker: a.speaker })
    b.say('1', '2').end()
    expect(await readAll(events)).toEqual({ heard: ['B:1', 'B:2'], error: tooMany })
  })

  test('with others that fail is thrown as one typed error that holds them all', async () => {
    const boom = new TypeError('the password is 1234')
    const streams = [new Driven('A').fail(tooMany), new Driven('B').fail(boom), new Driven('C').say('1').end()]
    const { heard, error } = await readAll(merge(streams))
    expect(heard.sort()).toEqual(['A:error', 'B:error', 'C:1'])
    expect(error).toBeInstanceOf(AgentScopeError)
    expect(error).toMatchObject({ type: 'rate-limit', retryable: false })
    expect(error?.cause).toMatchObject({ errors: [tooMany, boom] })
    expect(error?.message).toMatch(/^2 of 3 streams failed: Too many\. .*TypeError/)
    expect(error?.message).not.toContain('1234')
  })
})

test.each<[string, unknown, string]>([
  ['a stream in the place of the list', textEvent('a'), 'takes a list of streams'],
  ['an agent in the place of its stream', [{ stream: () => textEvent('a') }], 'Stream 1 of merge() is an object'],
])('%s is refused at once, with what to write', (_, streams, message) => {
  expect(() => merge(streams as never)).toThrow(message)
})
