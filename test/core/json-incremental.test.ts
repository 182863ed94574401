// The rules of the incremental JSON parser, one by one.
import { describe, expect, test } from 'vitest'
import { IncrementalJson, type IncrementalJsonOptions } from '../../src/core/json-incremental.ts'

function read(pieces: string | string[], options?: IncrementalJsonOptions): IncrementalJson {
  const json = new IncrementalJson(options)
  for (const piece of [pieces].flat()) json.push(piece)
  return json
}

/** The value after every character. */
function growth(text: string, options?: IncrementalJsonOptions): unknown[] {
  const json = new IncrementalJson(options)
  return Array.from({ length: text.length }, (_, at) => {
    json.push(text.charAt(at))
    return structuredClone(json.value)
  })
}

describe('the value so far', () => {
  test('is undefined before anything is known', () => {
    expect(read([]).value).toBeUndefined()
    expect(read(['', ' \n']).value).toBeUndefined()
  })

  test.each([
    ['a string grows from its opening quote', '"ab"', ['', 'a', 'ab', 'ab']],
    ['an escape is shown when it is whole', '"\\n\\u0041"', ['', '', '\n', ...Array(5).fill('\n'), '\nA', '\nA']],
    ['half a surrogate pair is held back', '"\ud83d\ude00"', ['', '', '😀', '😀']],
    ['a number is shown when the next character has come', '[12,3]', [[], [], [], [12], [12], [12, 3]]],
    ['a literal is shown with its last letter', '[null]', [[], [], [], [], [null], [null]]],
    ['a key is shown with its value', '{"k":""}', [{}, {}, {}, {}, {}, { k: '' }, { k: '' }, { k: '' }]],
    ['containers show when they open', '[{"a":[', [[], [{}], [{}], [{}], [{}], [{}], [{ a: [] }]]],
  ])('%s', (_, text, values) => {
    expect(growth(text)).toStrictEqual(values)
  })

  test('grows in place: containers are live and the same objects from piece to piece', () => {
    const json = read('{"list":[')
    const { list } = json.value as { list: unknown[] }
    json.push('"a","b')
    expect(list).toEqual(['a', 'b'])
    expect((json.value as { list: unknown[] }).list).toBe(list)
  })

  test('holds back an escaped high surrogate until its other half comes, in any spelling', () => {
    expect(growth('"\\ud83d\\ude00"').slice(-3)).toEqual(['', '😀', '😀'])
    expect(read(['"\\ud83d', '\ude00']).value).toBe('😀')
  })

  test('shows a lone surrogate once nothing can complete it', () => {
    expect(growth('"\\ud83dx"').slice(-3)).toEqual(['', '\ud83dx', '\ud83dx'])
    expect(growth('"\\ud83d"').slice(-2)).toEqual(['', '\ud83d'])
    expect(read('"\\ud83d\\ud83d\\ude00\\ude00"').value).toBe('\ud83d😀\ude00')
  })

  test('shows the earlier value of a repeated key until the later one begins, and the last one wins', () => {
    const json = read('{"a":[1],"b":2,"a":')
    expect(json.value).toEqual({ a: [1], b: 2 })
    json.push('"n')
    expect(JSON.stringify(json.value)).toBe('{"a":"n","b":2}')
  })

  test.each(['{"__proto__":"gro', '{"__proto__":{"a":1},"__proto__":{"x":[]}}'])(
    'keeps __proto__ a field: %s',
    (text) => {
      const value = read(text.split('')).value as object
      expect(Object.keys(value)).toEqual(['__proto__'])
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    },
  )

  test.each(['1e999 ', '-1e999 ', '-0 ', '1e-400 ', '123456789012345678901234567890 ', '0.1E+2 ', '"\\u0000" '])(
    'reads %s as JSON.parse does',
    (text) => {
      expect(read(text.split('')).value).toBe(JSON.parse(text))
    },
  )
})

describe('the end of the text', () => {
  test.each(['{}', '[1]', '"a"', 'true', ' null', '1 ', '-0.5e3\n'])('closes with the last character of %j', (text) => {
    expect(read(text.slice(0, -1)).closed).toBe(false)
    expect(read(text).closed).toBe(true)
  })

  test('closes a number at the top level, and nothing else', () => {
    for (const text of ['12', '-', '1.', '1e', '[1', '"a', 'tru', '', '{"a":1']) {
      const json = read(text)
      json.end()
      expect([text, json.closed, json.value === 12, json.failed]).toEqual([
        text,
        text === '12',
        text === '12',
        undefined,
      ])
    }
  })

  test('makes later pieces be ignored', () => {
    const json = read('[1,')
    json.end()
    json.push('2]')
    expect([json.value, json.closed]).toEqual([[1], false])
  })

  test('allows only whitespace after the value', () => {
    expect(read('{} \r\n\t').closed).toBe(true)
    const json = read('{} x')
    expect([json.closed, json.failed?.at, json.value]).toEqual([false, 3, {}])
  })
})

