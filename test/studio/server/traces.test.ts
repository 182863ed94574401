// Spans: told by a program, or made from its events; traces of them; the calls that charts are made of.
import { describe, expect, test } from 'vitest'
import type { JournalRecord, Span } from '../../../src/journal/journal.ts'
import { begun, roomWithApp, spoken } from './studio-app.ts'

const speaker = { name: 'Planner', id: 'agent-1' }
const at = 2_000_000_000_000

const invocation: JournalRecord = {
  type: 'invocation',
  at: at + 900,
  invocation: {
    id: 'call-1',
    speaker,
    replyId: 'reply-m1',
    model: { modelType: 'dashscope_chat', configName: 'qwen', modelName: 'qwen-max', provider: 'dashscope' },
    startedAt: new Date(at).toISOString(),
    durationMs: 900,
    firstContentMs: 180,
    messages: [],
    options: { temperature: 0.5, headers: { Authorization: 'Bearer sk-secret', 'x-api-key': 'sk-secret' } },
    response: {
      id: 'm1',
      name: 'Planner',
      role: 'assistant',
      content: 'Hi',
      usage: { inputTokens: 10, outputTokens: 4 },
    },
  },
}

function span(id: string, more: Partial<Span>): JournalRecord {
  const whole: Span = { traceId: 'trace', spanId: id, name: id, kind: 'other', startMs: at, attributes: {}, ...more }
  return { type: 'span', at, span: whole }
}

describe('spans', () => {
  test('are made of what a run tells: the run, the reply, the question to the model', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', begun('one', 'travel'), ...spoken('m1', 'Hi', at + 500), invocation)
    const { spans } = await studio.read('/api/runs/one/spans')
    const model = spans.find((each: Span) => each.kind === 'model')
    expect(spans.map((each: Span) => each.name)).toEqual(['travel', 'chat qwen-max', 'Planner'])
    expect(model).toMatchObject({ parentSpanId: 'reply:reply-m1', startMs: at, endMs: at + 900, status: 'ok' })
    expect(model.attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 10, 'agentscope.message_id': 'm1' })
  })

  test('hold no keys, and neither does the journal', async () => {
    await using studio = await roomWithApp()
    await studio.log(
      'one',
      begun('one'),
      invocation,
      span('s', { attributes: { 'http.request.header.authorization': 'sk-secret' } }),
    )
    const everything = JSON.stringify([
      await studio.read('/api/runs/one/spans'),
      await studio.read('/api/runs/one/raw'),
    ])
    expect(everything).toContain('[redacted]')
    expect(everything).not.toContain('sk-secret')
  })

  test('of a tool call last from the end of its writing to the end of its result', async () => {
    await using studio = await roomWithApp()
    const event = (time: number, each: object) => ({ type: 'event', at: time, speaker, event: each }) as JournalRecord
    await studio.log(
      'one',
      event(at, { type: 'message-start', id: 'm', role: 'assistant', name: 'P', replyId: 'r' }),
      event(at, {
        type: 'block-start',
        id: 'm',
        index: 0,
        block: { type: 'tool_use', id: 'c', name: 'search', rawInput: '{}' },
      }),
      event(at + 10, { type: 'block-end', id: 'm', index: 0 }),
    )
    const tool = async () => (await studio.read('/api/runs/one/spans')).spans.find((each: Span) => each.kind === 'tool')
    expect(await tool()).toMatchObject({ name: 'search', startMs: at + 10, parentSpanId: 'reply:r' })
    expect((await tool()).endMs).toBeUndefined()
    await studio.log(
      'one',
      event(at + 50, { type: 'message-start', id: 'n', role: 'system', name: 'P', replyId: 'r' }),
      event(at + 50, { type: 'block-start', id: 'n', index: 0, block: { type: 'tool_result', id: 'c', output: 'no' } }),
      event(at + 90, { type: 'block-end', id: 'n', index: 0, isError: true }),
    )
    expect(await tool()).toMatchObject({ endMs: at + 90, status: 'error' })
  })
})

describe('traces', () => {
  test('say what is in them, and are found by it', async () => {
    await using studio = await roomWithApp()
    const attributes = {
      'gen_ai.request.model': 'qwen',
      'gen_ai.usage.input_tokens': '100',
      'gen_ai.usage.output_tokens': 7,
    }
    await studio.log(
      'one',
      span('root', { name: 'team', endMs: at + 2000 }),
      span('call', { kind: 'model', parentSpanId: 'root', endMs: at + 900, attributes }),
      span('tool', { kind: 'tool', name: 'search', parentSpanId: 'root', endMs: at + 80, status: 'error' }),
    )
    const { traces, total } = await studio.read('/api/traces')
    expect(total).toBe(1)
    expect(traces).toEqual([
      {
        ...{ traceId: 'trace', runId: 'one', name: 'team', startMs: at, endMs: at + 2000, spans: 3, errors: 1 },
        ...{ models: ['qwen'], tools: ['search'] },
        usage: [{ model: 'qwen', inputTokens: 100, outputTokens: 7 }],
      },
    ])
    const count = async (query: string) => (await studio.read(`/api/traces?${query}`)).traces.length
    expect([await count('model=qwen'), await count('model=other')]).toEqual([1, 0])
    expect([await count('tool=search&error=1'), await count('tool=read')]).toEqual([1, 0])
    expect([await count('minMs=2000'), await count('minMs=2001')]).toEqual([1, 0])
    expect([await count('minTokens=107'), await count('minTokens=108')]).toEqual([1, 0])
    expect([await count('q=TEA'), await count(`before=${at}`)]).toEqual([1, 0])
    expect((await studio.read('/api/traces/trace')).spans.length).toBe(3)
    expect(await studio.read('/api/runs/one')).toMatchObject({ tokensIn: 100, tokensOut: 7 })
  })
})

describe('metrics', () => {
  test('are the calls that have ended since a time', async () => {
    await using studio = await roomWithApp()
    await studio.log('one', begun('one'), invocation, span('open', { kind: 'tool' }))
    const { series, total } = await studio.read('/api/metrics?since=1')
    expect(total).toBe(1)
    expect(series).toEqual([
      {
        ...{ at, kind: 'model', runId: 'one', model: 'qwen-max', agent: 'Planner', durationMs: 900 },
        ...{ firstContentMs: 180, inputTokens: 10, outputTokens: 4 },
      },
    ])
    expect((await studio.read(`/api/metrics?since=${at + 1}`)).series).toEqual([])
  })
})
