// fallbacks: another model answers, before the first content, when the retries are used up.
import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { Msg } from '../../src/core/message.ts'
import { createModels } from '../../src/models/config.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import type { ChatWrapper } from '../../src/models/wrapper.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { randomFrom } from '../suites/mutate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, wireServer } from '../suites/wire-server.ts'
import { answerOf, dialectWires, words } from '../suites/wire-words.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const question = [{ role: 'user', content: 'Hi' }]
const json = 'application/json'
const refusal = (status: number): Reply => ({ status, contentType: json, body: '{"error":{"message":"No."}}' })
const good = (wire: Wire): Reply => ({ contentType: words[wire].contentType, body: answerOf(wire, 'well ', 'said') })
const other = (wire: Wire, baseUrl: string) =>
  wrapperFor(wire, { baseUrl, configName: 'other', modelName: 'other-model' })

async function read(response: ModelResponse) {
  const events: StreamEvent[] = []
  for await (const event of response.events) events.push(event)
  checkEventLaws(events, response.message)
  return { events, kinds: events.flatMap((event) => (event.type === 'notice' ? [event.kind] : [])) }
}

/** What comes when the first model answers so, and another of that wire stands by. */
async function answered(first: Reply | null, wire: Wire = 'anthropic', options: Record<string, unknown> = {}) {
  await using server = await wireServer(first)
  await using second = await wireServer(good(wire))
  const model = wrapperFor('openai', { baseUrl: server.url, fallbacks: [other(wire, second.url)], ...options })
  const response = await model.call(question)
  return { response, ...(await read(response)), asked: server.received.length, sent: second.received[0]?.body }
}

test.each([401, 403, 404, 429, 500, 503])(
  'after status %i the next model answers, and everything says so',
  async (status) => {
    const { response, events, kinds } = await answered(refusal(status))
    expect(response.text).toBe('well said')
    expect(response.ending).toMatchObject({ reason: 'stop', complete: true })
    expect(kinds).toEqual(['replaced'])
    expect(events[0]).toMatchObject({ type: 'message-start', name: 'other-model' })
    expect(response.metadata).toMatchObject({
      dialect: 'anthropic',
      answeredBy: { configName: 'other', modelName: 'other-model', provider: 'anthropic' },
      replaced: [{ from: { modelName: 'test-model' }, to: { modelName: 'other-model' }, error: { status } }],
    })
  },
)

test('only when the retries are used up', async () => {
  const { kinds, asked } = await answered({ ...refusal(503), headers: { 'retry-after-ms': '0' } }, 'gemini', {
    maxRetries: 2,
  })
  expect(asked).toBe(3)
  expect(kinds).toEqual(['retry', 'retry', 'replaced'])
})

test(`at 20 cuts before the first content, and at none after it (FUZZ_SEED=${seed})`, async () => {
  const random = randomFrom(seed)
  const { contentType, open, text } = words.openai
  const beginning = open + text('half')
  for (let round = 0; round < 20; round += 1) {
    const at = Math.floor(random() * (beginning.length - 2))
    const { response, kinds } = await answered({ contentType, body: beginning.slice(0, at) })
    expect([response.text, kinds], `FUZZ_SEED=${seed}, byte ${at}`).toEqual(['well said', ['replaced']])
  }
  const { response, kinds } = await answered({ contentType, body: beginning })
  expect([response.text, response.ending?.reason, kinds]).toEqual(['half', 'truncated', []])
})

test('an error inside a 200 and a first token that never comes are failures too', async () => {
  const { contentType, overloaded, ping } = words.openai
  expect((await answered({ contentType, body: overloaded('busy') })).kinds).toEqual(['replaced'])
  const silent: Reply = { contentType, body: ping, end: 'open' }
  const { kinds, response } = await answered(silent, 'ollama', { clocks: { firstContentMs: 40 } })
  expect([kinds, response.text]).toEqual([['replaced'], 'well said'])
})

describe.each(dialectWires)('to %s', (wire) => {
  const history = [new Msg('system', 'Be brief.', 'system'), new Msg('Ann', 'Hi!', 'user')]
  const tools = [{ name: 'look', description: 'Looks.', parameters: { type: 'object', properties: {} } }]

  test.each(wires)('a history that was formatted for %s is formatted anew', async (from) => {
    await using server = await wireServer(refusal(404))
    await using second = await wireServer(good(wire))
    const standIn = other(wire, second.url)
    const model: ChatWrapper = wrapperFor(from, { baseUrl: server.url, fallbacks: [standIn] })
    await read(await model.call(model.format(history), { tools }))
    await read(await standIn.call(standIn.format(history), { tools }))
    const [asked, directly] = second.received
    expect(asked?.body).toEqual(directly?.body)
  })
})

