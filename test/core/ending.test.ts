// Table A of the wire requirements: one verdict from the evidence, each row and how the rows combine.
import { describe, expect, test } from 'vitest'
import { decideEnding, type Evidence, type FinishReason } from '../../src/core/ending.ts'
import type { ErrorInfo } from '../../src/core/error.ts'

const nothing: Evidence = {
  marker: false,
  close: 'clean',
  contentSeen: false,
  textSeen: false,
  thinkingSeen: false,
  toolCalls: 0,
  allToolCallsClosed: true,
}
const text = { ...nothing, contentSeen: true, textSeen: true }
const calls = { ...nothing, contentSeen: true, toolCalls: 2 }
const reset: ErrorInfo = { type: 'provider', message: 'the connection broke', retryable: true, code: 'ECONNRESET' }
const overloaded: ErrorInfo = { type: 'provider', message: 'overloaded', retryable: true }
const stopped: ErrorInfo = { type: 'aborted', message: 'Stopped', retryable: false }

const reasons: FinishReason[] = ['stop', 'tool-calls', 'length', 'content-filter', 'refusal', 'pause', 'unknown']

describe('row 1: a real finish reason and a clean close', () => {
  test.each(reasons)('%s is complete, with or without the end mark', (finish) => {
    for (const marker of [true, false]) {
      expect(decideEnding({ ...text, finish, finishRaw: 'RAW', marker })).toEqual({
        reason: finish,
        complete: true,
        raw: 'RAW',
      })
    }
  })
})

test.each(reasons)('row 2: %s and a reset after it is complete, with a note', (finish) => {
  const ending = decideEnding({ ...text, finish, close: 'broken', breakage: reset })
  expect(ending).toEqual({ reason: finish, complete: true, note: 'uncleanClose' })
})

test('row 3: no finish reason but the end mark is complete, for an unknown reason', () => {
  expect(decideEnding({ ...text, marker: true })).toEqual({ reason: 'unknown', complete: true })
  expect(decideEnding({ ...nothing, marker: true })).toEqual({ reason: 'unknown', complete: true })
})

test('row 3: with tool calls the end mark alone means that they are meant', () => {
  expect(decideEnding({ ...calls, marker: true })).toEqual({ reason: 'tool-calls', complete: true })
})

test('row 4: no finish reason, no end mark, a clean close after content is truncated', () => {
  const breakage: ErrorInfo = { type: 'wire', message: 'broke off', retryable: true }
  expect(decideEnding({ ...text, breakage })).toEqual({ reason: 'truncated', complete: false, error: breakage })
})

test('row 5: the same without content has failed and may be tried again', () => {
  expect(decideEnding({ ...nothing, breakage: reset })).toEqual({ reason: 'error', complete: false, error: reset })
})

test('row 6: a reset before any finish is truncated and keeps its cause', () => {
  for (const evidence of [text, calls, { ...nothing, contentSeen: true, thinkingSeen: true }]) {
    const ending = decideEnding({ ...evidence, close: 'broken', breakage: reset })
    expect(ending).toEqual({ reason: 'truncated', complete: false, error: reset })
  }
})

test('row 6: an end mark does not outweigh a connection that broke before it could be trusted', () => {
  const ending = decideEnding({ ...text, marker: true, close: 'broken', breakage: reset })
  expect(ending).toMatchObject({ reason: 'truncated', error: reset })
})

describe('row 7: a tool call whose JSON is not closed', () => {
  test.each(['stop', 'tool-calls', 'length'] as const)('is marked although the reason is %s', (finish) => {
    for (const close of ['clean', 'broken'] as const) {
      const ending = decideEnding({ ...calls, finish, allToolCallsClosed: false, close })
      expect(ending).toMatchObject({ complete: true, note: 'truncatedToolCall' })
      expect(ending.reason).toBe(finish === 'stop' ? 'tool-calls' : finish)
    }
  })
})