describe('a syntax error', () => {
  test.each([
    ['[1,]', 3, 'Expected a value'],
    ['{"a":1,}', 7, 'Expected a key in quotes'],
    ['{a', 1, 'Expected a key in quotes or }'],
    ['{"a" 1', 5, 'Expected : after a key'],
    ['[1 2', 3, 'Expected , or ]'],
    ['{"a":1]', 6, 'Expected , or }'],
    ['01', 1, 'A number cannot go on like this'],
    ['-x', 1, 'A number needs a digit here'],
    ['trux', 3, 'Expected true'],
    ['"\t', 1, 'A control character inside a string must be escaped'],
    ['"\\x', 2, '"\\" must go on as one of the JSON escapes'],
    ['"\\u00g', 5, '"\\u00" must go on as one of the JSON escapes'],
    ['1 2', 2, 'Expected nothing after the value'],
    ['\u00a0', 0, 'Expected a value'],
  ])('in %j is named at character %i', (text, at, problem) => {
    const found = JSON.stringify(text.charAt(at))
    const failed = { at, message: `${problem}: found ${found} at character ${at} of the JSON text.` }
    expect(read(text).failed).toEqual(failed)
    expect(read(text.split('')).failed).toEqual(failed)
  })

  test('ends the reading: the value stays what it was, however the text was cut', () => {
    const text = '{"a":"text\n","b":1}'
    for (const json of [read(text), read(text.split(''))]) {
      json.push('}')
      json.end()
      expect([json.value, json.closed, json.failed?.at]).toEqual([{ a: 'text' }, false, 10])
    }
  })
})

describe('a lenient parser', () => {
  test('takes raw control characters and backslashes without meaning for themselves, as they come', () => {
    expect(growth('"\t\\d\\u1z\\\n"', { lenient: true })).toEqual([
      '',
      '\t',
      '\t',
      '\t\\d',
      '\t\\d',
      '\t\\d',
      '\t\\d',
      '\t\\d\\u1z',
      '\t\\d\\u1z',
      '\t\\d\\u1z\\\n',
      '\t\\d\\u1z\\\n',
    ])
  })

  test('closes a string whose last escape is not whole', () => {
    const json = read(['"\\u12', '"'], { lenient: true })
    expect([json.closed, json.value]).toEqual([true, '\\u12'])
  })

  test('forgives nothing outside of strings', () => {
    expect(read('[1,]', { lenient: true }).failed?.at).toBe(3)
    expect(read('\\', { lenient: true }).failed?.at).toBe(0)
    expect(read('[\u0000', { lenient: true }).failed?.at).toBe(1)
  })
})

describe('depth', () => {
  test('of 100,000 is no trouble when it is allowed', () => {
    const json = read(['['.repeat(100_000), ']'.repeat(100_000)], { maxDepth: Number.POSITIVE_INFINITY })
    expect([json.closed, json.failed]).toEqual([true, undefined])
  })

  test('is limited to 1,000 by default, and the failure says so', () => {
    expect(read(`${'['.repeat(1000)}${']'.repeat(1000)}`).closed).toBe(true)
    const { failed } = read('['.repeat(1001))
    expect([failed?.at, failed?.message]).toEqual([1000, expect.stringContaining('nested 1000 deep (maxDepth)')])
    expect(read('{"a":{"b":1}}', { maxDepth: 1 }).failed?.at).toBe(5)
  })
})

describe('the hook', () => {
  test('hears of every value as it closes, with its path, children first', () => {
    const heard: unknown[] = []
    const onFieldEnd: IncrementalJsonOptions['onFieldEnd'] = (path, value) =>
      heard.push([path.join('.'), JSON.stringify(value)])
    read('{"a":[1,{"b":"x"}],"c":null}'.split(''), { onFieldEnd })
    expect(heard).toEqual([
      ['a.0', '1'],
      ['a.1.b', '"x"'],
      ['a.1', '{"b":"x"}'],
      ['a', '[1,{"b":"x"}]'],
      ['c', 'null'],
      ['', '{"a":[1,{"b":"x"}],"c":null}'],
    ])
  })

  test('is not told of what never closed', () => {
    const heard: unknown[] = []
    const json = read('{"a":"x","b":[1', { onFieldEnd: (path) => heard.push([...path]) })
    json.end()
    expect(heard).toEqual([['a']])
  })

  test('may read the parser, which already shows the value', () => {
    const seen: unknown[] = []
    const json = new IncrementalJson({ onFieldEnd: () => seen.push([structuredClone(json.value), json.closed]) })
    json.push('["a"]')
    expect(seen).toEqual([
      [['a'], false],
      [['a'], true],
    ])
  })
})

describe('onText', () => {
  test('hears what each string value grows by, with its path, before it closes; never of keys', () => {
    const heard: string[] = []
    const onFieldEnd: IncrementalJsonOptions['onFieldEnd'] = (path) => heard.push(`${path.join('.')} closed`)
    const onText: IncrementalJsonOptions['onText'] = (path, delta) => heard.push(`${path.join('.')}: ${delta}`)
    read(['{"key":"a', '\\', 'n\\ud83d', '\\udc4d"', ',"b":["x', 'y"],"c":"","d":1}'], { onText, onFieldEnd })
    expect(heard).toEqual([
      'key: a',
      'key: \n',
      'key: 👍',
      'key closed',
      'b.0: x',
      'b.0: y',
      'b.0 closed',
      'b closed',
      'c closed',
      'd closed',
      ' closed',
    ])
  })
})
