// Whole JSON texts: the arguments of a tool call, and the one safe repair.
import { describe, expect, test } from 'vitest'
import { isWholeJson, parseToolInput, repairJson } from '../../src/core/json.ts'

const cutTexts = [
  '{',
  '{"city":"Par',
  '{"city":"Paris"',
  '[1,2',
  '"abc',
  'tru',
  '-',
  '{"a":1,',
  '{"a":"b\\',
  '{"a":"\\u12',
]

describe('the input of a tool call', () => {
  test.each([
    ['an object', '{"city":"Paris","days":3}', { city: 'Paris', days: 3 }],
    ['no text (K10)', '', {}],
    ['only whitespace', ' \r\n\t ', {}],
    ['null', ' null\n', {}],
    ['an array', '[1,[2]]', [1, [2]]],
    ['a number', ' 42 ', 42],
    ['false', 'false', false],
    ['a string', '"Paris"', 'Paris'],
    ['an object encoded twice', '"{\\"city\\":\\"Paris\\"}"', { city: 'Paris' }],
    ['an empty object encoded twice', '"{}"', {}],
    ['a string that holds an array', '"[1]"', '[1]'],
    ['a string that holds null', '"null"', 'null'],
    ['a string that holds a cut object', '"{\\"a\\":"', '{"a":'],
    ['an object encoded three times, one layer of which comes off', JSON.stringify('"{}"'), '"{}"'],
    ['a raw tab in a string (K12)', '{"code":"if x:\n\treturn\u0000"}', { code: 'if x:\n\treturn\0' }],
    ['a backslash that begins no escape', '{"path":"C:\\Windows\\users"}', { path: 'C:\\Windows\\users' }],
    ['a raw tab inside an object encoded twice', '"{\\"a\\":\\"\\t\\"}"', { a: '\t' }],
  ])('is understood when the text is %s', (_, raw, input) => {
    expect(parseToolInput(raw)).toStrictEqual(input)
  })

  test.each(cutTexts)('is undefined when the text was cut: %s (K16)', (raw) => {
    expect(parseToolInput(raw)).toBeUndefined()
  })

  test.each(['Paris', '{city:"Paris"}', "{'a':1}", '{"a":1,}', '{"a":1}{"b":2}', '{"a":\u00001}', 'NaN', '\ufeff{}'])(
    'is undefined when the text is not JSON: %j',
    (raw) => {
      expect(parseToolInput(raw)).toBeUndefined()
    },
  )

  test('keeps a __proto__ key as a field and never touches the prototype', () => {
    const input = parseToolInput('{"__proto__":{"admin":true}}') as object
    expect(Object.keys(input)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
  })
})

describe('whole JSON', () => {
  test.each(['{}', ' [1] ', '0', 'null', '"\\ud83d"', '{"a":"raw\ttab"}', '"C:\\dir"'])('is %j', (text) => {
    expect(isWholeJson(text)).toBe(true)
  })

  test.each(['', '  ', '{}{}', '{"a":1}]', '01', ...cutTexts])('is not %j', (text) => {
    expect(isWholeJson(text)).toBe(false)
  })
})

describe('the safe repair', () => {
  test.each([
    [
      'escapes control characters inside strings',
      '{"a":"1\t2\n3\r4\b5\f6\u00007\u001f"}',
      '{"a":"1\\t2\\n3\\r4\\b5\\f6\\u00007\\u001f"}',
    ],
    ['doubles backslashes that begin no escape', '"\\d+ \\x41 \\U1234 \\N"', '"\\\\d+ \\\\x41 \\\\U1234 \\\\N"'],
    ['doubles the backslash of a \\u without four hex digits', '"\\u12G4 \\u"', '"\\\\u12G4 \\\\u"'],
    ['doubles a backslash before a raw line break and escapes that too', '"a\\\nb"', '"a\\\\\\nb"'],
    [
      'leaves every JSON escape alone',
      '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D"',
      '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D"',
    ],
    ['leaves what stands outside of strings alone', '{\n\t"a" : \\ \u0000 1\r\n}', '{\n\t"a" : \\ \u0000 1\r\n}'],
    ['leaves DEL and line separators alone', '"\u007f\u2028\u2029"', '"\u007f\u2028\u2029"'],
    ['leaves an escape that is begun at the end alone', '{"a":"\t\\u12', '{"a":"\\t\\u12'],
  ])('%s', (_, text, repaired) => {
    expect(repairJson(text)).toBe(repaired)
    expect(repairJson(repaired)).toBe(repaired)
  })

  test.each(cutTexts)('closes nothing that is open: %s', (text) => {
    expect(repairJson(text)).toBe(text)
  })

  test('is linear: a megabyte of faults comes back twice as long', () => {
    expect(repairJson(`"${'\t'.repeat(1_000_000)}"`)).toHaveLength(2_000_002)
  })
})
