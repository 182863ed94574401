// hedgeAfterMs: a second request beside a late one; the first with content wins, the other one's socket closes at once.
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import { atOnce } from '../suites/at-once.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { sse } from '../suites/every-cut.ts'
import { randomFrom } from '../suites/mutate.ts'
import { calls, finish } from '../suites/openai-chunks.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, type WireServer, wireServer } from '../suites/wire-server.ts'
import { answerOf, dialectWires, words } from '../suites/wire-words.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const question = [{ role: 'user', content: 'Hi' }]
const silent = (wire: Wire): Reply => ({ contentType: words[wire].contentType, body: words[wire].ping, end: 'open' })
const good = (wire: Wire): Reply => ({ contentType: words[wire].contentType, body: answerOf(wire, 'well ', 'said') })
const call = (server: WireServer, wire: Wire = 'openai', options: object = {}) =>
  wrapperFor(wire, { baseUrl: server.url, hedgeAfterMs: 30, ...options }).call(question)

async function read(response: ModelResponse) {
  const events: StreamEvent[] = []
  for await (const event of response.events) events.push(event)
  checkEventLaws(events, response.message)
  return events.filter((event) => event.type === 'notice')
}

test.each(dialectWires)(
  '%s: the second answers when the first is silent, whose socket closes within 50 ms',
  atOnce,
  async (wire) => {
    await using server = await wireServer(silent(wire), good(wire))
    const response = await call(server, wire)
    const wonAt = performance.now()
    const notices = await read(response)
    expect((await server.received[0]?.closed) ?? 0).toBeLessThanOrEqual(wonAt + 50)
    expect([response.text, response.ending?.complete]).toEqual(['well said', true])
    expect(notices).toMatchObject([{ kind: 'hedged' }, { kind: 'hedged', details: { won: 2 } }])
    expect(response.metadata['hedge']).toMatchObject({ won: 2 })
  },
)

test('so it does when not even the headers have come', atOnce, async () => {
  await using server = await wireServer(null, good('openai'))
  const response = await call(server)
  await read(response)
  expect(response.text).toBe('well said')
  await server.received[0]?.closed
})

test(`at 20 random cuts before the first token, the answer is that of the second alone (FUZZ_SEED=${seed})`, async () => {
  const random = randomFrom(seed)
  for (let round = 0; round < 20; round += 1) {
    const wire = dialectWires[round % dialectWires.length] as Wire
    const { contentType, open, text } = words[wire]
    const at = Math.floor(random() * (open + text('first')).length - 2)
    const body = (open + text('first')).slice(0, Math.max(0, at))
    await using server = await wireServer({ contentType, body, end: 'open' }, good(wire))
    const response = await call(server, wire, { hedgeAfterMs: 15 })
    const notices = await read(response)
    expect(response.text, `FUZZ_SEED=${seed}, ${wire}, byte ${at}`).toBe('well said')
    expect(notices.at(-1)).toMatchObject({ kind: 'hedged', details: { won: 2 } })
    await server.received[0]?.closed
  }
})

test('a first token in time sends no second request', async () => {
  await using server = await wireServer(good('openai'))
  const response = await call(server, 'openai', { hedgeAfterMs: 5000 })
  expect(await read(response)).toEqual([])
  expect(server.received).toHaveLength(1)
})

test('the first may still win, and the second is closed', atOnce, async () => {
  const { contentType, open, text, finish: done, marker } = words.openai
  let second = () => {}
  const asked = new Promise<void>((resolve) => {
    second = resolve
  })
  const late: Reply = { contentType, body: [open, text('late') + done + marker], gate: () => asked }
  await using server = await wireServer(late, silent('openai'))
  void server.next().then(() => server.next().then(second))
  const response = await call(server)
  const [, told] = await read(response)
  expect([response.text, told?.details?.['won']]).toEqual(['late', 1])
  await server.received[1]?.closed
})

test('what the loser cost is told when it is known', async () => {
  const { contentType } = words.anthropic
  const start = {
    type: 'message_start',
    message: {
      id: 'm',
      type: 'message',
      role: 'assistant',
      content: [],
      usage: { input_tokens: 25, output_tokens: 1 },
    },
  }
  await using server = await wireServer({ contentType, body: sse(start), end: 'open' }, good('anthropic'))
  const response = await call(server, 'anthropic')
  const notices = await read(response)
  expect(notices.at(-1)?.details).toMatchObject({ won: 2, loserUsage: { inputTokens: 25 } })
  expect(response.metadata['hedge']).toMatchObject({ loserUsage: { inputTokens: 25 } })
})

test('a call of a tool comes once, whoever wins', async () => {
  const body = sse(calls({ index: 0, id: 'a', name: 'f', args: '{}' }), finish('tool_calls'), '[DONE]')
  await using server = await wireServer(silent('openai'), { contentType: words.openai.contentType, body })
  const response = await call(server)
  await read(response)
  expect(response.toolCalls).toMatchObject([{ id: 'a', name: 'f', input: {} }])
})

test('an abort closes both', atOnce, async () => {
  await using server = await wireServer(silent('openai'))
  const stop = new AbortController()
  const model = wrapperFor('openai', { baseUrl: server.url, hedgeAfterMs: 20 })
  const call = model.call(question, { signal: stop.signal }).catch((error: unknown) => error)
  await server.next()
  await server.next()
  const stoppedAt = performance.now()
  stop.abort()
  expect(await call).toMatchObject({ type: 'aborted' })
  for (const request of server.received) expect(await request.closed).toBeLessThanOrEqual(stoppedAt + 50)
})

test.each([
  ['content', words.openai.text('well'), ['well', true, 2]],
  ['a failure', words.openai.overloaded('busy'), ['', true, 1]],
])('an empty answer leaves it to the other, and stands before a failure: %s', async (_, second, expected) => {
  const { contentType, open, finish: done, marker } = words.openai
  let asked = () => {}
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve
  })
  const empty: Reply = { contentType, body: [open, done + marker], gate: () => isAsked }
  const answer = (response: ServerResponse) => {
    asked()
    response.end(open + second + done + marker)
  }
  await using server = await wireServer(empty, { contentType, body: answer })
  const response = await call(server)
  const notices = await read(response)
  expect([response.text ?? '', response.ending?.complete, notices.at(-1)?.details?.['won']]).toEqual(expected)
})

test('one that fails leaves it to the other; two that fail are one error, and nobody is said to have won', async () => {
  const refused: Reply = { status: 400, contentType: 'application/json', body: '{"error":{"message":"No."}}' }
  await using server = await wireServer(silent('openai'), refused)
  const clocks = { firstContentMs: 120 }
  const response = await call(server, 'openai', { clocks })
  const notices = await read(response)
  expect(response.ending).toMatchObject({ reason: 'error', error: { type: 'timeout' } })
  expect(notices.at(-1)).toMatchObject({ kind: 'hedged', text: 'Both requests failed.' })
  expect(response.metadata['hedge']).toBeUndefined()
  await using both = await wireServer(refused)
  await expect(call(both)).rejects.toMatchObject({ status: 400 })
})
