// One reply with many listeners: each builds the same message, at its own speed, and the last to leave stops it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import { atOnce } from '../suites/at-once.ts'
import { fetchOf } from '../suites/decode.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { sse } from '../suites/every-cut.ts'
import { randomFrom } from '../suites/mutate.ts'
import { calls, delta, finish, say } from '../suites/openai-chunks.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { cut, wireServer } from '../suites/wire-server.ts'
import { words } from '../suites/wire-words.ts'
import { wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const question = [{ role: 'user', content: 'Hi' }]
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)

/** Thoughts, text, something unknown, two calls whose arguments come interleaved: thousands of events. */
function longAnswer({ events = 700, padding = '' } = {}): string {
  const many = (value: (piece: string) => object) =>
    Array.from({ length: events }, (_, index) => value(`w${index}${padding} `))
  return sse(
    ...many((reasoning_content) => delta({ reasoning_content })),
    ...many(say),
    { object: 'something.new' },
    calls({ index: 0, id: 'a', name: 'f', args: '{"x":"' }, { index: 1, id: 'b', name: 'g', args: '{"y":"' }),
    ...many((args) => calls({ index: 0, args }, { index: 1, args })),
    calls({ index: 0, args: '"}' }, { index: 1, args: '"}' }),
    finish('tool_calls'),
    '[DONE]',
  )
}

const ask = (body: string) =>
  wrapperFor('openai', { fetch: fetchOf(cut(Buffer.from(body), 5000), 'text/event-stream') }).call(question)

async function rest(events: AsyncIterator<StreamEvent>, into: StreamEvent[] = []): Promise<StreamEvent[]> {
  for (let next = await events.next(); !next.done; next = await events.next()) into.push(next.value)
  return into
}

const pair = <Value>([one, two]: Value[]) => [one, two] as [Value, Value]

const fold = (events: readonly StreamEvent[]) =>
  events.reduce<Msg | undefined>((sofar, event) => applyEvent(sofar, event), undefined)

describe('response.tee', () => {
  test('gives each listener all events as they came, when they keep pace', async () => {
    const response = await ask(longAnswer())
    const [one, two] = pair(response.tee(2))
    const heard: [StreamEvent[], StreamEvent[]] = [[], []]
    for (;;) {
      const [first, second] = await Promise.all([one.next(), two.next()])
      expect(first.done).toBe(second.done)
      if (first.done || second.done) break
      heard[0].push(first.value)
      heard[1].push(second.value)
    }
    expect(heard[0]).toEqual(heard[1])
    checkEventLaws(heard[0], response.message)
  })

  test('one that never reads holds up nobody, and hears the whole in few pieces at last', async () => {
    const response = await ask(longAnswer())
    const [fast, stuck] = pair(response.tee(2))
    expect((await rest(fast)).length).toBeGreaterThan(2800)
    const late = await rest(stuck)
    expect(late.length).toBeLessThan(20)
    checkEventLaws(late, response.message)
    expect(late.filter(({ type }) => type === 'raw')).toHaveLength(1)
  })

  test(`any speeds give the same message (FUZZ_SEED=${seed})`, async () => {
    for (let round = 0; round < 20; round += 1) {
      const random = randomFrom(seed + round)
      // Many small pieces, or few large ones: what is kept of them is bounded in both ways.
      const large = round % 2 === 1
      const response = await ask(longAnswer(large ? { events: 70, padding: '\u{1F600}'.repeat(2000) } : {}))
      const [often, long] = large ? [0.1, 100] : [0.01, 2500]
      const listeners = response.tee(4)
      const heard: StreamEvent[][] = listeners.map(() => [])
      await Promise.all(
        listeners.map(async (events, at) => {
          for (let next = await events.next(); !next.done; next = await events.next()) {
            heard[at]?.push(next.value)
            // Stays away for as long as it takes another to read that much.
            const until = random() < often ? (heard[0]?.length ?? 0) + random() * long : 0
            while (at > 0 && (heard[0]?.length ?? 0) < until && heard[0]?.at(-1)?.type !== 'message-end')
              await new Promise((resolve) => setImmediate(resolve))
          }
        }),
      )
      for (const events of heard) {
        checkEventLaws(events, response.message)
        expect(fold(events), `FUZZ_SEED=${seed + round}`).toEqual(response.message)
      }
    }
  })

  test('the reply goes on when one leaves, and stops within 50 ms when the last one does', atOnce, async () => {
    const { contentType, open, text } = words.openai
    await using server = await wireServer({ contentType, body: open + text('one ') + text('two '), end: 'open' })
    const response = await wrapperFor('openai', { baseUrl: server.url }).call(question)
    const [one, two] = pair(response.tee(2))
    await one.next()
    await one.return(undefined)
    const heard = []
    while (heard.length < 4) heard.push((await two.next()).value)
    expect(response.text).toBe('one two ')
    const leftAt = performance.now()
    await two.return(undefined)
    expect(((await server.received[0]?.closed) ?? 0) - leftAt).toBeLessThanOrEqual(50)
    expect(response.ending).toMatchObject({ reason: 'aborted', complete: false })
  })

  test('wants a number of listeners', async () => {
    const response = await ask(longAnswer())
    expect(() => response.tee(0)).toThrow('a whole number from 1 to 1000, not 0')
    expect(() => response.tee(1.5)).toThrow('1.5')
    expect(await response.getText()).toContain('w699 ')
  })
})

const { contentType, open, text, finish: done, marker } = words.openai

/** What is sent over and over, and at how many events memory is looked at. */
const floods: Record<string, [piece: string, every: number]> = {
  'small pieces': [
    text('drop ')
      .replace('{', `{"padding":"${'p'.repeat(1000)}",`)
      .repeat(64),
    10_000,
  ],
  'large pieces': [text('d'.repeat(60_000)), 100],
  'large raw values': [`data: {"strange":"${'r'.repeat(60_000)}"}\n\n`, 100],
}

test.each(Object.entries(floods))(
  'one fast listener and nine stuck ones cost at most 4 MB beyond the text while 64 MB of %s come by',
  async (_, [piece, every]) => {
    const flood = async (response: ServerResponse) => {
      response.write(open + text('x'))
      for (let written = 0; written < 64 * 1024 * 1024; written += piece.length)
        if (!response.write(piece)) await once(response, 'drain')
      response.end(done + marker)
    }
    const small = { contentType, body: open + text('x') + done + marker }
    await using server = await wireServer(small, small, { contentType, body: flood })
    const options = { execArgv: ['--expose-gc'] }
    const child = fork(join(import.meta.dirname, 'tee.child.ts'), [server.url, String(every)], options)
    const exited = once(child, 'exit')
    const [{ grown, count, same }] = await once(child, 'message')
    expect(await exited).toEqual([0, null])
    expect(count).toBeGreaterThan(1000)
    expect(same).toBe(true)
    expect(grown).toBeLessThanOrEqual(4 * 1024 * 1024)
  },
)
