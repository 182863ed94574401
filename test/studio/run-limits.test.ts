// A run beyond measure: what is held of it is bounded, it says so once, and what is there goes on.
import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import type { Span } from '../../src/journal/journal.ts'
import { RunEncoder } from '../../src/studio/protocol/encode.ts'
import type { Op, RunNotice } from '../../src/studio/protocol/frames.ts'
import { RunModel } from '../../src/studio/protocol/model.ts'
import { RunReader } from '../../src/studio/protocol/reader.ts'
import { mostBlocks } from '../../src/studio/protocol/run-limits.ts'
import { newHead, RunFold } from '../../src/studio/server/run-fold.ts'
import { entriesOf, said } from './logging.ts'

const limits = { parts: 10, spans: 5 }

/** A whole message of one block. */
function message(id: string): StreamEvent[] {
  return [
    { type: 'message-start', id, role: 'assistant', name: 'Ada' },
    { type: 'block-start', id, index: 0, block: { type: 'text', text: '' } },
    { type: 'text-delta', id, index: 0, delta: `I am ${id}.` },
    { type: 'message-end', id, ending: { reason: 'stop', complete: true } },
  ]
}

function opsOf(encoder: RunEncoder): Op[] {
  const reader = new RunReader(encoder, { seq: 0, have: {} })
  const ops: Op[] = []
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) ops.push(...batch.ops)
  return ops
}

const noticesIn = (ops: readonly Op[]): RunNotice[] => ops.flatMap((op) => (op[0] === '!n' ? [op[1]] : []))

describe('a run with more parts than are held', () => {
  test('shows those that came first, and one notice that says what is left out', () => {
    const encoder = new RunEncoder('run', { limits })
    const events = Array.from({ length: 1000 }, (_, n) => message(`m${n}`)).flat()
    for (const entry of entriesOf(events.map((event) => said(event)))) encoder.add(entry)
    const ops = opsOf(encoder)
    expect(ops.filter(([op]) => op === 'm').map(([, id]) => id)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4'])
    expect(noticesIn(ops)).toMatchObject([
      {
        msg: '',
        kind: 'limit',
        text: expect.stringContaining('more than 10 parts'),
        details: { limit: 'parts', most: 10 },
      },
    ])
    expect(encoder.messages).toHaveLength(5)
  })

  test('goes on with what it has begun, and takes answers still', () => {
    const encoder = new RunEncoder('run', { limits: { parts: 3, spans: 5 } })
    const request: StreamEvent = { type: 'input-request', id: 'q', name: 'You' }
    const open = message('m0').slice(0, 3)
    const late: StreamEvent[] = [
      { type: 'text-delta', id: 'm0', index: 0, delta: ' On.' },
      { type: 'block-start', id: 'm0', index: 1, block: { type: 'text', text: 'too much' } },
      { type: 'notice', id: 'm0', kind: 'retry', text: 'too much' },
      { type: 'input-answer', id: 'q', content: 'A' },
      ...message('m0').slice(3),
    ]
    for (const entry of entriesOf([...open, request, ...late].map((event) => said(event)))) encoder.add(entry)
    const model = new RunModel('run')
    model.apply({ seq: encoder.seq, from: 0, ops: opsOf(encoder) })
    expect(model.messages).toMatchObject([{ head: { status: 'done' }, parts: [{ text: 'I am m0. On.' }] }])
    expect(model.requests.get('q')).toMatchObject({ answered: { content: 'A' } })
    expect(model.notices.map(({ kind }) => kind)).toEqual(['limit'])
  })

  test('is as bounded in the index: blocks of a message, messages that are open, names, questions', () => {
    const fold = new RunFold(newHead('run', 0))
    const events: StreamEvent[] = message('m').slice(0, 1)
    for (let index = 0; index < mostBlocks + 5; index += 1) {
      events.push({ type: 'block-start', id: 'm', index, block: { type: 'text', text: 'x' } })
      events.push({ type: 'block-end', id: 'm', index })
    }
    for (let n = 0; n < 12_000; n += 1) {
      events.push({ type: 'message-start', id: `o${n}`, role: 'assistant', name: `agent ${n}` })
      events.push({ type: 'input-request', id: `q${n}`, name: 'You' })
    }
    const named = (event: StreamEvent) => said(event, event.type === 'message-start' ? event.name : 'Ada')
    for (const entry of entriesOf(events.map(named))) fold.apply(entry)
    expect(fold.spoken.find(({ message: { id } }) => id === 'm')?.message.content).toHaveLength(mostBlocks)
    expect([fold.open.size, fold.waiting.size, fold.head.agents.length]).toEqual([10_000, 10_000, 1_000])
    fold.close()
  })
})

describe('a trace with more spans than are held', () => {
  test('shows those that came first, which go on to be told, and one notice', () => {
    const encoder = new RunEncoder('run', { limits })
    const span = (n: number): Span => ({
      traceId: 't',
      spanId: `s${n}`,
      name: 'x',
      kind: 'other',
      startMs: n,
      attributes: {},
    })
    const spans = [...Array.from({ length: 200 }, (_, n) => span(n)), { ...span(0), endMs: 9 }]
    for (const entry of entriesOf(spans.map((each) => ({ type: 'span', at: 0, span: each })))) encoder.add(entry)
    const ops = opsOf(encoder)
    const told = ops.flatMap((op) => (op[0] === 's' ? [op[1]] : []))
    expect(told.map(({ spanId }) => spanId)).toEqual(['s0', 's1', 's2', 's3', 's4'])
    expect(told[0]).toMatchObject({ endMs: 9 })
    expect(noticesIn(ops)).toMatchObject([{ kind: 'limit', details: { limit: 'spans', most: 5 } }])
  })
})
