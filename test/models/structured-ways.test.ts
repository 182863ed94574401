// Which way a value is asked for: by family of models, with tools beside it, with options of the user's own.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type OpenAIChatAccent, openaiChat } from '../../src/dialects/index.ts'
import { ChatWrapper, type ProviderData, resolveOptions } from '../../src/models/index.ts'
import { type Simulator, simulator } from '../../src/simulator/index.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

const Rating = z.object({ stars: z.int().min(1).max(5), why: z.string().optional() })
const Name = z.object({ name: z.string() })
const rating = '{"stars": 4}'
const question = [{ role: 'user', content: 'How was it?' }]
const tools = [{ name: 'wx', parameters: { type: 'object', properties: {} } }]
let sim: Simulator

beforeAll(async () => {
  sim = await simulator({ models: { '*': { text: rating } } })
})
afterAll(() => sim.close())

async function sent(wire: Wire, modelName: string, more: { [option: string]: unknown } = {}, own: object = {}) {
  const model = wrapperFor(wire, { modelName, baseUrl: sim.baseUrl(wire), stream: false, ...own })
  const response = await model.call(question, { structuredModel: Rating, ...more })
  expect(await response.parse(Rating)).toEqual({ stars: 4 })
  return sim.requests.at(-1)?.body as Record<string, Record<string, unknown>>
}

const format = (body: Record<string, unknown>) => (body['response_format'] as { type?: string } | undefined)?.type
const words = (body: object) => /fits this JSON Schema/.test(JSON.stringify(body))

describe('OpenAI', () => {
  test('is asked strictly when the schema can be said so, and with the schema as it is when not', async () => {
    const strict = await sent('openai', 'gpt-5', { structuredModel: Name })
    expect(strict).toMatchObject({
      response_format: { json_schema: { strict: true, schema: { additionalProperties: false } } },
    })
    const optional = (await sent('openai', 'gpt-5'))['response_format']?.['json_schema']
    expect(optional).not.toHaveProperty('strict')
    expect(optional).toMatchObject({
      schema: { properties: { stars: { minimum: 1, maximum: 5 } }, required: ['stars'] },
    })
  })

  test("has tools and a schema in one request for its own models; others' and older ones get a tool", async () => {
    const own = await sent('openai', 'gpt-5', { tools })
    expect([format(own), own['tools']?.['length'], own['tool_choice']]).toEqual(['json_schema', 1, undefined])
    const others = await sent('openai', 'my-model', { tools })
    expect([format(others), others['tools']?.['length'], others['tool_choice']]).toEqual([undefined, 2, 'required'])
    const older = await sent('openai', 'gpt-4-turbo')
    expect(older).toMatchObject({ tool_choice: { function: { name: 'generate_response' } } })
  })

  test('a choice of tools is kept, and none leaves only the answer', async () => {
    const auto = await sent('openai', 'my-model', { tools, toolChoice: 'auto' })
    expect(auto['tool_choice']).toBe('auto')
    const none = await sent('openai', 'my-model', { tools, tool_choice: 'none' })
    expect(none).toMatchObject({ tool_choice: { function: { name: 'generate_response' } } })
  })
})

describe('Gemini', () => {
  test('combines tools with a schema from 3 on, and has a tool for the answer before', async () => {
    const three = await sent('gemini', 'gemini-3-pro', { tools })
    expect(three['generationConfig']).toHaveProperty('responseJsonSchema')
    const two = await sent('gemini', 'gemini-2.5-flash', { tools })
    expect(two).not.toHaveProperty('generationConfig')
    expect(two['toolConfig']).toEqual({ functionCallingConfig: { mode: 'ANY' } })
  })
})

describe('Anthropic', () => {
  test('from 4.5 on is held to the schema, closed, with the limits that it cannot enforce in words', async () => {
    const { output_config: config, tools: none } = await sent('anthropic', 'claude-sonnet-4-5-20250929')
    expect(none).toBeUndefined()
    const stars = { type: 'integer', description: '(minimum 1, maximum 5)' }
    expect(config).toMatchObject({ format: { schema: { properties: { stars }, additionalProperties: false } } })
  })

  test.each(['claude-sonnet-4-20250514', 'claude-3-7-sonnet-latest', 'claude-opus-4-1'])(
    '%s gets a tool',
    async (name) => {
      expect(await sent('anthropic', name)).toMatchObject({ tool_choice: { type: 'tool', name: 'generate_response' } })
    },
  )

  test('a schema that it cannot say is asked for with a tool', async () => {
    const structuredModel = z.record(z.string(), z.number())
    expect(await sent('anthropic', 'claude-opus-4-6', { structuredModel })).toHaveProperty('tool_choice')
  })

  test('a model that thinks cannot be forced, so it is asked in words', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 }
    const body = await sent('anthropic', 'claude-sonnet-4-0', { thinking, max_tokens: 4096 })
    expect([words(body), body['tool_choice']]).toEqual([true, undefined])
  })
})

