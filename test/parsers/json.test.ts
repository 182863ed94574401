// MarkdownJsonObjectParser and MarkdownJsonDictParser: instructions, values, forgotten fences, hints, keys and errors.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ConfigError } from '../../src/core/error.ts'
import {
  JsonParsingError,
  JsonTypeError,
  MarkdownJsonDictParser,
  MarkdownJsonObjectParser,
  Parser,
  RequiredFieldNotFoundError,
  ResponseParsingError,
  TagNotFoundError,
} from '../../src/parsers/index.ts'

const hint = { thought: 'what you think', speak: 'what you say' }
const fenced = (json: string) => `Sure!\n\`\`\`json\n${json}\n\`\`\`\nDone.`
const failureOf = (parser: MarkdownJsonObjectParser | MarkdownJsonDictParser, text: string) =>
  parser.parse(text).then(
    () => undefined,
    (error: unknown) => error as ResponseParsingError,
  )

describe('the instruction for JSON', () => {
  it('shows the hint in a fenced block', () => {
    const { formatInstruction } = new MarkdownJsonDictParser({ contentHint: hint })
    expect(formatInstruction).toContain(`\`\`\`json\n${JSON.stringify(hint, null, 2)}\n\`\`\``)
    expect(new MarkdownJsonObjectParser({ contentHint: '{a list}' }).formatInstruction).toContain('json\n{a list}\n')
    expect(new MarkdownJsonObjectParser().formatInstruction).toContain('{your JSON}')
  })

  it.each([
    ['a Standard Schema', z.object({ speak: z.string().describe('what you say') })],
    ['a JSON Schema', { type: 'object', properties: { speak: { type: 'string', description: 'what you say' } } }],
  ])('shows %s', (_, contentHint) => {
    const { formatInstruction } = new MarkdownJsonDictParser({ contentHint })
    expect(formatInstruction).toContain('"description":"what you say"')
    expect(formatInstruction).toContain('```json')
  })
})

describe('a JSON answer', () => {
  const parser = new MarkdownJsonObjectParser()

  it.each([
    ['fenced, between words', fenced('{"a": [1]}'), { a: [1] }],
    ['without the opening fence', '{"a": [1]}\n```', { a: [1] }],
    ['without the closing fence', '```json\n{"a": [1]}', { a: [1] }],
    ['without fences', ' {"a": [1]} ', { a: [1] }],
    ['in prose without fences', 'It is {"a": [1]}, I think.', { a: [1] }],
    ['with a fence inside a string', fenced('{"a": "```js\\n1\\n```"}'), { a: '```js\n1\n```' }],
    ['with a raw line end in a string', fenced('{"a": "x\ny"}'), { a: 'x\ny' }],
    ['that is a list', fenced('[1, 2]'), [1, 2]],
    ['that is a number', '42', 42],
    ['with a key that objects have of their own', fenced('{"__proto__": 1}'), JSON.parse('{"__proto__": 1}')],
  ])('%s is read', async (_, text, value) => {
    expect(await parser.parse(text)).toEqual({ text, parsed: value })
  })

  it.each([
    ['cut off', '```json\n{"a": "b', JsonParsingError, /before it is whole/],
    ['broken', fenced('{"a" 1}'), JsonParsingError, /Expected :/],
    ['not there', 'I do not know.', TagNotFoundError, /```json and ```/],
  ])('that is %s is refused, and nothing of it is lost', async (_, text, kind, why) => {
    const failure = await failureOf(parser, text)
    expect(failure).toBeInstanceOf(kind)
    expect(failure).toBeInstanceOf(ResponseParsingError)
    expect(failure).toMatchObject({ type: 'structured-output', received: text, message: expect.stringMatching(why) })
  })
})

describe('a JSON answer with fields', () => {
  it('must be an object', async () => {
    expect(await failureOf(new MarkdownJsonDictParser(), fenced('[1]'))).toBeInstanceOf(ResponseParsingError)
    const failure = await failureOf(new MarkdownJsonDictParser(), '```json\n7\n```')
    expect(failure).toBeInstanceOf(JsonTypeError)
    expect(failure?.message).toMatch(/must be an object, but is the number 7/)
  })

  it('must have the required keys', async () => {
    const parser = new MarkdownJsonDictParser({ requiredKeys: ['thought', 'speak'] })
    const failure = await failureOf(parser, fenced('{"thought": 1}'))
    expect(failure).toBeInstanceOf(RequiredFieldNotFoundError)
    expect(failure).toMatchObject({ missing: ['speak'] })
  })

  it('must fit the schema of the hint, whose defaults are given', async () => {
    const contentHint = z.object({ vote: z.string(), sure: z.boolean().default(false) })
    const parser = new MarkdownJsonDictParser({ contentHint })
    const { parsed } = await parser.parse(fenced('{"vote": "Bob"}'))
    expect(parsed.vote.length + Number(parsed.sure)).toBe(3)
    expect(parsed).toEqual({ vote: 'Bob', sure: false })
    await expect(parser.parse(fenced('{"vote": 1}'))).rejects.toThrow(/vote: /)
    await expect(parser.parse(fenced('{"sure": true}'))).rejects.toMatchObject({ missing: ['vote'] })
  })
})

describe('the keys of a parser', () => {
  const parsed = { thought: 'hm', speak: 'hi', vote: 1 }

  it.each([
    [true, parsed],
    [false, undefined],
    ['speak', 'hi'],
    [['thought', 'vote'], { thought: 'hm', vote: 1 }],
  ])('%j choose what is remembered, said and passed on', (keys, chosen) => {
    const parser = new MarkdownJsonDictParser({ keysToMemory: keys, keysToContent: keys, keysToMetadata: keys })
    expect(parser.toMemory(parsed)).toEqual(chosen)
    expect(parser.toContent(parsed)).toEqual(chosen)
    expect(parser.toMetadata(parsed)).toEqual(chosen)
  })

  it('remember and say everything and pass on nothing unless they are given', () => {
    const parser = new MarkdownJsonDictParser()
    expect([parser.toMemory(parsed), parser.toContent(parsed), parser.toMetadata(parsed)]).toEqual([
      parsed,
      parsed,
      undefined,
    ])
  })

  it.each(['name', ['speak', 'name'], 'toString'])('%j that are not there are an error', (keysToContent) => {
    const parser = new MarkdownJsonDictParser({ keysToContent })
    expect(() => parser.toContent(parsed)).toThrow(RequiredFieldNotFoundError)
  })

  it('must be keys', () => {
    expect(() => new MarkdownJsonDictParser({ keysToMemory: 1 as never })).toThrow(ConfigError)
  })
})

it('a parser of one’s own says how to answer, and reads', async () => {
  class YesOrNo extends Parser<boolean> {
    readonly formatInstruction = 'Answer yes or no.'

    protected override read(text: string): boolean {
      if (!/^(yes|no)/i.test(text)) throw new ResponseParsingError('Neither yes nor no.', { received: text })
      return /^yes/i.test(text)
    }
  }
  expect(await new YesOrNo().parse('Yes, of course.')).toEqual({ text: 'Yes, of course.', parsed: true })
  await expect(new YesOrNo().parse('Maybe.')).rejects.toMatchObject({ received: 'Maybe.' })
})