test('generation options go along on the same wire only, because they are in its words', async () => {
  for (const [wire, expected] of [
    ['openai', 0.5],
    ['anthropic', undefined],
  ] as const) {
    await using server = await wireServer(refusal(404))
    await using second = await wireServer(good(wire))
    const model = wrapperFor('openai', { baseUrl: server.url, fallbacks: [other(wire, second.url)] })
    await read(await model.call(question, { temperature: 0.5 }))
    expect(second.received[0]?.body['temperature']).toBe(expected)
  }
})

describe('configurations', () => {
  const config = (name: string, more: object = {}) => ({
    config_name: name,
    model_type: 'openai_chat',
    model_name: `${name}-model`,
    api_key: 'test-key-000000',
    max_retries: 0,
    ...more,
  })

  test('name each other', async () => {
    await using server = await wireServer(refusal(503), refusal(503), good('openai'))
    const address = { client_args: { base_url: server.url }, stream: true }
    const models = createModels([
      config('a', { fallbacks: ['b', 'c'], continue_after_break: 1, ...address }),
      config('b', { fallbacks: ['a'], ...address }),
      config('c', address),
    ])
    const response = await models.model('a').call(question)
    expect((await read(response)).kinds).toEqual(['replaced', 'replaced'])
    expect(response.metadata['answeredBy']).toMatchObject({ configName: 'c' })
  })

  test('that nobody knows are told at once, for a wrapper without configurations', () => {
    expect(() => wrapperFor('openai', { fallbacks: ['b'] })).toThrow('knows no configurations')
    expect(() => wrapperFor('openai', { fallbacks: [7] })).toThrow(
      'fallbacks must list configuration names or wrappers',
    )
    expect(() => wrapperFor('openai', { fallbacks: 'b' })).toThrow('fallbacks must be a list')
  })
})

test('when all fail, the error is typed and tells of all, and no key', async () => {
  await using server = await wireServer(refusal(503))
  const model = wrapperFor('openai', { baseUrl: server.url, fallbacks: [other('gemini', server.url)] })
  const error = await model.call(question).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ type: 'provider', status: 503, retryable: true })
  expect(String(error)).toMatch(/test: .*other: /s)
  expect(JSON.stringify(error)).not.toContain('test-key')
})

test('a stand-in that cannot be asked is passed over, and told of with the others', async () => {
  await using server = await wireServer(refusal(503))
  await using second = await wireServer(good('openai'))
  const named = (modelName: string) => wrapperFor('openai', { baseUrl: second.url, modelName, configName: modelName })
  const prices = { 'test-model': { input: 1 }, priced: { input: 1 } }
  const asked = (...fallbacks: ChatWrapper[]) =>
    wrapperFor('openai', { baseUrl: server.url, fallbacks, budget: { maxCost: 1, prices } }).call(question)
  const response = await asked(named('unpriced'), named('priced'))
  await read(response)
  expect(response.metadata['answeredBy']).toMatchObject({ modelName: 'priced' })
  expect(second.received).toHaveLength(1)
  const error = await asked(named('unpriced')).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ type: 'provider', status: 503 })
  expect(String(error)).toMatch(/test: .*503.*there is no price for unpriced/s)
})

test('what is wrong with the question itself is no reason to ask another, nor is a stop', async () => {
  await using server = await wireServer(good('openai'))
  const model = wrapperFor('openai', { baseUrl: server.url, fallbacks: [other('openai', server.url)] })
  await expect(model.call([])).rejects.toMatchObject({ type: 'input' })
  await expect(model.call(question, { signal: AbortSignal.abort() })).rejects.toMatchObject({ type: 'aborted' })
  expect(server.received).toHaveLength(0)
})

test('a call that does not stream falls back as well', async () => {
  await using server = await wireServer(refusal(500), { contentType: json, body: words.openai.whole('well') })
  const model = wrapperFor('openai', { baseUrl: server.url, fallbacks: [other('openai', server.url)] })
  expect(await (await model.call(question, { stream: false })).getText()).toBe('well')
})
