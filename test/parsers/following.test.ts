// FieldStream and TagStream: one field heard while the answer grows, however it is cut.
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import {
  type FieldReader,
  FieldStream,
  MultiTaggedContentParser,
  RegexTaggedContentParser,
  TagStream,
} from '../../src/parsers/index.ts'
import { randomFrom } from '../suites/mutate.ts'

/** What is heard of a text that comes in pieces of `size`; every piece must be whole characters. */
function heard(reader: FieldReader, text: string, size = text.length): string {
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += size) pieces.push(reader.push(text.slice(at, at + size)))
  pieces.push(reader.end())
  for (const piece of pieces) expect(piece.isWellFormed()).toBe(true)
  return pieces.join('')
}

const spoken = 'He said "no" \\ 👍\n你好'
const object = { thought: 'speak', plan: { speak: 'inner' }, speak: spoken, after: 'x' }
const characters = ['a', '"', '\\', '/', '\n', '{', '}', '\u0001', 'é', '你', '👍', '\ud83d', '```', 'json']

/** The same JSON with every character beyond ASCII written as an escape. */
const escaped = (json: string) =>
  json.replace(/[^ -~\n]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

describe('one field of a JSON answer', () => {
  it.each([
    ['alone', JSON.stringify(object)],
    ['with escapes', escaped(JSON.stringify(object))],
    ['fenced after prose', `Well, {so}:\n\`\`\`json\n${JSON.stringify(object, null, 2)}\n\`\`\``],
    ['in prose', `It is ${JSON.stringify(object)}.`],
  ])('is heard %s, wherever the text is cut', (_, text) => {
    for (const size of [text.length, 64, 7, 3, 2, 1]) expect(heard(new FieldStream('speak'), text, size)).toBe(spoken)
  })

  it('is heard at once, piece by piece, and as far as it came when it is cut off', () => {
    const field = new FieldStream('speak')
    const pieces = ['{"speak": "Hel', 'lo \\u4', 'f60', '!', '", "x": "y"}'].map((piece) => field.push(piece))
    expect(pieces).toEqual(['Hel', 'lo ', '你', '!', ''])
    expect(field.closed).toBe(true)
    expect(heard(new FieldStream('speak'), '{"speak": "Hello wo')).toBe('Hello wo')
  })

  it.each([
    ['a number', '12.5'],
    ['a list', '["a",{"speak":"b"}]'],
    ['null', 'null'],
  ])('that is %s is heard as JSON when it has closed', (_, value) => {
    for (const size of [9, 1])
      expect(heard(new FieldStream('speak'), `{"speak": ${value}, "b": "c"}`, size)).toBe(value)
    expect(heard(new FieldStream('speak'), '{"speak": ["a", ')).toBe('')
  })

  it('is not heard when there is none, and only once when the key is repeated', () => {
    expect(heard(new FieldStream('speak'), '{"thought": "x"}')).toBe('')
    expect(heard(new FieldStream('speak'), 'I say: speak!')).toBe('')
    expect(heard(new FieldStream('speak'), '{"speak": "a", "speak": "b"}')).toBe('a')
  })

  it('never goes on with another object once it was begun', () => {
    expect(heard(new FieldStream('speak'), '{"speak": "a" oh no {"speak": "b"}', 1)).toBe('a')
    expect(heard(new FieldStream('speak'), '{"speak": "a\\n", 1} {"speak": "b"}', 1)).toBe('a\n')
  })

  it('with half a character in it is heard with a mark in its place', () => {
    expect(heard(new FieldStream('speak'), '{"speak": "a\\ud83d", "b": "\\ud83d"}', 1)).toBe('a\uFFFD')
  })

  it('is what JSON.parse gives, for whatever values, escapes and cuts', () => {
    const next = randomFrom(7)
    const random = (below: number) => Math.floor(next() * below)
    for (let round = 0; round < 300; round += 1) {
      const value = Array.from({ length: random(12) }, () => characters[random(characters.length)]).join('')
      const fields = { [`a${random(9)}`]: { speak: value }, speak: value, b: [value] }
      const json = JSON.stringify(fields, null, random(3))
      const text = random(2) === 0 ? json : escaped(json)
      expect(heard(new FieldStream('speak'), `Well:\n${text}`, 1 + random(9)), text).toBe(value.toWellFormed())
    }
  })

  it('costs no more than the answer is long', () => {
    const field = new FieldStream('speak')
    let told = field.push('{"speak": "').length
    for (let at = 0; at < 200_000; at += 1) told += field.push('ten chars.').length
    expect(told).toBe(2_000_000)
  })
})

describe('one part of a tagged answer', () => {
  it.each([
    ['between other parts', '<a>1</a> <say>\n Hi <b> there \n</say> <say>no</say>', 'Hi <b> there'],
    ['as far as it came', '<say>Hi </sa', 'Hi </sa'],
    ['that is empty', '<say> </say>x', ''],
    ['that is not there', 'say>Hi</say>', ''],
    ['with a tag that begins twice', '<<say>a<</say>', 'a<'],
  ])('is heard %s, wherever the text is cut', (_, text, part) => {
    for (const size of [text.length, 5, 3, 2, 1]) expect(heard(new TagStream('<say>', '</say>'), text, size)).toBe(part)
  })

  it('holds back only what may be its end', () => {
    const part = new TagStream('<say>', '</say>')
    expect(['<say> Hi', ' you', '<', 'b>', ' </say', '>'].map((piece) => part.push(piece))).toEqual([
      'Hi',
      ' you',
      '',
      '<b>',
      '',
      '',
    ])
    expect(part.closed).toBe(true)
  })
})

describe('a parser of tags follows', () => {
  it('the tags it knows', () => {
    const tagged = new MultiTaggedContentParser({
      tags: [{ name: 'say', contentHint: '', tagBegin: '[', tagEnd: ']' }],
    })
    expect(heard(tagged.follow('say'), 'x [ hi ] y')).toBe('hi')
    expect(heard(new RegexTaggedContentParser().follow('say'), '<say>hi</say>')).toBe('hi')
  })

  it('no others', () => {
    const tagged = new MultiTaggedContentParser({ tags: [{ name: 'say', contentHint: '' }] })
    expect(() => tagged.follow('think')).toThrow(ConfigError)
    const own = new RegexTaggedContentParser({ pattern: /(?<name>.)(?<content>.)/, formatInstruction: '' })
    expect(() => own.follow('say')).toThrow(ConfigError)
  })
})