test('row 8: length is complete as text, with closed tool calls too', () => {
  expect(decideEnding({ ...text, finish: 'length' })).toEqual({ reason: 'length', complete: true })
  expect(decideEnding({ ...calls, finish: 'length' })).toEqual({ reason: 'length', complete: true })
})

test('stop although there are tool calls means that the tools are to be called', () => {
  expect(decideEnding({ ...calls, finish: 'stop' })).toEqual({ reason: 'tool-calls', complete: true })
})

test('thinking and no answer is told as an empty answer, only when it stopped by itself', () => {
  const thought = { ...nothing, contentSeen: true, thinkingSeen: true }
  expect(decideEnding({ ...thought, finish: 'stop' })).toEqual({ reason: 'stop', complete: true, note: 'emptyAnswer' })
  expect(decideEnding({ ...thought, finish: 'length' })).toEqual({ reason: 'length', complete: true })
  expect(decideEnding({ ...thought, finish: 'stop', textSeen: true })).toEqual({ reason: 'stop', complete: true })
})

test('a failure that the provider reported beats finish reason and end mark', () => {
  const evidence: Evidence = { ...text, finish: 'stop', finishRaw: 'stop', marker: true, failure: overloaded }
  expect(decideEnding(evidence)).toEqual({ reason: 'error', complete: false, raw: 'stop', error: overloaded })
})

test('an abort of ours that came first beats everything', () => {
  const evidence: Evidence = { ...text, finish: 'stop', marker: true, failure: overloaded, breakage: reset }
  expect(decideEnding({ ...evidence, aborted: {} })).toEqual({ reason: 'aborted', complete: false })
  expect(decideEnding({ ...evidence, aborted: { error: stopped } })).toMatchObject({ error: stopped })
})

test('the finish reason "error" is a failure', () => {
  const ending = decideEnding({ ...text, finish: 'error', finishRaw: 'network_error', breakage: overloaded })
  expect(ending).toEqual({ reason: 'error', complete: false, raw: 'network_error', error: overloaded })
})

test('a model that was only loaded has not answered', () => {
  const ending = decideEnding({ ...nothing, marker: true, noAnswer: true, finishRaw: 'load' })
  expect(ending).toEqual({ reason: 'unknown', complete: false, note: 'modelLoaded', raw: 'load' })
})

test('whatever the evidence, an ending is complete or says why not, and a broken one is never complete without a reason', () => {
  for (const evidence of everyEvidence()) {
    const ending = decideEnding(evidence)
    if (evidence.aborted !== undefined) expect(ending.reason).toBe('aborted')
    if (evidence.failure !== undefined) expect(ending.complete).toBe(false)
    if (ending.complete) expect(evidence.finish !== undefined || evidence.marker).toBe(true)
    if (evidence.close === 'broken' && evidence.finish === undefined) expect(ending.complete).toBe(false)
    if (ending.reason === 'truncated' || ending.reason === 'aborted') expect(ending.complete).toBe(false)
    if (!evidence.allToolCallsClosed && ending.complete) expect(ending.note).toBe('truncatedToolCall')
  }
})

/** Every combination of the fields. */
function everyEvidence(): Evidence[] {
  const choices: Partial<Evidence>[][] = [
    [{}, ...reasons.map((finish) => ({ finish })), { finish: 'error' }],
    [{ marker: true }, { marker: false }],
    [{ close: 'clean' }, { close: 'broken', breakage: reset }],
    [{}, { contentSeen: true, textSeen: true }, { contentSeen: true, thinkingSeen: true }],
    [{}, { contentSeen: true, toolCalls: 1 }, { contentSeen: true, toolCalls: 1, allToolCallsClosed: false }],
    [{}, { failure: overloaded }, { aborted: { error: stopped } }],
  ]
  return choices.reduce<Evidence[]>(
    (sofar, options) => sofar.flatMap((evidence) => options.map((option) => ({ ...evidence, ...option }))),
    [nothing],
  )
}
