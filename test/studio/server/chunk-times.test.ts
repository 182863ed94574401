import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../../src/core/event.ts'
import type { Msg } from '../../../src/core/message.ts'
import type { JournalRecord, Span } from '../../../src/journal/journal.ts'
import { ChunkTimes } from '../../../src/studio/protocol/chunk-times.ts'
import { newHead, RunFold } from '../../../src/studio/server/run-fold.ts'

describe('the times of pieces', () => {
  test('are told from the start of the call, once', () => {
    const times = new ChunkTimes()
    for (const at of [1182, 1190.6, 1300]) times.heard('m', at)
    expect(times.take('m', 1000)).toEqual([182, 191, 300])
    expect(times.take('m', 1000)).toBeUndefined()
  })

  test('of messages whose call is never told do not pile up', () => {
    const times = new ChunkTimes()
    for (let index = 0; index < 1000; index++) times.heard(`m${index}`, index)
    expect([times.take('m0', 0), times.take('m935', 0), times.take('m999', 0)]).toEqual([undefined, undefined, [999]])
  })
})

const speaker = { id: 'a', name: 'Planner' }

/** The spans of a run in which these events happened, one each millisecond from 1000 on. */
function spansOf(events: StreamEvent[], after: JournalRecord[] = []): Map<string, Span> {
  const fold = new RunFold(newHead('run', 1000))
  const told = events.map((event, index): JournalRecord => ({ type: 'event', at: 1000 + index, speaker, event }))
  for (const [offset, record] of [...told, ...after].entries()) fold.apply({ offset: offset + 1, record })
  return new Map([...fold.take().spans].map(([id, { span }]) => [id, span]))
}

const start: StreamEvent = { type: 'message-start', id: 'm', role: 'assistant', name: 'Planner', replyId: 'r' }

describe('the spans of a run', () => {
  test('hold what a tool was given and what it gave', () => {
    const use = { type: 'tool_use', id: 'c', name: 'bash', rawInput: '' } as const
    const result = { type: 'tool_result', id: 'c', name: 'bash', output: '' } as const
    const spans = spansOf([
      start,
      { type: 'block-start', id: 'm', index: 0, block: use },
      { type: 'tool-use-delta', id: 'm', index: 0, delta: '{"command":"ls"}' },
      { type: 'block-end', id: 'm', index: 0 },
      { type: 'block-start', id: 'm', index: 1, block: result },
      { type: 'tool-result-delta', id: 'm', index: 1, delta: 'a.txt' },
      { type: 'block-end', id: 'm', index: 1 },
    ])
    const { attributes, startMs, endMs } = spans.get('tool:c') as Span
    expect(attributes).toMatchObject({
      'gen_ai.tool.call.arguments': { command: 'ls' },
      'gen_ai.tool.call.result': 'a.txt',
    })
    expect([startMs, endMs]).toEqual([1003, 1006])
  })

  test('tell when the pieces of an answer came', () => {
    const delta = { type: 'text-delta', id: 'm', index: 0, delta: 'x' } as const
    const events: StreamEvent[] = [start, { type: 'block-start', id: 'm', index: 0, block: { type: 'text', text: '' } }]
    const model = { modelType: 'openai', configName: 'big', modelName: 'big', provider: 'openai' }
    const response: Msg = { id: 'm', name: 'Planner', role: 'assistant', content: [] }
    const startedAt = new Date(1000).toISOString()
    const about = {
      id: 'i',
      speaker,
      replyId: 'r',
      model,
      startedAt,
      durationMs: 5,
      messages: [],
      options: {},
      response,
    }
    const spans = spansOf([...events, delta, delta], [{ type: 'invocation', at: 1005, invocation: about }])
    expect(spans.get('model:m')?.attributes['agentscope.chunk_ms']).toEqual([2, 3])
  })
})
