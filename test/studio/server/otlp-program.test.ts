// Traces at a real Studio, as any OpenTelemetry program sends them: what pages and charts then show of them.
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Studio } from '../../../src/studio/index.ts'
import type { CallPoint, TraceRow } from '../../../src/studio/protocol/rest.ts'
import { costOf, priceOf } from '../../../src/studio/web/charts/cost.ts'
import { factsOf, tokensPerSecond } from '../../../src/studio/web/charts/span-facts.ts'
import { traceCost } from '../../../src/studio/web/pages/trace-figures.ts'
import { asBinary, asJson, type TestSpan, type Value } from '../ingest/otlp-bytes.ts'
import { baseOf, bearer, opened, read, tab } from './opened.ts'
import { begun, spoken } from './studio-app.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const ms = 1_000_000n
const start = 1_780_000_000_000n * ms
const [root, call, tool] = ['b7ad6b7169203331', '00f067aa0ba902b7', '53995c3f42cd8ad8']
const kinds = { protobuf: 'application/x-protobuf', json: 'application/json' } as const

async function send(studio: Studio, encoding: keyof typeof kinds, spans: TestSpan[], packed = false) {
  const plain = encoding === 'protobuf' ? asBinary({ spans }) : Buffer.from(asJson({ spans }))
  const body = Buffer.from(packed ? gzipSync(plain) : plain)
  const headers = { ...bearer(studio), 'content-type': kinds[encoding], ...(packed && { 'content-encoding': 'gzip' }) }
  const response = await fetch(`${baseOf(studio)}/v1/traces`, { method: 'POST', headers, body })
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()), type: response.headers }
}

const span = (spanId: string, about: Partial<TestSpan> = {}): TestSpan => {
  return { traceId, spanId, name: 'work', kind: 1, start, end: start + 2000n * ms, ...about }
}

/** 1,130 tokens in, 812 of them from the cache, 412 out; the first after 182 ms, the last after 900 ms. */
const chat = (attributes: Record<string, Value> = {}): TestSpan =>
  span(call, {
    parentSpanId: root,
    name: 'chat qwen3-max',
    end: start + 900n * ms,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'qwen3-max',
      'gen_ai.usage.input_tokens': 1130n,
      'gen_ai.usage.output_tokens': 412n,
      'gen_ai.usage.cache_read.input_tokens': 812n,
      'gen_ai.response.time_to_first_chunk': 0.182,
      'agentscope.message_id': 'm1',
      ...attributes,
    },
  })
const told = (attributes: Record<string, Value> = {}) => [span(root, { name: 'team', attributes }), chat()]

const trace = async (studio: Studio): Promise<TraceRow> => (await read(studio, '/api/traces')).traces[0]
const spansIn = async (studio: Studio) => (await read(studio, `/api/traces/${traceId}`)).spans

describe.each(['protobuf', 'json'] as const)('spans in %s', (encoding) => {
  test.each([false, true])('are a trace, whatever order they come in; packed: %s', async (packed) => {
    await using studio = await opened()
    for (const each of [chat(), span(tool, { parentSpanId: call, name: 'search' }), span(root, { name: 'team' })]) {
      expect((await send(studio, encoding, [each], packed)).status).toBe(200)
    }
    await expect.poll(async () => (await trace(studio)).spans).toBe(3)
    expect(await trace(studio)).toMatchObject({ name: 'team', startMs: Number(start / ms), errors: 0 })
    const ids = (await spansIn(studio)).map((each: { spanId: string }) => each.spanId)
    expect(ids.sort()).toEqual([call, tool, root].sort())
  })

  test('are shown while they are open, and end when they are told to', async () => {
    await using studio = await opened()
    await send(studio, encoding, [span(root, { name: 'team', end: 0n }), chat()])
    await expect.poll(async () => (await trace(studio))?.spans).toBe(2)
    expect((await trace(studio)).endMs).toBeUndefined()
    await send(studio, encoding, [span(root, { name: 'team' })])
    await expect.poll(async () => (await trace(studio)).endMs).toBe(Number(start / ms) + 2000)
    expect((await trace(studio)).spans).toBe(2)
  })

  test('that cannot be taken are counted, beside those that are taken', async () => {
    await using studio = await opened()
    const some = await send(studio, encoding, [span(root), span('abcd'), span('')])
    const none = await send(studio, encoding, [span('abcd'), span('')])
    expect([some.status, none.status]).toEqual([200, 400])
    if (encoding === 'json') {
      const partialSuccess = { rejectedSpans: '2', errorMessage: expect.stringContaining('no span id') }
      expect(JSON.parse(some.bytes.toString())).toEqual({ partialSuccess })
      expect(JSON.parse(none.bytes.toString())).toMatchObject({ code: 3, partialSuccess })
    } else {
      // Field 1, `partial_success`, begins with its field 1, `rejected_spans`: 2. Of a status, field 1 is the code: 3.
      expect([some.bytes[0], ...some.bytes.subarray(2, 4)]).toEqual([0x0a, 0x08, 2])
      expect([...none.bytes.subarray(0, 2)]).toEqual([0x08, 3])
    }
    expect(none.type.get('content-type')).toContain(kinds[encoding])
  })

  test.each([
    [413, 'x'.repeat(11_000_000)],
    [400, 'x'],
  ])('that are refused with %i are told in their own encoding', async (status, body) => {
    await using studio = await opened()
    const headers = { ...bearer(studio), 'content-type': kinds[encoding] }
    const response = await fetch(`${baseOf(studio)}/v1/traces`, { method: 'POST', headers, body })
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      expect.stringContaining(kinds[encoding]),
    ])
    const bytes = Buffer.from(await response.arrayBuffer())
    if (encoding === 'json')
      expect(JSON.parse(bytes.toString())).toMatchObject({ code: 3, message: expect.any(String) })
    else expect([...bytes.subarray(0, 2)]).toEqual([0x08, 3])
  })
})

