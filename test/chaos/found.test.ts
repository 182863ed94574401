// What chaos has found, each told once by name: the faults that it would find again.
import { describe, expect, test } from 'vitest'
import { parseToolInput } from '../../src/core/json.ts'
import { parsePlainJson } from '../../src/core/plain-json.ts'
import { playBody, sse } from '../suites/every-cut.ts'
import { answerOf, sseWires, words } from '../suites/wire-words.ts'

describe('what chaos has found', () => {
  test.each(sseWires)('%s: a stray {} between frames does not make a cut answer a finished one', async (wire) => {
    const { open, text } = words[wire]
    const { response } = await playBody(wire, `${open}${text('Half an')}{}\n${text(' ans')}`, 64)
    expect(response.ending).toMatchObject({ reason: 'truncated', complete: false })
    expect(response.text).toBe('Half an ans')
  })

  test.each(sseWires)('%s: a whole answer that came alone, without its envelope, is one', async (wire) => {
    const { response } = await playBody(wire, `${words[wire].whole('Hi')}\n`, 64)
    expect(response.ending).toMatchObject({ complete: true })
    expect(response.text).toBe('Hi')
  })

  test('a number that no double holds stays a number in events that are stored and read again', async () => {
    const body = answerOf('openai', 'Hi').replace(
      'data: [DONE]',
      `${sse('{"choices":[],"usage":{"total_tokens":1e999}}')}$&`,
    )
    const { events, response } = await playBody('openai', body, 64)
    expect(JSON.parse(JSON.stringify(events))).toEqual(events)
    expect(response.usage?.raw).toEqual({ total_tokens: Number.MAX_VALUE })
    expect(parseToolInput('{"x":-1e400,"y":1e-400}')).toEqual({ x: -Number.MAX_VALUE, y: 0 })
  })

  test('many digits are a large number, wherever they stand; digits in strings stay as they are', () => {
    for (let before = 0; before < 400; before += 7) {
      const text = `{"${'a'.repeat(before)}":1${'0'.repeat(309)},"e":"1e999 ${'7'.repeat(400)}"}`
      expect(Object.values(parsePlainJson(text) as object)).toEqual([Number.MAX_VALUE, `1e999 ${'7'.repeat(400)}`])
    }
  })
})
