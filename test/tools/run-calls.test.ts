// What becomes of a call: its output as the model reads it, or the sentence that says why there is none.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { ToolUseBlock } from '../../src/core/message.ts'
import { ToolError, tool } from '../../src/tools/index.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { callOf, run, runOne } from './running.ts'

expectNoLostRejections()

const image = { type: 'image' as const, url: 'https://example.org/a.png' }
const weather = tool({
  name: 'weather',
  description: 'The weather of a city',
  input: z.object({ city: z.string(), days: z.number().int().max(7).default(1) }),
  run: ({ city, days }) => `${city}: sun for ${days} days`,
})

function giving(value: unknown) {
  return tool({ name: 'give', description: 'Gives', run: () => value })
}

describe('the output of a tool', () => {
  it('is what the tool returned for its checked arguments, defaults filled in', async () => {
    const { result, events } = await runOne(callOf('weather', { city: 'Rome' }), [weather])
    expect(result).toEqual({
      type: 'tool_result',
      id: 'call-weather',
      name: 'weather',
      output: 'Rome: sun for 1 days',
      metadata: { durationMs: expect.any(Number) },
    })
    expect(events.map(({ type }) => type)).toEqual([
      'message-start',
      'block-start',
      'tool-result-delta',
      'block-end',
      'message-end',
    ])
  })

  it.each([
    ['nothing', undefined, 'done'],
    ['an empty text', '', ''],
    ['a promise of text', Promise.resolve('later'), 'later'],
    ['an object', { a: [1, null] }, '{"a":[1,null]}'],
    ['an empty list', [], '[]'],
    ['null', null, 'null'],
    ['false', false, 'false'],
    ['a number that JSON has not', Number.NaN, 'NaN'],
    ['a list that is no list of blocks', [{ type: 'text', label: 'x' }], '[{"type":"text","label":"x"}]'],
    ['a block that a result cannot hold', [callOf('x', {}, 'id')], expect.stringContaining('"type":"tool_use"')],
    ['a date', new Date(0), '"1970-01-01T00:00:00.000Z"'],
    ['blocks', [{ type: 'text', text: 'Look:' }, image], [{ type: 'text', text: 'Look:' }, image]],
    ['bytes of text', new TextEncoder().encode('caf\u00e9'), 'caf\u00e9'],
    ['half a character at the end', 'a\ud83d', 'a\ufffd'],
  ])('reads well for %s', async (_what, value, output) => {
    const { result } = await runOne(callOf('give'), [giving(value)])
    expect(result.output).toEqual(output)
    expect(result.isError).toBeUndefined()
  })

  it('has no delta when it is empty', async () => {
    const { events } = await runOne(callOf('give'), [giving('')])
    expect(events.map(({ type }) => type)).not.toContain('tool-result-delta')
  })

  it('passes through whole, however long it is', async () => {
    const long = 'x'.repeat(3_000_000)
    const { result } = await runOne(callOf('give'), [giving(long)])
    expect(result.output).toBe(long)
  })

  it.each([
    ['a BigInt', { n: 1n }, /^The tool give failed: what it returned cannot be written as JSON \(.*BigInt.*\)\.$/],
    ['a circle', circle(), /^The tool give failed: what it returned cannot be written as JSON \(.*circular.*\)\.$/],
    ['a function', () => 1, /^The tool give failed: it returned a function, which cannot be written as JSON\.$/],
    ['bytes', new Uint8Array([255, 216]), /^The tool give failed: it returned 2 bytes that are no text/],
    ['a Map', new Map([[1, 2]]), /^The tool give failed: it returned an object of the class Map, which/],
    ['an error', new Error('no such city'), /^The tool give failed: no such city$/],
  ])('is an error that says so for %s', async (_what, value, sentence) => {
    const { result } = await runOne(callOf('give'), [giving(value)])
    expect(result).toMatchObject({
      isError: true,
      output: expect.stringMatching(sentence),
      metadata: { state: 'failed' },
    })
  })
})