test('a kind of body that OTLP has not is refused with a status', async () => {
  await using studio = await opened()
  const headers = { ...bearer(studio), 'content-type': 'text/plain' }
  const response = await fetch(`${baseOf(studio)}/v1/traces`, { method: 'POST', headers, body: '{}' })
  expect([response.status, await response.json()]).toEqual([415, { code: 3, message: expect.any(String) }])
})

describe('the figures of a call', () => {
  const old: Record<string, Value> = {
    'gen_ai.system': 'dashscope',
    'gen_ai.request.model': 'qwen3-max',
    'gen_ai.usage.prompt_tokens': 1130n,
    'gen_ai.usage.completion_tokens': 412n,
    'gen_ai.usage.cache_read_input_tokens': 812n,
    'gen_ai.server.time_to_first_token': 0.182,
  }

  test.each([
    ['today', chat()],
    ['some years ago', { ...chat(), attributes: old }],
  ])('are those that a hand computes, by the names of %s', async (_, told) => {
    await using studio = await opened()
    await send(studio, 'protobuf', [told])
    await expect.poll(async () => (await read(studio, '/api/metrics?since=1')).series.length).toBe(1)
    const [point]: CallPoint[] = (await read(studio, '/api/metrics?since=1')).series
    expect(point).toMatchObject({ model: 'qwen3-max', durationMs: 900, firstContentMs: 182 })
    const [found] = await spansIn(studio)
    // 412 tokens in the 718 ms after the first.
    expect(tokensPerSecond(found)).toBeCloseTo(573.816, 3)
    const prices = { 'qwen3-max': { input: 2, output: 8, cachedInput: 0.5 } }
    // 318 × 2 + 812 × 0.5 + 412 × 8 = 4,338 millionths.
    expect(costOf(factsOf(found), priceOf('qwen3-max', prices))).toBeCloseTo(0.004338, 12)
    expect(traceCost(await trace(studio), prices)).toMatchObject({ known: 1, unknown: 0 })
    expect(traceCost(await trace(studio), prices).amount).toBeCloseTo(0.004338, 12)
  })

  test('without a price are unknown, and never nothing', async () => {
    await using studio = await opened()
    await send(studio, 'json', [chat()])
    await expect.poll(async () => (await trace(studio))?.spans).toBe(1)
    expect(traceCost(await trace(studio), {})).toEqual({ amount: 0, known: 0, unknown: 1 })
    expect(costOf(factsOf((await spansIn(studio))[0]), priceOf('qwen3-max', {}))).toBeUndefined()
  })
})

describe('a run with spans of its own', () => {
  test('has them beside its messages, each naming the message that it wrote, also live', async () => {
    await using studio = await opened()
    await studio.journals.open('run_1').append([begun('run_1'), ...spoken('m1', 'Hello', 2_000_000_000_000)])
    const { heard, send: say, socket } = await tab(studio)
    say({ t: 'sub', run: 'run_1', seq: 0, have: {} })
    await heard('Hello')
    await send(studio, 'protobuf', told({ 'gen_ai.conversation.id': 'run_1' }))
    await heard(call)
    const { spans } = await read(studio, '/api/runs/run_1/spans')
    const linked = spans.filter((each: { spanId: string }) => each.spanId === call)
    expect(linked.map(factsOf)).toMatchObject([{ messageId: 'm1', model: 'qwen3-max', firstContentMs: 182 }])
    expect((await read(studio, '/api/runs/run_1/messages')).messages).toMatchObject([{ id: 'm1' }])
    expect((await read(studio, '/api/runs')).runs).toHaveLength(1)
    socket.terminate()
  })
})
