// JSON found in what a model wrote: alone, fenced, in prose, whole or cut, in pieces of any size.
import { describe, expect, test } from 'vitest'
import { JsonInText, type JsonInTextOptions } from '../../src/core/json-in-text.ts'

function read(text: string, size = text.length, options?: JsonInTextOptions) {
  const found = new JsonInText(options)
  for (let at = 0; at < text.length; at += Math.max(1, size)) found.push(text.slice(at, at + Math.max(1, size)))
  found.end()
  return { value: found.value, whole: found.whole }
}

const rows: [what: string, text: string, value: unknown, whole: boolean, options?: JsonInTextOptions][] = [
  ['the text itself', ' {"a": [1, "x"]}\n', { a: [1, 'x'] }, true],
  ['a fenced block after prose', 'Here:\n```json\n{"a": 1}\n```\nDone {"b": 2}.', { a: 1 }, true],
  ['a fenced block of any value', '```json\n42\n```', 42, true],
  ['a fenced block without a language', 'So:\n```\n[1]\n```', [1], true],
  ['a fenced block on one line', '```json {"a": 1}```', { a: 1 }, true],
  ['a fenced block rather than an example in prose', 'Like {"a": 0}:\n```JSON\n{"a": 1}\n```', { a: 1 }, true],
  ['the first of two fenced blocks', '```json\n{"a": 1}\n```\n```json\n{"a": 2}\n```', { a: 1 }, true],
  ['a fence inside a string', '```json\n{"code": "```js\\n1\\n```"}\n```', { code: '```js\n1\n```' }, true],
  ['the first value in prose', 'It is {"a": 1}, not {"a": 2}.', { a: 1 }, true],
  ['past brackets that are no JSON', 'See [some] {things}: {"a": 1}', { a: 1 }, true],
  ['past values that begin otherwise', 'As [1] says: {"a": 1}', { a: 1 }, true, { opens: '{' }],
  ['past code in another language', '```python\nx = {1: 2}\n```\n{"a": 1}', { a: 1 }, true],
  ['strings with raw line ends', '{"a": "x\ny", "b": "c:\\dir"}', { a: 'x\ny', b: 'c:\\dir' }, true],
  ['an answer that was cut, as far as it came', 'Well: {"a": [1, {"b": "ha', { a: [1, { b: 'ha' }] }, false],
  ['a cut block behind a whole example as cut', 'Like {"a": 0}:\n```json\n{"a": "b', { a: 'b' }, false],
  ['nothing where there is none', 'I do not know [yet].', undefined, false],
]

describe('JsonInText finds', () => {
  test.each(rows)('%s', (_, text, value, whole, options) => {
    for (const size of [text.length, 7, 3, 2, 1]) expect(read(text, size, options)).toEqual({ value, whole })
  })
})

test('says what closed, with its path, and why something was given up', () => {
  const closed: unknown[] = []
  const found = new JsonInText({ onFieldEnd: (path, value) => closed.push([[...path], value]) })
  found.push('{x} {"a": [1, 2], "b": "c')
  expect(closed).toEqual([
    [['a', 0], 1],
    [['a', 1], 2],
    [['a'], [1, 2]],
  ])
  expect(found.failure).toContain('Expected a key')
})

test('a hostile text of nothing but brackets costs no more than its length', () => {
  const found = new JsonInText()
  for (let at = 0; at < 200; at += 1) found.push('[{'.repeat(5000))
  found.end()
  expect(found.whole).toBe(false)
})
