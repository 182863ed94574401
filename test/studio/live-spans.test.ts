// The spans of a run as they are told live: open while a model speaks or a tool works, without what was said.
import { expect, test } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import type { JournalRecord, Span } from '../../src/journal/journal.ts'
import type { ModelInvocation } from '../../src/scope.ts'
import { RunEncoder } from '../../src/studio/protocol/encode.ts'
import { begin, delta, end, messageId, Room, Tab } from './hub-tab.ts'
import { said, start } from './logging.ts'

const model = `model:${messageId}`
const response: Msg = { id: messageId, name: 'Friday', role: 'assistant', content: 'Hi' }
const invocation: ModelInvocation = {
  id: messageId,
  speaker: { name: 'Friday', id: 'agent-Friday' },
  replyId: 'r_k3j9x2',
  model: { modelType: 'any', configName: 'big', modelName: 'big-1', provider: 'openai' },
  startedAt: new Date(start - 400).toISOString(),
  durationMs: 900,
  firstContentMs: 500,
  messages: [{ role: 'user', content: 'a long prompt' }],
  options: {},
  response: { ...response, usage: { inputTokens: 12, outputTokens: 3 } },
}

async function watched(room: Room): Promise<Tab> {
  const tab = new Tab(room)
  tab.subscribe()
  await room.clock.pass(50)
  return tab
}

test('a question to a model is open from the first word of its message, and grows until it ends', async () => {
  await using room = new Room()
  const tab = await watched(room)
  await room.log('run', ...begin())
  await room.clock.pass(50)
  const open = tab.model.spans.get(model) as Span
  expect(open).toMatchObject({ kind: 'model', startMs: start, parentSpanId: 'reply:r_k3j9x2' })
  expect(open.endMs).toBeUndefined()
  await room.log('run', delta('Hi'), ...end())
  await room.journals.open('run').append({ type: 'invocation', at: start, invocation })
  await room.clock.pass(50)
  const whole = tab.model.spans.get(model) as Span
  expect(whole).toMatchObject({ kind: 'model', name: 'chat big-1', startMs: start - 400, endMs: start + 500 })
  expect(JSON.stringify(tab.frames)).not.toContain('a long prompt')
  expect(whole.attributes).toMatchObject({ 'gen_ai.agent.name': 'Friday', 'gen_ai.usage.output_tokens': 3 })
  expect(tab.model.spans.get('reply:r_k3j9x2')).toMatchObject({ kind: 'agent', endMs: start })
})

test('a message that no model said is no question to a model when it has ended', async () => {
  await using room = new Room()
  const tab = await watched(room)
  await room.log('run', ...begin(), delta('Hi'), ...end())
  await room.clock.pass(50)
  expect(tab.model.spans.get(model)).toMatchObject({ kind: 'other', endMs: start })
})

test('a tool call is open until its result has ended', async () => {
  await using room = new Room()
  const tab = await watched(room)
  const use: StreamEvent[] = [
    {
      type: 'block-start',
      id: messageId,
      index: 1,
      block: { type: 'tool_use', id: 'c', name: 'bash', rawInput: '{}' },
    },
    { type: 'block-end', id: messageId, index: 1 },
  ]
  await room.log('run', ...begin(), ...use)
  await room.clock.pass(50)
  expect(tab.model.spans.get('tool:c')).toMatchObject({ kind: 'tool', name: 'bash' })
  expect(tab.model.spans.get('tool:c')?.endMs).toBeUndefined()
  const result = { type: 'tool_result', id: 'c', output: 'done' } as const
  await room.log('run', { type: 'block-start', id: messageId, index: 2, block: result })
  await room.log('run', { type: 'block-end', id: messageId, index: 2 })
  await room.clock.pass(50)
  expect(tab.model.spans.get('tool:c')).toMatchObject({ status: 'ok', endMs: start })
})

test('a tab that comes is told of the spans that are open, and of those that change', async () => {
  await using room = new Room()
  await room.log('run', ...begin('one'), ...end('one'), ...begin('two'))
  const tab = await watched(room)
  expect([...tab.model.spans.keys()].sort()).toEqual(['model:two', 'reply:r_k3j9x2'])
})

test('a program that tells spans of its own is not guessed at, and its tokens count', () => {
  const encoder = new RunEncoder('run')
  const attributes = { 'gen_ai.usage.input_tokens': 70, 'gen_ai.usage.output_tokens': 8 }
  const span: Span = { traceId: 't', spanId: 's', name: 'chat', kind: 'model', startMs: start, attributes: {} }
  const records: JournalRecord[] = [
    { type: 'span', at: start, span },
    { type: 'span', at: start, span: { ...span, endMs: start + 9, attributes } },
    ...begin().map((event) => said(event)),
  ]
  for (const [at, record] of records.entries()) encoder.add({ offset: at + 1, record })
  expect(encoder.head()).toMatchObject({ tokensIn: 70, tokensOut: 8 })
  const spans = encoder.changes.since(0).flatMap((thing) => (thing.type === 'span' ? [thing.span.spanId] : []))
  expect(spans.sort()).toEqual(['reply:r_k3j9x2', 's'])
})
