// The providers' own clients read the simulator: that proves its shapes.
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { Ollama } from 'ollama'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { type Script, simulator, type WireName } from '../../src/simulator/index.ts'

const script: Script = {
  thinking: 'They want the weather.',
  text: 'Let me look. 你好🌍',
  toolCalls: [{ name: 'weather', input: { city: 'Rome' } }],
  usage: { inputTokens: 29, outputTokens: 15, cachedInputTokens: 4, reasoningTokens: 5 },
}
const models = { m: script, busy: { text: 'Hello', error: { status: 529, message: 'Overloaded', after: 1 } } }
const messages = [{ role: 'user' as const, content: 'Weather?' }]
const cut = { bytes: 7 }

test.each(['openai', 'litellm', 'zhipuai'] as const)('the openai client streams from %s', async (wire: WireName) => {
  await using sim = await simulator({ models, pace: cut })
  const client = new OpenAI({ apiKey: 'k', baseURL: sim.baseUrl(wire), maxRetries: 0 })
  const stream = client.chat.completions.stream({ model: 'm', messages, stream_options: { include_usage: true } })
  const { choices, usage } = await stream.finalChatCompletion()
  expect(choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: {
      role: 'assistant',
      content: script.text,
      tool_calls: [{ type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }],
    },
  })
  expect(usage).toMatchObject({ prompt_tokens: 29, completion_tokens: 15 })
})

test('the openai client takes a whole reply and reads errors', async () => {
  await using sim = await simulator({ models })
  const client = new OpenAI({ apiKey: 'k', baseURL: sim.baseUrl('openai'), maxRetries: 0 })
  const { choices } = await client.chat.completions.create({ model: 'm', messages })
  expect(choices[0]?.message.content).toBe(script.text)
  const unknown = client.chat.completions.create({ model: 'nobody', messages })
  await expect(unknown).rejects.toMatchObject({ status: 404, code: 'model_not_found', param: 'model' })
  const broken = client.chat.completions.stream({ model: 'busy', messages })
  await expect(broken.finalContent()).rejects.toThrow('Overloaded')
})

test('the anthropic client streams thinking, text and a tool call', async () => {
  await using sim = await simulator({ models, pace: cut })
  const client = new Anthropic({ apiKey: 'k', baseURL: sim.baseUrl('anthropic'), maxRetries: 0 })
  const message = await client.messages.stream({ model: 'm', max_tokens: 100, messages }).finalMessage()
  expect(message.content).toMatchObject([
    { type: 'thinking', thinking: script.thinking, signature: expect.stringMatching(/./) },
    { type: 'text', text: script.text },
    { type: 'tool_use', name: 'weather', input: { city: 'Rome' } },
  ])
  expect(message).toMatchObject({
    stop_reason: 'tool_use',
    usage: { input_tokens: 25, cache_read_input_tokens: 4, output_tokens: 15 },
  })
})

test('the anthropic client takes a whole reply and reads errors', async () => {
  await using sim = await simulator({ models })
  const client = new Anthropic({ apiKey: 'k', baseURL: sim.baseUrl('anthropic'), maxRetries: 0 })
  const { content } = await client.messages.create({ model: 'm', max_tokens: 100, messages })
  expect(content.map((block) => block.type)).toEqual(['thinking', 'text', 'tool_use'])
  const unknown = client.messages.create({ model: 'nobody', max_tokens: 100, messages })
  await expect(unknown).rejects.toMatchObject({ status: 404, error: { error: { type: 'not_found_error' } } })
  const broken = client.messages.stream({ model: 'busy', max_tokens: 100, messages })
  await expect(broken.finalMessage()).rejects.toThrow('overloaded_error')
})

test('the google client streams thoughts, text and a function call', async () => {
  await using sim = await simulator({ models, pace: cut })
  const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: sim.url } })
  const parts: { text?: string; thought?: boolean; functionCall?: { name?: string } }[] = []
  let last: unknown
  for await (const chunk of await client.models.generateContentStream({ model: 'm', contents: 'Weather?' })) {
    parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []))
    last = chunk
  }
  const join = (isThought: boolean) =>
    parts
      .filter((part) => part.text !== undefined && (part.thought ?? false) === isThought)
      .map((part) => part.text)
      .join('')
  expect([join(true), join(false)]).toEqual([script.thinking, script.text])
  expect(parts.find((part) => part.functionCall)?.functionCall).toEqual({ name: 'weather', args: { city: 'Rome' } })
  expect(last).toMatchObject({
    candidates: [{ finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 29, candidatesTokenCount: 10, thoughtsTokenCount: 5 },
  })
})

test('the google client takes a whole reply and reads errors', async () => {
  await using sim = await simulator({ models })
  const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: sim.url } })
  const reply = await client.models.generateContent({ model: 'm', contents: 'Weather?' })
  expect(reply.functionCalls).toEqual([{ name: 'weather', args: { city: 'Rome' } }])
  const unknown = client.models.generateContent({ model: 'nobody', contents: 'Weather?' })
  await expect(unknown).rejects.toMatchObject({ status: 404, message: expect.stringContaining('NOT_FOUND') })
})

test('the ollama client streams thinking, text and a tool call', async () => {
  await using sim = await simulator({ models, pace: cut })
  const client = new Ollama({ host: sim.baseUrl('ollama') })
  const said = { thinking: '', text: '', calls: [] as unknown[] }
  let last: unknown
  for await (const { message, ...rest } of await client.chat({ model: 'm', messages, stream: true })) {
    said.thinking += message.thinking ?? ''
    said.text += message.content
    said.calls.push(...(message.tool_calls ?? []).map((call) => call.function))
    last = rest
  }
  expect(said).toMatchObject({
    thinking: script.thinking,
    text: script.text,
    calls: [{ name: 'weather', arguments: { city: 'Rome' } }],
  })
  expect(last).toMatchObject({ done: true, done_reason: 'stop', prompt_eval_count: 29, eval_count: 15 })
})

test('the ollama client takes a whole reply and reads errors', async () => {
  await using sim = await simulator({ models })
  const client = new Ollama({ host: sim.baseUrl('ollama') })
  expect((await client.chat({ model: 'm', messages })).message.content).toBe(script.text)
  await expect(client.chat({ model: 'nobody', messages })).rejects.toMatchObject({ status_code: 404 })
  const broken = await client.chat({ model: 'busy', messages, stream: true })
  const drain = async () => {
    for await (const _ of broken);
  }
  await expect(drain()).rejects.toThrow('Overloaded')
})
