import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Loopback, loopback, stockRun } from './loopback.ts'
import {
  asBinary,
  asJson,
  message,
  number,
  part,
  type TestGroup,
  type TestSpan,
  text,
  type Value,
} from './otlp-bytes.ts'

const trace = '0af7651916cd43dd8448eb211c80319c'
const second = 1_000_000_000n
const start = 1_780_000_000n * second
const ids = { root: 'b7ad6b7169203331', child: '00f067aa0ba902b7' }
const kinds = { protobuf: 'application/x-protobuf', json: 'application/json' } as const
type Encoding = keyof typeof kinds
const encodings = Object.keys(kinds) as Encoding[]

function spanOf(about: Partial<TestSpan> = {}): TestSpan {
  return { traceId: trace, spanId: ids.root, name: 'chat qwen', kind: 3, start, end: start + second, ...about }
}

function encoded(encoding: Encoding, ...groups: TestGroup[]): Uint8Array {
  return encoding === 'protobuf' ? asBinary(...groups) : Buffer.from(asJson(...groups))
}

async function send(studio: Loopback, body: Uint8Array, headers: Record<string, string>) {
  const response = await fetch(`${studio.url}/v1/traces`, { method: 'POST', body: Buffer.from(body), headers })
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: Buffer.from(await response.arrayBuffer()),
  }
}

/** Sends groups that are all taken. */
async function exported(studio: Loopback, encoding: Encoding, ...groups: TestGroup[]): Promise<void> {
  const answer = await send(studio, encoded(encoding, ...groups), { 'content-type': kinds[encoding] })
  expect([answer.status, answer.body.toString()]).toEqual([200, encoding === 'json' ? '{}' : ''])
}

const made = `trace-${trace}`
const about = (attributes: Record<string, Value>, spanId = ids.root): TestGroup => ({
  spans: [spanOf({ spanId, attributes })],
})

describe.each(encodings)('spans in %s', (encoding) => {
  // Long because it names every field and every type of value once.
  test('are kept with everything that OTLP tells of them', async () => {
    await using studio = await loopback()
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'qwen3-max',
      'gen_ai.usage.input_tokens': 1130n,
      big: 9_007_199_254_740_993n,
      negative: -5n,
      half: 0.5,
      no: false,
      list: ['a', 1n, [true]],
      map: { 'a.b': 'c' },
      raw: Uint8Array.of(1, 2, 255),
    }
    const events = [{ name: 'exception', at: start + 500_000n, attributes: { 'exception.type': 'E' } }]
    const full = spanOf({ parentSpanId: ids.child, attributes, events, status: { code: 2, message: 'broke' } })
    await exported(studio, encoding, {
      resource: { 'service.name': 'bot' },
      scope: { name: 'lib', version: '1' },
      spans: [full],
    })
    expect(await studio.spans(made)).toEqual([
      {
        traceId: trace,
        spanId: ids.root,
        parentSpanId: ids.child,
        name: 'chat qwen',
        kind: 'model',
        startMs: 1_780_000_000_000,
        endMs: 1_780_000_001_000,
        status: 'error',
        attributes: {
          ...attributes,
          'gen_ai.usage.input_tokens': 1130,
          big: '9007199254740993',
          negative: -5,
          list: ['a', 1, [true]],
          raw: 'AQL/',
          'service.name': 'bot',
          'otel.scope.name': 'lib',
          'otel.scope.version': '1',
          'otel.span_kind': 'client',
          'otel.status_description': 'broke',
        },
        events: [{ name: 'exception', atMs: 1_780_000_000_000.5, attributes: { 'exception.type': 'E' } }],
      },
    ])
  })

  test('may come packed, once', async () => {
    await using studio = await loopback()
    const packed = gzipSync(encoded(encoding, { spans: [spanOf()] }))
    const headers = { 'content-type': kinds[encoding], 'content-encoding': 'gzip' }
    expect((await send(studio, packed, headers)).status).toBe(200)
    expect(await studio.spans(made)).toHaveLength(1)
    expect((await send(studio, gzipSync(packed), headers)).status).toBe(400)
  })

  test('are open while they have no end, and may come twice', async () => {
    await using studio = await loopback()
    const open = { spans: [spanOf({ end: 0n })] }
    for (const group of [open, open, { spans: [spanOf()] }, { spans: [spanOf()] }])
      await exported(studio, encoding, group)
    expect((await studio.spans(made)).map(({ endMs }) => endMs)).toEqual([undefined, 1_780_000_001_000])
  })

  test('are told truthfully when some cannot be taken', async () => {
    await using studio = await loopback()
    const wrong = [spanOf({ traceId: '0'.repeat(32) }), spanOf({ spanId: 'abcd' }), spanOf({ name: 'late', start: 0n })]
    const body = encoded(encoding, { spans: [spanOf(), ...wrong] })
    const answer = await send(studio, body, { 'content-type': kinds[encoding] })
    expect([answer.status, answer.type]).toEqual([200, expect.stringContaining(kinds[encoding])])
    const reasons = ['has no trace id', 'has no span id', 'has no startTimeUnixNano']
    for (const reason of reasons) expect(answer.body.toString()).toContain(reason)
    if (encoding === 'json')
      expect(JSON.parse(answer.body.toString())).toMatchObject({ partialSuccess: { rejectedSpans: '3' } })
    else expect(answer.body.subarray(4, 5)).toEqual(Buffer.of(3))
    expect(await studio.spans(made)).toHaveLength(1)
  })

  test('are refused when none can be taken', async () => {
    await using studio = await loopback()
    const body = encoded(encoding, { spans: [spanOf({ spanId: '' })] })
    const answer = await send(studio, body, { 'content-type': kinds[encoding] })
    expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringContaining('no span id')])
    expect(await studio.journals.runs()).toEqual([])
  })

  test('none at all is fine', async () => {
    await using studio = await loopback()
    await exported(studio, encoding)
  })
})

