import { describe, expect, it } from 'vitest'
import { findJsonFault } from '../../src/models/json-fault.ts'

describe('a fault in JSON', () => {
  const faults: [string, number, number, RegExp][] = [
    ['', 1, 1, /end of the text where a value/],
    ['{', 1, 2, /end of the text where a name in double quotes/],
    ['{"a": 1,}', 1, 8, /comma before "}"/],
    ['[\n  1,\n  2,\n]', 3, 4, /comma before "]"/],
    ['{"a" 1}', 1, 6, /"1" where ":" was expected/],
    ['{\r\n"a": tru\r\n}', 2, 6, /"t" where a value/],
    ['{a: 1}', 1, 2, /"a" where a name in double quotes/],
    ["{'a': 1}", 1, 2, /"'" where a name/],
    ['{"a": 1} x', 1, 10, /"x" where nothing more/],
    ['// note\n{}', 1, 1, /a comment/],
    ['{\n  "a": 1 // note\n}', 2, 10, /a comment/],
    ['{"a": "b\n"}', 1, 9, /line break or control character/],
    ['{"a": "C:\\x"}', 1, 10, /an escape that JSON does not know/],
    ['{"a": "b', 1, 7, /a string that is never closed/],
    ['{"a": 01}', 1, 7, /"0" where a value/],
    ['{"a": None}', 1, 7, /"N" where a value/],
    ['[{"a": 1} {"b": 2}]', 1, 11, /"{" where "," or "]"/],
  ]

  it.each(faults)('%j is found at line %i, column %i', (text, line, column, problem) => {
    expect(() => JSON.parse(text)).toThrow()
    expect(findJsonFault(text)).toMatchObject({ line, column, problem: expect.stringMatching(problem) })
  })

  it('is found in every text that the platform refuses, and in no other', () => {
    const whole = '{"a":[1,-2.5e+3,"x\\n\\u00e9",true,null,{}],"b":{"c":[]} , "d": false}'
    for (let at = 0; at < whole.length; at++) {
      for (const piece of ['', ',', '"', '}', ']', '\\', '0', 'x', ':', '\n', '-', '.']) {
        const text = whole.slice(0, at) + piece + whole.slice(at + 1)
        expect([text, findJsonFault(text) === undefined]).toEqual([text, isJson(text)])
      }
    }
  })

  function isJson(text: string): boolean {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
})
