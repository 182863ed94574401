// The model that makes something up: the same on every wire, always alike, and what it gives fits what was asked for.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { DialogAgent, DictDialogAgent, ReActAgent } from '../../src/agents/index.ts'
import { Msg, type ToolUseBlock, textOf } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { MarkdownJsonDictParser } from '../../src/parsers/index.ts'
import { readSchema } from '../../src/schema/index.ts'
import { improvise, type ModelRequest, type Script, simulator } from '../../src/simulator/index.ts'
import { tool } from '../../src/tools/index.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

const weather = tool({
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  input: z.object({ city: z.string(), unit: z.enum(['celsius', 'fahrenheit']).optional() }),
  run: ({ city }) => `Sunny in ${city}, 21 degrees.`,
})
const sums = tool({
  name: 'calculator',
  description: 'Works out an arithmetic expression.',
  input: { type: 'object', properties: { expression: { type: 'string' } }, required: ['expression'] },
  run: (input) => `Worked out: ${(input as { expression: string }).expression}`,
})
const Film = z.object({
  title: z.string(),
  year: z.number().int().min(1900).max(2100),
  kind: z.enum(['comedy', 'drama']),
  cast: z.array(z.object({ name: z.string(), leads: z.boolean() })).min(1),
  seen: z.iso.date(),
})

const ann = (text: string) => new Msg('Ann', text, 'user')

/** Whoever lives on the improvising model of one wire. */
async function living(wire: Wire, stream: boolean) {
  const simulated = await simulator({ models: { '*': improvise } })
  const model = wrapperFor(wire, { baseUrl: simulated.baseUrl(wire), stream })
  const scope = createScope({})
  const agent = new ReActAgent({ name: 'Friday', sysPrompt: 'You are Friday.', model, scope, toolkit: [weather, sums] })
  const called = () => {
    const blocks = agent.memory?.get().flatMap(({ content }) => (typeof content === 'string' ? [] : content)) ?? []
    return blocks.filter((block): block is ToolUseBlock => block.type === 'tool_use').map(({ input }) => input)
  }
  return { model, scope, agent, called, [Symbol.asyncDispose]: () => simulated.close() }
}

const everyWay = wires.flatMap((wire) => [true, false].map((stream): [Wire, boolean] => [wire, stream]))

describe.each(everyWay)('%s, stream %s', (wire, stream) => {
  test('it calls the tool for each thing that is named, and tells the results', async () => {
    await using life = await living(wire, stream)
    const said = await life.agent.call(ann('How is the weather in Rome and Oslo?'))
    expect(life.called()).toEqual([{ city: 'Rome' }, { city: 'Oslo' }])
    expect(textOf(said)).toContain('Sunny in Rome, 21 degrees. Sunny in Oslo, 21 degrees.')
  })

  test('it calls two tools one after the other', async () => {
    await using life = await living(wire, stream)
    const said = await life.agent.call(ann('Calculate 12 * (3 + 4), then the weather in Lima.'))
    expect(life.called()).toEqual([{ expression: '12 * (3 + 4)' }, { city: 'Lima' }])
    expect(textOf(said)).toContain('Worked out: 12 * (3 + 4).')
  })

  test('it gives a value of the wanted shape', async () => {
    await using life = await living(wire, stream)
    const question = { role: 'user', content: 'Describe the drama "Alien" of 1979 with Ripley and Ash.' }
    const value = await (await life.model.call([question], { structuredModel: Film })).parse(Film)
    expect(value).toMatchObject({ title: 'Alien', year: 1979, kind: 'drama' })
  })

  test('it ends its work with tools by the value that was asked for', async () => {
    await using life = await living(wire, stream)
    const Report = z.object({ city: z.string(), degrees: z.number() })
    const said = await life.agent.call(ann('Tell me the weather in Lima.'), { structuredModel: Report })
    expect(said.metadata.structured).toEqual({ city: 'Lima', degrees: 21 })
    expect(textOf(said)).toContain('Sunny in Lima')
  })

  test('among several it speaks to the last speaker', async () => {
    await using life = await living(wire, stream)
    const bob = new DialogAgent({ name: 'Bob', sysPrompt: 'You are Bob.', model: life.model, scope: life.scope })
    const heard = [ann('What do you think of lighthouses?'), new Msg('Cleo', 'Lighthouses are fine.', 'assistant')]
    const said = textOf(await bob.call(heard)) ?? ''
    expect(said).toContain('Cleo')
    expect(said).toMatch(/lighthouses/i)
  })
})

test('it answers as a parser wants it', async () => {
  await using life = await living('openai', true)
  const parser = new MarkdownJsonDictParser({ contentHint: { thought: 'what you think', speak: 'what you say' } })
  const { model, scope } = life
  const agent = new DictDialogAgent({ name: 'Bob', sysPrompt: 'You are Bob.', model, scope, parser } as never)
  const said = await agent.call(ann('What do you think of lighthouses?'))
  expect(textOf(said)).toMatch(/lighthouses/)
})

/** What it makes of one request in OpenAI's form. */
async function improvised(text: string, body: Record<string, unknown> = {}, model = 'm'): Promise<Script> {
  const messages = [{ role: 'user', content: text }]
  const tools = (body['tools'] ?? []) as ModelRequest['tools']
  const { signal } = new AbortController()
  const request: ModelRequest = { wire: 'openai', model, messages, lastUserText: text, tools, body, signal }
  return (await improvise(request)) as Script
}