describe('the answer in protocol buffers', () => {
  test('is exactly the bytes of the specification', async () => {
    await using studio = await loopback()
    const body = asBinary({ spans: [spanOf(), spanOf({ spanId: '', name: '' })] })
    const answer = await send(studio, body, { 'content-type': kinds.protobuf })
    const told = 'A span has no span id of 8 bytes in hex.'
    expect(answer.body).toEqual(message(part(1, number(1, 1n), text(2, told))))
  })
})

describe('the run of a span', () => {
  const root = (run?: string) => spanOf({ attributes: run === undefined ? {} : { 'gen_ai.conversation.id': run } })
  const child = spanOf({ spanId: ids.child, parentSpanId: ids.root, name: 'POST' })

  test('is the one it names, which its program tells of itself', async () => {
    await using studio = await loopback()
    await studio.call('registerRun', stockRun)
    await exported(studio, 'protobuf', { spans: [root('run_7f3a')] })
    expect((await studio.records('run_7f3a')).map(({ type }) => type)).toEqual(['run', 'span'])
    expect(await studio.journals.runs()).toEqual(['run_7f3a'])
  })

  test('is that of its trace, also when the child comes first', async () => {
    await using studio = await loopback()
    await exported(studio, 'protobuf', { spans: [child] })
    expect(await studio.journals.runs()).toEqual([made])
    await exported(studio, 'protobuf', { spans: [root('run_1')] })
    expect(await studio.journals.runs()).toEqual(['run_1'])
    expect((await studio.spans('run_1')).map(({ spanId }) => spanId)).toEqual([ids.child, ids.root])
  })

  test('is agentscope.run_id before the conversation', async () => {
    await using studio = await loopback()
    await exported(studio, 'json', about({ 'gen_ai.conversation.id': 'a', 'agentscope.run_id': 'b' }))
    expect(await studio.journals.runs()).toEqual(['b'])
  })

  test('is made of the service and the trace when nobody names one, and ends with its first span', async () => {
    await using studio = await loopback()
    const resource = { 'service.name': 'shop', 'host.name': 'box' }
    await exported(studio, 'json', { resource, spans: [{ ...root(), end: 0n, name: 'order' }, child] })
    await exported(studio, 'json', { resource, spans: [{ ...root(), name: 'order', status: { code: 2 } }] })
    const told = (await studio.records(made)).flatMap((each) => (each.type === 'run' ? [each.run] : []))
    expect(told).toMatchObject([
      { id: made, project: 'shop', name: 'order', status: 'running', startedAt: '2026-05-28T20:26:40.000Z' },
      { status: 'failed', endedAt: '2026-05-28T20:26:41.000Z' },
    ])
    const [first, under] = await studio.spans(made)
    expect([first?.attributes['host.name'], under?.attributes['host.name']]).toEqual(['box', undefined])
  })
})

