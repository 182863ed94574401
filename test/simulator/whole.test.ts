import { expect, test } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import { createSimulator, type Script, type WireName } from '../../src/simulator/index.ts'
import { addGemini, addMessage, addOllama, type Json, requestTo, type Said, wireNames } from './ask.ts'

const script: Script = {
  thinking: 'Let me see.',
  text: 'It is warm.',
  toolCalls: [{ id: 'c1', name: 'weather', input: { city: 'Rome' } }],
  usage: { inputTokens: 29, outputTokens: 15, cachedInputTokens: 4, reasoningTokens: 5 },
}

const readers: Record<WireName, (reply: Json, said: Said) => void> = {
  openai: (reply, said) => readChat(reply, 'chat.completion', said),
  litellm: (reply, said) => readChat(reply, 'chat.completion', said),
  zhipuai: (reply, said) => readChat(reply, undefined, said),
  dashscope: ({ output, usage }, said) => {
    readChoice(output.choices[0], said)
    said.usage = { input: usage.input_tokens, output: usage.output_tokens }
  },
  gemini: (reply, said) => {
    addGemini(said, reply)
    const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount } = reply['usageMetadata']
    said.usage = { input: promptTokenCount, output: candidatesTokenCount + thoughtsTokenCount }
  },
  ollama: (reply, said) => {
    addOllama(said, reply)
    said.usage = { input: reply['prompt_eval_count'], output: reply['eval_count'] }
  },
  anthropic: ({ content, stop_reason, usage }, said) => {
    said.thinking = content[0].thinking
    said.text = content[1].text
    said.calls.push({ id: content[2].id, name: content[2].name, input: JSON.stringify(content[2].input) })
    said.finish = stop_reason
    said.usage = { input: usage.input_tokens + usage.cache_read_input_tokens, output: usage.output_tokens }
  },
}

function readChat(reply: Json, object: string | undefined, said: Said): void {
  expect(reply['object']).toBe(object)
  readChoice(reply['choices'][0], said)
  said.usage = { input: reply['usage'].prompt_tokens, output: reply['usage'].completion_tokens }
}

function readChoice(choice: Json, said: Said): void {
  const { message } = choice
  const calls = message.tool_calls?.map((call: Json, index: number) => ({ index, ...call }))
  addMessage(said, { ...message, tool_calls: calls })
  said.finish = choice['finish_reason']
}

const finishes: Partial<Record<WireName, string>> = { gemini: 'STOP', ollama: 'stop', anthropic: 'tool_use' }

test.each(wireNames)('%s answers in one piece when it is not to stream', async (wire) => {
  const sim = createSimulator({ models: { m: script } })
  const response = await sim.fetch(requestTo(sim, wire, { stream: false }))
  expect(response.headers.get('content-type')).toContain('application/json')
  const said: Said = { text: '', thinking: '', calls: [] }
  readers[wire]((await response.json()) as Json, said)
  expect(said).toMatchObject({
    text: 'It is warm.',
    thinking: 'Let me see.',
    calls: [{ name: 'weather', input: '{"city":"Rome"}' }],
    finish: finishes[wire] ?? 'tool_calls',
    usage: { input: 29, output: 15 },
  })
})

test('a reply in one piece that is cut breaks off inside its JSON', async () => {
  const sim = createSimulator({ models: { m: { text: 'Hello there', end: 'cut' } } })
  const text = await (await sim.fetch(requestTo(sim, 'openai', { stream: false }))).text()
  expect(text).toMatch(/^\{"id"/)
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
})

test('a failure inside a stream is an HTTP error for a reply in one piece', async () => {
  const sim = createSimulator({ models: { m: { text: 'Hello', error: { message: 'Overloaded', after: 1 } } } })
  const response = await sim.fetch(requestTo(sim, 'anthropic', { stream: false }))
  expect(response.status).toBe(500)
  expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'api_error', message: 'Overloaded' } })
})

test('openai keeps a refusal out of the content', async () => {
  const sim = createSimulator({ models: { m: { text: 'No.', finish: 'refusal' } } })
  const reply = (await (await sim.fetch(requestTo(sim, 'openai', { stream: false }))).json()) as Json
  expect(reply['choices'][0].message).toEqual({ role: 'assistant', content: null, refusal: 'No.' })
})

test('dashscope breaks a filtered reply off with its inspection error', async () => {
  const sim = createSimulator({ models: { m: { text: 'x', finish: 'content-filter' } } })
  const whole = await sim.fetch(requestTo(sim, 'dashscope', { stream: false }))
  expect([whole.status, await whole.json()]).toMatchObject([400, { code: 'DataInspectionFailed' }])
  const body = await (await sim.fetch(requestTo(sim, 'dashscope'))).text()
  expect(body).toMatch(/event:error\n:HTTP_STATUS\/400\ndata:\{"code":"DataInspectionFailed"/)
})

const broken: Script = { toolCalls: [{ id: 'c', name: 'pay', rawInput: '{"euro": 10' }] }

test.each(['openai', 'litellm', 'zhipuai', 'dashscope', 'ollama'] as const)(
  '%s keeps the text of broken arguments in a reply in one piece',
  async (wire) => {
    const sim = createSimulator({ models: { m: broken } })
    const text = await (await sim.fetch(requestTo(sim, wire, { stream: false }))).text()
    expect(JSON.parse(text)).toBeTypeOf('object')
    expect(text).toContain(JSON.stringify('{"euro": 10'))
  },
)

test('gemini sends no call with broken arguments, and says that it was malformed', async () => {
  const sim = createSimulator({ models: { m: broken } })
  const reply = (await (await sim.fetch(requestTo(sim, 'gemini', { stream: false }))).json()) as Json
  expect(reply['candidates']).toEqual([{ finishReason: 'MALFORMED_FUNCTION_CALL', index: 0 }])
  expect(JSON.stringify(reply)).not.toContain('functionCall')
})

test('anthropic cannot say broken arguments in one piece, and says so instead of a call that would run', async () => {
  const sim = createSimulator({ models: { m: broken } })
  const response = await sim.fetch(requestTo(sim, 'anthropic', { stream: false }))
  const text = await response.text()
  expect([response.status, text]).toEqual([500, expect.stringContaining('toolCalls[0] is no JSON')])
  expect(text).not.toContain('tool_use')
  expect(sim.requests[0]?.error).toBeInstanceOf(ConfigError)
})

test.each(['anthropic', 'ollama'] as const)('%s sends a tool that takes nothing an empty object', async (wire) => {
  const sim = createSimulator({ models: { m: { toolCalls: [{ name: 'f', rawInput: '' }] } } })
  const text = await (await sim.fetch(requestTo(sim, wire, { stream: false }))).text()
  expect(text).toMatch(/"(input|arguments)":\{\}/)
})