async function callsOf(text: string, parameters: Record<string, unknown>, name = 'act') {
  return (await improvised(`Please act: ${text}`, { tools: [{ name, parameters }] })).toolCalls?.map(
    ({ input }) => input,
  )
}

describe('improvise', () => {
  test('says the same to the same words, and something else to others', async () => {
    const words = ['What is rain?', 'I like rain.', 'Hello!', 'Tell me a story about rain.', '你好，你觉得下雨怎么样？']
    const said = await Promise.all(words.map(async (each) => (await improvised(each)).text))
    expect(await Promise.all(words.map(async (each) => (await improvised(each)).text))).toEqual(said)
    expect(new Set(said).size).toBe(words.length)
    expect(said[4]).toMatch(/\p{Script=Han}/u)
  })

  test('thinks aloud only when thoughts are asked for', async () => {
    expect(await improvised('What is rain?')).not.toHaveProperty('thinking')
    for (const body of [
      { thinking: { type: 'adaptive' } },
      { think: true },
      { parameters: { enable_thinking: true } },
    ]) {
      expect((await improvised('What is rain?', body)).thinking).toContain('rain')
    }
  })

  test('calls nothing when the words have nothing to do with the tools, or tools are ruled out', async () => {
    const tools = [weather.schema, sums.schema]
    expect(await improvised('What do you think of lighthouses?', { tools })).not.toHaveProperty('toolCalls')
    const ruledOut = await improvised('How is the weather in Rome?', { tools, tool_choice: 'none' })
    expect(ruledOut).not.toHaveProperty('toolCalls')
  })

  test('calls the tool that it must call', async () => {
    const tools = [weather.schema, sums.schema]
    const choice = { type: 'function', function: { name: 'calculator' } }
    const { toolCalls } = await improvised('Hello!', { tools, tool_choice: choice })
    expect(toolCalls?.map(({ name }) => name)).toEqual(['calculator'])
    expect((await improvised('Hello!', { tools, tool_choice: 'required' })).toolCalls).toHaveLength(1)
  })

  test('counts when it is asked to', async () => {
    expect((await improvised('Count to twelve, please.')).text).toBe('1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12.')
  })
})

describe('arguments', () => {
  const one = (name: string, schema: object) => ({ type: 'object', properties: { [name]: schema }, required: [name] })

  test.each([
    ['buy 3 apples', one('count', { type: 'integer' }), { count: 3 }],
    ['buy 300 apples', one('count', { type: 'integer', maximum: 10 }), { count: 10 }],
    ['in fahrenheit', one('unit', { enum: ['celsius', 'fahrenheit'] }), { unit: 'fahrenheit' }],
    ['as you like', one('unit', { enum: ['celsius', 'fahrenheit'] }), { unit: 'celsius' }],
    ['mail ann@example.org', one('email', { type: 'string', format: 'email' }), { email: 'ann@example.org' }],
    ['read notes/today.md', one('path', { type: 'string' }), { path: 'notes/today.md' }],
    [
      'search for old lighthouses',
      one('query', { type: 'string' }),
      { query: 'Please act: search for old lighthouses' },
    ],
    [
      'from Rome to Oslo',
      { ...one('a', { type: 'string' }), properties: { a: { type: 'string' }, b: {} } },
      { a: 'Rome' },
    ],
    [
      'Rome, Oslo and Lima',
      one('cities', { type: 'array', items: { type: 'string' } }),
      { cities: ['Rome', 'Oslo', 'Lima'] },
    ],
    [
      '7 and 8',
      { ...one('to', one('day', { $ref: '#/$defs/day' })), $defs: { day: { type: 'integer' } } },
      { to: { day: 7 } },
    ],
  ])('for "%s" are made of its words', async (text, parameters, expected) => {
    expect(await callsOf(text, parameters)).toEqual([expected])
  })

  const linked = z.object({
    word: z.string(),
    get next() {
      return z.nullable(linked)
    },
  })
  test.each([
    z.object({ a: z.union([z.null(), z.object({ b: z.literal('x') })]), c: z.tuple([z.string(), z.number()]) }),
    z.object({ list: z.array(z.enum(['red', 'green'])).min(1), when: z.iso.datetime(), id: z.uuid() }),
    z.object({ n: z.number().gt(0).lt(1), m: z.number().int().multipleOf(5).min(7), s: z.string().min(30).max(40) }),
    z.object({
      code: z.string().regex(/^[A-Z]\w+$/),
      deep: z.object({ deeper: z.array(z.object({ ok: z.boolean() })) }),
    }),
    z.discriminatedUnion('type', [z.object({ type: z.literal('a'), x: z.int() }), z.object({ type: z.literal('b') })]),
    z.array(z.string()).min(2),
    z.object({ odd: z.string().meta({ pattern: '[' }), linked }),
    z.record(z.string(), z.number()),
  ])('fit the schema, whatever it is made of (%#)', async (schema) => {
    const { json, check } = readSchema(schema)
    const format = { type: 'json_schema', json_schema: { name: 'x', schema: json } }
    const { text } = await improvised('Ann saw 12 red boats in Rome.', { response_format: format })
    expect(await check(JSON.parse(String(text)))).toMatchObject({ ok: true })
  })
})
