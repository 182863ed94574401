// How each wire writes a format into its request, and which schemas can be enforced there.
import { describe, expect, it } from 'vitest'
import { requestAnthropic } from '../../src/dialects/anthropic.format.ts'
import { closedSchema, schemaSubsets } from '../../src/dialects/closed-schema.ts'
import { requestDashScope } from '../../src/dialects/dashscope.format.ts'
import { requestGemini } from '../../src/dialects/gemini.format.ts'
import { anthropic, dashscope, gemini, ollama, openaiChat, type StructuredFormat } from '../../src/dialects/index.ts'
import { requestOllama } from '../../src/dialects/ollama.format.ts'
import { requestOpenAIChat } from '../../src/dialects/openai-chat.format.ts'

const name = { type: 'string' }
const { openai: openaiStrict, anthropic: anthropicStrict } = schemaSubsets
const schema = { type: 'object', properties: { name }, required: ['name'] }
const closed = { ...schema, additionalProperties: false }
const open = { type: 'object', properties: { name } }
const asSchema = (shape: object, inSubset?: object): StructuredFormat => ({
  type: 'json-schema',
  name: 'x',
  schema: { ...shape },
  closed: inSubset && { ...inSubset },
})
const asObject: StructuredFormat = { type: 'json-object' }

const call = { model: 'm', messages: [{ role: 'user', content: 'Hi!' }], stream: false, tools: [], extras: {} }
const chat = { contentStyle: 'text', multiAgent: 'folded', namedMessages: false, streamOptions: false } as const
const written = {
  openai: (format: StructuredFormat) => requestOpenAIChat({ ...call, accent: chat, format }).body,
  dashscope: (format: StructuredFormat) =>
    requestDashScope({ ...call, accent: { service: 'by-content', multimodalModels: [] }, format }).body['parameters'],
  gemini: (format: StructuredFormat) => requestGemini({ ...call, accent: {}, format }).body,
  ollama: (format: StructuredFormat) => requestOllama({ ...call, accent: { replaysThinking: true }, format }).body,
  anthropic: (format: StructuredFormat, extras = {}) =>
    requestAnthropic({ ...call, extras, accent: { version: 'v', maxTokens: 9 }, format }).body,
}

describe('a format', () => {
  it.each(['openai', 'dashscope'] as const)("is OpenAI's response_format on %s, strict when it can be", (wire) => {
    const strict = { type: 'json_schema', json_schema: { name: 'x', schema: closed, strict: true } }
    expect(written[wire](asSchema(schema, closed))).toMatchObject({ response_format: strict })
    const loose = { type: 'json_schema', json_schema: { name: 'x', schema: open } }
    expect(written[wire](asSchema(open))).toHaveProperty('response_format', loose)
    expect(written[wire](asObject)).toHaveProperty('response_format', { type: 'json_object' })
  })

  it('is a type and a schema in the generation config of Gemini', () => {
    const responseMimeType = 'application/json'
    expect(written.gemini(asSchema(open))['generationConfig']).toEqual({ responseMimeType, responseJsonSchema: open })
    expect(written.gemini(asObject)['generationConfig']).toEqual({ responseMimeType })
  })

  it('is the schema itself on Ollama', () => {
    expect(written.ollama(asSchema(open))['format']).toEqual(open)
    expect(written.ollama(asObject)['format']).toBe('json')
  })

  it('stands beside the other output options on Anthropic, closed; JSON of any shape is unknown there', () => {
    const format = { type: 'json_schema', schema: closed }
    const body = written.anthropic(asSchema(schema, closed), { output_config: { effort: 'low' } })
    expect(body['output_config']).toEqual({ effort: 'low', format })
    expect(() => written.anthropic(asObject)).toThrow('no field for JSON of any shape')
  })
})

describe('the way', () => {
  const way = (dialect: typeof openaiChat | typeof anthropic, extras: object) =>
    dialect.structuredWay?.('json-schema', { schema, closed, extras: { ...extras } })

  it.each([
    ['openai-chat', openaiChat, { responseFormat: { type: 'text' } }],
    ['dashscope', dashscope, { parameters: { response_format: { type: 'text' } } }],
    ['dashscope thinking', dashscope, { enable_thinking: true }],
    ['gemini', gemini, { generationConfig: { responseSchema: {} } }],
    ['ollama', ollama, { format: 'json' }],
    ['anthropic', anthropic, { output_config: { format: {} } }],
  ])('is words when the options ask for a format or exclude one: %s', (_, dialect, extras) => {
    expect(way(dialect as typeof openaiChat, {})).toBe('json-schema')
    expect(way(dialect as typeof openaiChat, extras)).toBe('prompt')
  })
})

describe('a schema that a provider enforces', () => {
  it('has every object closed, however deep', () => {
    const list = { type: 'array', items: schema, maxItems: 3 }
    const deep = {
      type: 'object',
      properties: { list, either: { anyOf: [schema, { type: 'null' }] } },
      required: ['list', 'either'],
    }
    expect(closedSchema(deep, openaiStrict)).toEqual({
      ...deep,
      additionalProperties: false,
      properties: { list: { ...list, items: closed }, either: { anyOf: [closed, { type: 'null' }] } },
    })
    expect(deep.properties.list.items).toBe(schema)
  })

  it.each([
    ['optional properties', open, true],
    ['any keys', { type: 'object', additionalProperties: name }, false],
    ['keys without a list of them', { type: 'object' }, false],
    ['unknown keywords below', { ...schema, properties: { name: { not: {} } } }, false],
    ['properties that are no schemas', { ...schema, properties: { name: true } }, false],
  ])('cannot say it: %s', (_, shape, onlyOpenai) => {
    expect(closedSchema({ ...shape }, openaiStrict)).toBeUndefined()
    expect(closedSchema({ ...shape }, anthropicStrict) !== undefined).toBe(onlyOpenai)
  })

  it('keeps in words what Anthropic does not enforce', () => {
    const count = { type: 'integer', minimum: -9007199254740991, maximum: 9, description: 'How many.' }
    expect(closedSchema(count, anthropicStrict)).toEqual({ type: 'integer', description: 'How many. (maximum 9)' })
    expect(closedSchema(count, openaiStrict)).toEqual(count)
  })
})