describe('others', () => {
  test.each<[Wire, string]>([
    ['dashscope', 'qwen-plus'],
    ['zhipuai', 'glm-5'],
    ['ollama', 'qwen3'],
  ])('%s is asked in words when tools are offered', async (wire, name) => {
    const body = await sent(wire, name, { tools })
    expect(words(body)).toBe(true)
    expect(JSON.stringify(body)).toContain('When you need no tool any more')
    expect(body).not.toMatchObject({ format: expect.anything() })
    expect(format(body['parameters'] ?? body)).toBeUndefined()
  })

  test('Ollama, which cannot be told to call a tool, is asked in words for one', async () => {
    const body = await sent('ollama', 'qwen3', {}, { structuredOutput: 'tool-call' })
    expect([words(body), body['tools'], body['format']]).toEqual([true, undefined, undefined])
  })

  test('DashScope is given no format while it thinks', async () => {
    const body = await sent('dashscope', 'qwen-plus', { enable_thinking: true })
    expect([words(body), format(body['parameters']!)]).toEqual([true, undefined])
  })

  test('an accent that says nothing means words', async () => {
    const accent = { contentStyle: 'text', multiAgent: 'folded', namedMessages: false, streamOptions: true } as const
    const provider: ProviderData<OpenAIChatAccent> = {
      ...{ provider: 'acme', dialect: openaiChat, accent, keyVariables: [], keyRequired: false, baseUrlVariables: [] },
      ...{ defaultBaseUrl: sim.baseUrl('openai'), authorization: 'bearer' },
    }
    class Acme extends ChatWrapper {}
    const model = new Acme(
      provider as ProviderData,
      resolveOptions(provider, { modelName: 'x', apiKey: 'test-key-000000' }),
    )
    expect(await (await model.call(question, { structuredModel: Rating })).parse()).toEqual({ stars: 4 })
    expect(words(sim.requests.at(-1)?.body as object)).toBe(true)
  })
})

describe("the user's own", () => {
  test('structuredOutput takes the place of the usual way', async () => {
    const body = await sent('openai', 'gpt-5', {}, { structuredOutput: 'prompt' })
    expect([words(body), format(body)]).toEqual([true, undefined])
    const snake = await sent('openai', 'gpt-5', {}, { structured_output: 'json-object' })
    expect([words(snake), format(snake)]).toEqual([true, 'json_object'])
  })

  test.each<[Wire, Record<string, unknown>]>([
    ['openai', { response_format: { type: 'json_object' } }],
    ['dashscope', { response_format: { type: 'json_object' } }],
    ['gemini', { response_mime_type: 'application/json' }],
    ['ollama', { format: 'json' }],
    [
      'anthropic',
      { output_config: { format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } } } },
    ],
  ])('format stays as it is on %s, and the schema is told in words', async (wire, generateArgs) => {
    const body = await sent(wire, 'claude-sonnet-4-5', {}, { generateArgs })
    expect(words(body)).toBe(true)
    expect(JSON.stringify(body)).toContain(JSON.stringify(Object.values(generateArgs)[0]))
  })

  test('tool of the same name, wrong options and a schema that is none are told', async () => {
    const model = wrapperFor('anthropic', { baseUrl: sim.baseUrl('anthropic') })
    const taken = model.call(question, { structuredModel: Rating, tools: [{ name: 'generate_response' }] })
    await expect(taken).rejects.toMatchObject({ type: 'input', message: expect.stringContaining('generate_response') })
    const never = { structuredModel: 7 as unknown as Record<string, unknown> }
    await expect(model.call(question, never)).rejects.toMatchObject({ type: 'config' })
    await expect(model.call(question, { repairRounds: -1 })).rejects.toMatchObject({ type: 'input' })
    await expect(model.call(question, { structuredOutput: 'prompt' })).rejects.toMatchObject({ type: 'input' })
    expect(() => wrapperFor('openai', { structuredOutput: 'json' })).toThrow('structuredOutput must be')
  })

  test('messages are not touched: words go behind the last one of a user, in its own form, or into one of their own', async () => {
    const own = { structuredOutput: 'prompt' }
    const parts = [{ role: 'user', content: [{ type: 'text', text: 'Hm?' }] }]
    const model = wrapperFor('openai', { modelName: 'x', baseUrl: sim.baseUrl('openai'), stream: false, ...own })
    await model.call(parts, { structuredModel: Rating })
    const text = expect.stringContaining('fits this JSON Schema')
    expect(sim.requests.at(-1)?.body).toMatchObject({
      messages: [{ content: [{ text: 'Hm?' }, { type: 'text', text }] }],
    })
    await model.call([...question, { role: 'assistant', content: 'Well,' }], { structuredModel: Rating })
    expect(sim.requests.at(-1)?.body).toMatchObject({
      messages: [...question, { role: 'assistant' }, { content: text }],
    })
    expect(parts).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Hm?' }] }])
  })
})