describe('names of attributes', () => {
  test.each<[string, Record<string, Value>, string, Record<string, unknown>]>([
    ['a chat', { 'gen_ai.operation.name': 'chat' }, 'model', {}],
    ['an embedding', { 'gen_ai.operation.name': 'embeddings' }, 'model', {}],
    ['a tool', { 'gen_ai.operation.name': 'execute_tool' }, 'tool', {}],
    ['an agent', { 'gen_ai.operation.name': 'invoke_agent' }, 'agent', {}],
    ['a formatter', { 'gen_ai.operation.name': 'format' }, 'other', {}],
    ['no generative work', { 'http.method': 'GET' }, 'other', {}],
    [
      'older OpenTelemetry',
      {
        'gen_ai.system': 'openai',
        'gen_ai.request.model': 'm',
        'gen_ai.usage.prompt_tokens': 1n,
        'gen_ai.usage.completion_tokens': 2n,
      },
      'model',
      { 'gen_ai.provider.name': 'openai', 'gen_ai.usage.input_tokens': 1, 'gen_ai.usage.output_tokens': 2 },
    ],
    [
      'AgentScope before 1.0.9',
      {
        'project.run_id': made,
        'span.kind': 'LLM',
        metadata: '{"model_name":"qwen"}',
        output: '{"usage":{"input_tokens":3,"output_tokens":4}}',
      },
      'model',
      {
        'gen_ai.conversation.id': made,
        'gen_ai.request.model': 'qwen',
        'gen_ai.usage.input_tokens': 3,
        'gen_ai.usage.output_tokens': 4,
      },
    ],
    [
      'OpenInference',
      { 'openinference.span.kind': 'LLM', 'llm.model_name': 'm', 'llm.token_count.prompt': 5n },
      'model',
      { 'gen_ai.request.model': 'm', 'gen_ai.usage.input_tokens': 5 },
    ],
    [
      'a time to the first chunk',
      { 'gen_ai.response.time_to_first_chunk': 0.25 },
      'other',
      { 'gen_ai.response.time_to_first_chunk': 0.25 },
    ],
    [
      'one in milliseconds',
      { 'ai.response.msToFirstChunk': 182 },
      'other',
      { 'gen_ai.response.time_to_first_chunk': 0.182 },
    ],
    [
      'today beside yesterday',
      { 'gen_ai.usage.prompt_tokens': 1n, 'gen_ai.usage.input_tokens': 2n },
      'other',
      { 'gen_ai.usage.prompt_tokens': 1, 'gen_ai.usage.input_tokens': 2 },
    ],
  ])('%s', async (_, attributes, kind, expected) => {
    await using studio = await loopback()
    await exported(studio, 'protobuf', about(attributes))
    expect(await studio.spans(made)).toMatchObject([{ kind, attributes: expected }])
  })

  test('an event can tell when the first piece came', async () => {
    await using studio = await loopback()
    const events = [{ name: 'gen_ai.first_token', at: start + second / 4n }]
    await exported(studio, 'json', { spans: [spanOf({ events })] })
    expect((await studio.spans(made))[0]?.attributes['gen_ai.response.time_to_first_chunk']).toBe(0.25)
  })
})

describe('what cannot be read', () => {
  const good = asBinary({ spans: [spanOf()] })
  test.each<[string, Uint8Array | string, Record<string, string>, number]>([
    ['bytes cut off', good.subarray(0, -3), { 'content-type': kinds.protobuf }, 400],
    ['bytes of something else', Buffer.from('hello'), { 'content-type': kinds.protobuf }, 400],
    ['JSON in the name of protobuf', asJson({ spans: [spanOf()] }), { 'content-type': kinds.protobuf }, 400],
    ['no JSON', '{', { 'content-type': kinds.json }, 400],
    ['a list', '[]', { 'content-type': kinds.json }, 400],
    ['names with underscores', '{"resource_spans":[]}', { 'content-type': kinds.json }, 400],
    [
      'spans that are no list',
      '{"resourceSpans":[{"scopeSpans":[{"spans":{}}]}]}',
      { 'content-type': kinds.json },
      400,
    ],
    ['gzip that is none', good, { 'content-type': kinds.protobuf, 'content-encoding': 'gzip' }, 400],
    ['another encoding', good, { 'content-type': kinds.protobuf, 'content-encoding': 'br' }, 415],
    ['another type', good, { 'content-type': 'text/plain' }, 415],
    ['11 MB', Buffer.alloc(11 * 1024 * 1024), { 'content-type': kinds.protobuf }, 413],
    [
      'a gzip of 50 MB of nothing',
      gzipSync(Buffer.alloc(50 * 1024 * 1024)),
      { 'content-type': kinds.protobuf, 'content-encoding': 'gzip' },
      413,
    ],
  ])('%s is answered, and the server lives', async (_, body, headers, status) => {
    await using studio = await loopback()
    const answer = await send(studio, Buffer.from(body), headers)
    expect([answer.status, answer.body.length > 0]).toEqual([status, true])
    await exported(studio, 'protobuf', { spans: [spanOf()] })
  })

  test('every cut of a good request is answered with 200 or 400', async () => {
    await using studio = await loopback()
    for (let size = 0; size < good.length; size += 7) {
      const { status } = await send(studio, good.subarray(0, size), { 'content-type': kinds.protobuf })
      expect(size === 0 ? [200] : [200, 400]).toContain(status)
    }
  })
})
