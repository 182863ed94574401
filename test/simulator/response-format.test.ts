// What the simulated providers refuse in a request for JSON.
import { expect, test } from 'vitest'
import { createSimulator, type WireName } from '../../src/simulator/index.ts'
import { asking, requestTo } from './ask.ts'

const tools = [{ functionDeclarations: [{ name: 'wx' }] }]
const schemaFormat = (schema: object, strict = false) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'x', schema, strict } },
})
const object = { type: 'object', properties: { a: { type: 'string' } } }
const closed = { ...object, additionalProperties: false, required: ['a'] }
const jsonMessages = [{ role: 'user', content: 'Give me JSON.' }]
const generationConfig = { responseMimeType: 'application/json' }
const outputConfig = (schema: object) => ({ output_config: { format: { type: 'json_schema', schema } } })
const thinking = { thinking: { type: 'adaptive' }, tools: [{ name: 'a', input_schema: { type: 'object' } }] }

const refused: [WireName, string, object][] = [
  ['openai', 'Supported values', { response_format: { type: 'yaml' } }],
  ['openai', "the word 'json'", { response_format: { type: 'json_object' } }],
  ['openai', 'type: "object"', schemaFormat({ type: 'array' })],
  ['openai', "'additionalProperties' is required", schemaFormat(object, true)],
  ['openai', "Missing 'a'", schemaFormat({ ...closed, required: [] }, true)],
  ['openai', 'json_schema.name', { response_format: { type: 'json_schema', json_schema: { schema: object } } }],
  ['litellm', 'json_schema', { response_format: { type: 'json_schema' } }],
  ['zhipuai', 'Supported values', schemaFormat(object)],
  ['dashscope', "the word 'json'", { parameters: { response_format: { type: 'json_object' } } }],
  ['dashscope', 'enable_thinking', { parameters: { ...schemaFormat(object), enable_thinking: true } }],
  ['gemini', 'is unsupported', { generationConfig, tools }],
  ['gemini', 'response_mime_type', { generationConfig: { responseJsonSchema: object } }],
  ['gemini', 'only one of', { generationConfig: { ...generationConfig, responseSchema: {}, responseJsonSchema: {} } }],
  ['ollama', 'invalid format', { format: 'yaml' }],
  ['anthropic', "'additionalProperties' must be", outputConfig(object)],
  ['anthropic', "should be 'json_schema'", { output_config: { format: { type: 'json_object' } } }],
  ['anthropic', 'Thinking may not', { ...thinking, tool_choice: { type: 'any' } }],
]

const taken: [WireName, object][] = [
  ['openai', { response_format: { type: 'json_object' }, messages: jsonMessages }],
  ['openai', schemaFormat(object)],
  ['openai', schemaFormat(closed, true)],
  ['zhipuai', { response_format: { type: 'json_object' }, messages: jsonMessages }],
  ['gemini', { generationConfig: { ...generationConfig, responseJsonSchema: object } }],
  ['ollama', { format: object }],
  ['anthropic', outputConfig(closed)],
  ['anthropic', { ...thinking, tool_choice: { type: 'auto' } }],
]

async function answerTo(wire: WireName, more: object) {
  const sim = createSimulator({ models: { m: { text: '{}' } } })
  const body = { ...asking[wire]({ stream: false }).body, ...more }
  const response = await sim.fetch(requestTo(sim, wire, { stream: false, body }))
  return [response.status, await response.text()] as const
}

test.each(refused)('%s refuses with "%s"', async (wire, message, more) => {
  const [status, text] = await answerTo(wire, more)
  expect(status).toBe(400)
  expect(text.replaceAll('\\"', '"')).toContain(message)
})

test.each(taken)('%s takes what it documents', async (wire, more) => {
  expect((await answerTo(wire, more))[0]).toBe(200)
})
