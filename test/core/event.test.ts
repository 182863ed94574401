// The only reducer: events in, the message out.
import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/core/error.ts'
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import type { Block, Msg } from '../../src/core/message.ts'

const id = 'm'
const start: StreamEvent = { type: 'message-start', id, role: 'assistant', name: 'Ann' }
const begin = (index: number, block: Block): StreamEvent => ({ type: 'block-start', id, index, block })
const fold = (...events: StreamEvent[]) =>
  [start, ...events].reduce<Msg | undefined>((sofar, event) => applyEvent(sofar, event), undefined) as Msg

test.each([
  ['text-delta', { type: 'text', text: 'a' }, { text: 'ab' }],
  ['thinking-delta', { type: 'thinking', thinking: 'a' }, { thinking: 'ab' }],
  ['tool-use-delta', { type: 'tool_use', id: 't', name: 'f', rawInput: 'a' }, { rawInput: 'ab' }],
  ['tool-result-delta', { type: 'tool_result', id: 't', output: 'a' }, { output: 'ab' }],
] as const)('%s makes the one growing field of its block grow', (type, block, grown) => {
  const before = structuredClone(block) as Block
  const message = fold(begin(0, before), { type, id, index: 0, delta: 'b' })
  expect(message).toEqual({ id, name: 'Ann', role: 'assistant', content: [{ ...block, ...grown }] })
  expect(before, 'the event itself is never changed').toEqual(block)
})

test('the last word brings ending, usage and metadata', () => {
  const end: StreamEvent = {
    type: 'message-end',
    id,
    ending: { reason: 'stop', complete: true },
    usage: { inputTokens: 1 },
    metadata: { model: 'x' },
  }
  const { type: _, ...rest } = end
  expect(fold(end)).toMatchObject(rest)
})

describe('a tool call', () => {
  const called = (rawInput: string, end: Partial<StreamEvent> = {}) => {
    const block: Block = { type: 'tool_use', id: 't', name: 'f', rawInput: '' }
    const events: StreamEvent[] = [begin(0, block), { type: 'block-end', id, index: 0, ...end } as StreamEvent]
    if (rawInput !== '') events.splice(1, 0, { type: 'tool-use-delta', id, index: 0, delta: rawInput })
    return fold(...events).content[0]
  }

  test('gets its input when it is sealed, and only when its JSON is whole', () => {
    expect(called('{"a":1}')).toMatchObject({ input: { a: 1 } })
    expect(called('')).toMatchObject({ input: {} })
    expect(called('{"a":')).not.toHaveProperty('input')
  })

  test('that was cut off gets none, even when what came looks whole', () => {
    expect(called('{"a":1}', { incomplete: true })).not.toHaveProperty('input')
    expect(called('', { incomplete: true })).not.toHaveProperty('input')
  })

  test('keeps its signature and metadata', () => {
    expect(called('{}', { signature: 's', metadata: { x: 1 } })).toMatchObject({ signature: 's', metadata: { x: 1 } })
  })
})

test('news about a reply change nothing', () => {
  const news: StreamEvent[] = [
    { type: 'notice', id, kind: 'silence', text: '…' },
    { type: 'raw', id, value: 1 },
    { type: 'error', id, error: { type: 'wire', message: 'x', retryable: false } },
    { type: 'input-request', id, name: 'Bo' },
    { type: 'input-answer', id, content: 'hi' },
  ]
  expect(fold(...news)).toEqual(fold())
})

test.each<[string, StreamEvent[]]>([
  ['a block that leaves an index out', [begin(1, { type: 'text', text: '' })]],
  ['a block whose index is taken', [begin(0, { type: 'text', text: '' }), begin(0, { type: 'text', text: '' })]],
  ['a delta without a block', [{ type: 'text-delta', id, index: 0, delta: 'x' }]],
  [
    'a delta of another kind',
    [begin(0, { type: 'text', text: '' }), { type: 'thinking-delta', id, index: 0, delta: 'x' }],
  ],
  ['an end without a block', [{ type: 'block-end', id, index: 3 }]],
])('%s is an error that names the place', (_, events) => {
  expect(() => fold(...events)).toThrow(InputError)
  expect(() => fold(...events)).toThrow(/index \d of message m/)
})

test('an event before the start is an error', () => {
  expect(() => applyEvent(undefined, begin(0, { type: 'text', text: '' }))).toThrow(/before any message-start/)
})
