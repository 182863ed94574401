// A schema as questions: what a person is asked, how the answers are read, and the value they make.
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { askFields, type Field, fieldsOf, readField, readSchema } from '../../src/schema/index.ts'

const player = readSchema(
  z.object({
    name: z.string().min(2).describe('Who you are'),
    age: z.int().min(0).optional(),
    side: z.enum(['wolf', 'villager']),
    alive: z.boolean().default(true),
    friends: z.array(z.string()),
    home: z.object({ city: z.string(), floor: z.number().nullable() }),
  }),
)

async function answerTo(schema: Parameters<typeof fieldsOf>[0], text: string) {
  const read = await readField(fieldsOf(schema)[0] as Field, text)
  return read.ok ? read.value : read.issue
}

describe('the fields of a schema', () => {
  it('are asked in its order, objects taken apart, with kind, choices, default and description', () => {
    const fields = fieldsOf(player.json)
    expect(fields.map(({ label, kind, required }) => [label, kind, required])).toEqual([
      ['name', 'string', true],
      ['age', 'integer', false],
      ['side', 'string', true],
      ['alive', 'boolean', false],
      ['friends', 'list', true],
      ['home.city', 'string', true],
      ['home.floor', 'number', false],
    ])
    expect(fields[0]).toMatchObject({ path: ['name'], description: 'Who you are' })
    expect(fields[2]?.choices).toEqual(['wolf', 'villager'])
    expect(fields[3]?.default).toBe(true)
  })

  it('of a schema that refers to itself are asked as JSON where the ring closes', () => {
    const json = {
      $ref: '#/$defs/Node',
      $defs: { Node: { type: 'object', properties: { word: { type: 'string' }, next: { $ref: '#/$defs/Node' } } } },
    }
    expect(fieldsOf(json).map(({ label, kind }) => [label, kind])).toEqual([
      ['word', 'string'],
      ['next', 'json'],
    ])
  })

  it('of a schema that is no object are one field without a path', () => {
    expect(fieldsOf({ type: 'integer' })).toMatchObject([{ path: [], label: 'value', kind: 'integer' }])
    expect(fieldsOf({ $ref: '#' })).toMatchObject([{ path: [], kind: 'json' }])
  })
})

describe('an answer', () => {
  it.each([
    ['number', '1e3', 1000],
    ['number', ' -2.5 ', -2.5],
    ['boolean', 'Yes', true],
    ['boolean', 'n', false],
    ['string', ' as it is ', ' as it is '],
    ['string', '""', ''],
    ['object', '{"a": [1]}', { a: [1] }],
  ])('to a %s is read from %j', async (type, text, value) => {
    expect(await answerTo({ type }, text)).toEqual(value)
  })

  it.each([
    [{ type: 'number' }, 'many', /needs a number/],
    [{ type: 'integer' }, '1.5', /integer/i],
    [{ type: 'boolean' }, 'maybe', /yes or no/],
    [{ enum: ['red', 'blue'] }, 'green', /one of: red, blue/],
    [{ type: 'string', minLength: 3 }, 'ab', /short|length/i],
    [{ type: 'object' }, '{"a"', /needs JSON/],
    [{ type: 'string' }, '  ', /needs an answer/],
  ])('that does not fit %j is told why', async (schema, text, why) => {
    expect(await answerTo(schema, text)).toMatch(why)
  })

  it('chooses by the words, whatever their case, or by the number', async () => {
    const choice = { enum: ['Red', 'Blue', 7] }
    for (const [text, value] of [
      ['blue', 'Blue'],
      ['1', 'Red'],
      ['7', 7],
    ]) {
      expect(await answerTo(choice, text as string)).toBe(value)
    }
  })

  it('gives a list with commas between, or as JSON', async () => {
    const numbers = { type: 'array', items: { type: 'integer' } }
    expect(await answerTo(numbers, '1, 2,3')).toEqual([1, 2, 3])
    expect(await answerTo(numbers, '[4]')).toEqual([4])
    expect(await answerTo(numbers, '1, x')).toMatch(/number/)
    expect(await answerTo({ type: 'array', items: { enum: ['a', 'b'] } }, 'B')).toEqual(['b'])
  })

  it('that is not given means the default, null where that is allowed, or nothing', async () => {
    expect(await answerTo({ type: 'integer', default: 4 }, '')).toBe(4)
    for (const schema of [
      { type: ['string', 'null'] },
      { enum: ['a', null] },
      { anyOf: [{ enum: ['a'] }, { type: 'null' }] },
    ]) {
      expect(await answerTo(schema, '')).toBeNull()
    }
    expect(await answerTo({ type: 'object', properties: { a: { type: 'string' } } }, '')).toBeUndefined()
  })
})

describe('asking for all fields', () => {
  it('makes the value, and asks again with the reason when an answer is wrong', async () => {
    const typed: Record<string, string[]> = {
      name: ['A', 'Ann'],
      age: [''],
      side: ['wolf'],
      alive: ['no'],
      friends: ['Bob,Cy'],
      'home.city': ['Bonn'],
      'home.floor': [''],
    }
    const problems: string[] = []
    const value = await askFields(player.json, async ({ label }, problem) => {
      if (problem !== undefined) problems.push(`${label}: ${problem}`)
      return typed[label]?.shift() ?? ''
    })
    const expected = {
      name: 'Ann',
      side: 'wolf',
      alive: false,
      friends: ['Bob', 'Cy'],
      home: { city: 'Bonn', floor: null },
    }
    expect(value).toEqual(expected)
    expect(await player.check(value)).toEqual({ ok: true, value: expected })
    expect(problems).toHaveLength(1)
  })

  it('keeps a needed object in which nothing was answered, and leaves out one that is not needed', async () => {
    const inner = { type: 'object', properties: { a: { type: 'string' } } }
    const json = { type: 'object', properties: { must: inner, may: inner }, required: ['must'] }
    expect(await askFields(json, async () => '')).toEqual({ must: {} })
  })

  it('gives a key called __proto__ as a key', async () => {
    const json = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}')
    const value = await askFields(json, async () => 'x')
    expect(JSON.stringify(value)).toBe('{"__proto__":"x"}')
  })

  it('rejects when nobody answers any more', async () => {
    await expect(askFields({ type: 'string' }, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  })
})