describe('a call that cannot be run', () => {
  it('is not run when its arguments were cut off, and says where', async () => {
    const ran: string[] = []
    const write = tool({ name: 'write', description: 'Writes', run: () => void ran.push('ran') })
    const cut: ToolUseBlock = { type: 'tool_use', id: 'c', name: 'write', rawInput: '{"path": "a' }
    const { result } = await runOne(cut, [write])
    expect(ran).toEqual([])
    expect(result.output).toMatch(/^The call of write was not run: its arguments are not whole JSON, .*Unterminated/)
    expect(result).toMatchObject({ isError: true, metadata: { state: 'cut-off' } })
  })

  it('names the tools there are, and the one that was meant, when the name is unknown', async () => {
    const { result } = await runOne(callOf('wether'), [weather, giving(1)])
    expect(result.output).toBe('There is no tool "wether". Did you mean "weather"? The tools are: weather, give.')
    expect(result).toMatchObject({ isError: true, metadata: { state: 'unknown' } })
  })

  it('says that there are none when no tools are there', async () => {
    const { result } = await runOne(callOf('constructor'), [])
    expect(result.output).toBe('There is no tool "constructor". There are no tools to call.')
  })

  it('names the path of each wrong argument', async () => {
    const { result } = await runOne(callOf('weather', { city: 3, days: 9 }), [weather])
    expect(result.output).toMatch(/^The tool weather was not run: .* city: .*string.*; days: .*7/)
    expect(result).toMatchObject({ isError: true, metadata: { state: 'invalid' } })
    expect(result.metadata).not.toHaveProperty('durationMs')
  })

  it('is checked by a JSON Schema as well', async () => {
    const input = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
    const add = tool({ name: 'add', description: 'Adds', input, run: () => 1 })
    const { result } = await runOne(callOf('add', { n: 'one' }), [add])
    expect(result.output).toMatch(/n: .*integer/)
  })
})

describe('a tool that throws', () => {
  it.each([
    ['an error', new Error('disk full'), 'disk full'],
    ['an error without words', new RangeError(''), 'RangeError'],
    ['an error with a cause', new TypeError('fetch failed', { cause: new Error('refused') }), 'fetch failed (refused)'],
    ['text', 'no', 'no'],
    ['nothing', undefined, 'it did not say why.'],
    ['an object', { code: 7 }, '{"code":7}'],
    ['an object that cannot be read', unreadable(), 'what it threw cannot be read.'],
    ['a symbol', Symbol('odd'), 'Symbol(odd)'],
  ])('gives a result with its words for %s, without a stack', async (_what, thrown, words) => {
    const throwing = tool({ name: 'throwing', description: 'Throws', run: () => Promise.reject(thrown) })
    const { result } = await runOne(callOf('throwing'), [throwing])
    expect(result).toMatchObject({ isError: true, output: `The tool throwing failed: ${words}` })
  })

  it('gives a result when it throws at once', async () => {
    const throwing = tool({
      name: 'throwing',
      description: 'Throws',
      run: () => {
        throw new Error('at once')
      },
    })
    const { result } = await runOne(callOf('throwing'), [throwing])
    expect(result.output).toBe('The tool throwing failed: at once')
  })

  it('tells a failure in its own blocks with a ToolError', async () => {
    const shot = tool({ name: 'shot', description: 'Looks', run: () => Promise.reject(new ToolError([image])) })
    const { result } = await runOne(callOf('shot'), [shot])
    expect(result).toMatchObject({ isError: true, output: [image], metadata: { state: 'failed' } })
  })
})

describe('calls and their tools', () => {
  it('answers both of two calls with the same id', async () => {
    const calls = [callOf('weather', { city: 'Rome' }, 'same'), callOf('weather', { city: 'Oslo' }, 'same')]
    const { results } = await run(calls, [weather])
    expect(results.map(({ output }) => output)).toEqual(['Rome: sun for 1 days', 'Oslo: sun for 1 days'])
  })

  it('keeps what a tool does to its input out of the conversation', async () => {
    const input = { type: 'object', properties: { list: { type: 'array' } } }
    const spoil = tool({
      name: 'spoil',
      description: 'Spoils',
      input,
      run: (given, { call }) => {
        ;(given as { list: unknown[] }).list.length = 0
        ;(call.input as { list: unknown[] }).list.push('more')
        return (call.input as { list: unknown[] }).list
      },
    })
    const call = callOf('spoil', { list: [1, 2] })
    const { result } = await runOne(call, [spoil])
    expect(call.input).toEqual({ list: [1, 2] })
    expect(result.output).toBe('[1,2,"more"]')
  })

  it('gives one message without blocks for no calls', async () => {
    const { results, events } = await run([], [])
    expect(results).toEqual([])
    expect(events).toHaveLength(2)
    expect(events[0]).toMatchObject({ role: 'system', name: 'Friday', replyId: 'reply' })
    expect(events[1]).toMatchObject({ ending: { reason: 'stop', complete: true } })
  })
})

function circle(): unknown {
  const round: Record<string, unknown> = {}
  round['self'] = round
  return round
}

function unreadable(): unknown {
  return {
    get message(): string {
      throw new Error('not for you')
    },
  }
}
