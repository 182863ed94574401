// The shape of a JSON text of which only some leaves change.
import { describe, expect, test } from 'vitest'
import { JsonTemplate } from '../../src/core/json-template.ts'
import { randomFrom } from '../suites/mutate.ts'

const source = '{"id":"a","at":1700,"said":[{"text":"Hi","kind":null}],"usage":{"out":1,"names":["x"]}}'
const template = JsonTemplate.of(source, ['said', 0, 'text'], [['at'], ['usage']]) as JsonTemplate

describe('a JSON template', () => {
  test('reads the text of the same shape with other leaves, also escaped', () => {
    expect(template.match(source)).toBe('Hi')
    const other =
      '{"id":"a","at":18,"said":[{"text":"a \\"b\\"\\n\\u00e9 🌍","kind":null}],"usage":{"out":250,"names":["y"]}}'
    expect(template.match(other)).toBe('a "b"\né 🌍')
    expect(template.end).toBe(other.length)
  })

  test.each([
    ['another id', source.replace('"a"', '"b"')],
    ['another kind', source.replace('null', 'true')],
    ['a number that JSON does not know', source.replace('1700', '01700')],
    ['a number with a fraction', source.replace('1700', '1.5')],
    ['a string in the place of a number', source.replace('1700', '"1700"')],
    ['a control character in the text', source.replace('Hi', 'H\ni')],
    ['an escape that JSON does not know', source.replace('Hi', 'H\\xi')],
    ['an escape in another string', source.replace('"x"', '"\\u0000"')],
    ['no end of the text', source.slice(0, source.indexOf('Hi') + 2)],
    ['another field', source.replace('"kind"', '"more":1,"kind"')],
  ])('does not know %s', (_, text) => {
    expect(template.match(text)).toBeUndefined()
  })

  test('ends before what follows, and begins where it is told', () => {
    expect(template.match(`--${source}}`, 2)).toBe('Hi')
    expect(template.end).toBe(2 + source.length)
  })

  test.each([
    ['is no string', '{"said":[{"text":5}]}'],
    ['is missing', '{"said":[]}'],
    ['stands there twice', '{"said":[{"text":"a","text":"b"}]}'],
    ['stands there twice, because what is around it does', '{"said":[{"text":"a"}],"said":[{"text":"b"}]}'],
  ])('cannot be made when the text %s', (_, text) => {
    expect(JsonTemplate.of(text, ['said', 0, 'text'])).toBeUndefined()
  })

  test('with lines around it, lets the number of an event change', () => {
    const framed = template.within('id:9\nevent:result\n:HTTP_STATUS/200\ndata:', '\n\n')
    const frame = (id: string) => `id:${id}\nevent:result\n:HTTP_STATUS/200\ndata:${source}\n\n`
    expect(framed.match(frame('9'))).toBe('Hi')
    expect(framed.match(frame('10'))).toBe('Hi')
    expect(framed.match(frame('x'))).toBeUndefined()
    expect(framed.match(frame('9').trimEnd())).toBeUndefined()
  })

  test('gives what JSON.parse gives, whatever the string', () => {
    const random = randomFrom(7)
    const pieces = ['a', '"', '\\', '\n', 'é', '🌍', '\ud83d', '\u0000', '/', '{', '语']
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: Math.floor(random() * 20) }, () => pieces[Math.floor(random() * pieces.length)])
      const value = JSON.parse(source)
      value.said[0].text = text.join('')
      expect(template.match(JSON.stringify(value))).toBe(text.join(''))
    }
  })
})
