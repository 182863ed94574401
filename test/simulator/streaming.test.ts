import { expect, test } from 'vitest'
import { createSimulator, type Script, simulator, type WireName } from '../../src/simulator/index.ts'
import { eventsIn, requestTo, saidIn, wireNames } from './ask.ts'

const script: Script = {
  thinking: 'They greet me. 嗯。',
  text: 'Hello! How can I assist you today? 你好🌍👩‍👩‍👧é',
  toolCalls: [
    { id: 'c1', name: 'weather', input: { city: 'Rome', days: [1, 2] } },
    { id: 'c2', name: 'time', input: {} },
  ],
  usage: { inputTokens: 29, outputTokens: 15, cachedInputTokens: 4, reasoningTokens: 5 },
}

const usages: Record<WireName, object> = {
  openai: { prompt_tokens: 29, completion_tokens: 15, total_tokens: 44, prompt_tokens_details: { cached_tokens: 4 } },
  litellm: { prompt_tokens: 29, completion_tokens: 15, completion_tokens_details: { reasoning_tokens: 5 } },
  zhipuai: { prompt_tokens: 29, completion_tokens: 15, completion_tokens_details: { reasoning_tokens: 5 } },
  dashscope: { input_tokens: 29, output_tokens: 15, total_tokens: 44, output_tokens_details: { reasoning_tokens: 5 } },
  gemini: { promptTokenCount: 29, candidatesTokenCount: 10, thoughtsTokenCount: 5, totalTokenCount: 44 },
  ollama: { prompt_eval_count: 29, eval_count: 15 },
  anthropic: { input_tokens: 25, cache_read_input_tokens: 4, output_tokens: 15 },
}

const finishes: Record<string, Record<WireName, string>> = {
  stop: words('stop', { gemini: 'STOP', anthropic: 'end_turn' }),
  length: words('length', { gemini: 'MAX_TOKENS', anthropic: 'max_tokens' }),
  'tool-calls': words('tool_calls', { gemini: 'STOP', anthropic: 'tool_use', ollama: 'stop' }),
  odd_reason: words('odd_reason', {}),
}

function words(usual: string, others: Partial<Record<WireName, string>>): Record<WireName, string> {
  return { ...(Object.fromEntries(wireNames.map((wire) => [wire, usual])) as Record<WireName, string>), ...others }
}

test.each(wireNames)('%s streams thinking, text and two tool calls over a socket', async (wire) => {
  await using sim = await simulator({ models: { m: script } })
  const response = await fetch(requestTo(sim, wire))
  const said = saidIn[wire](await response.text())
  expect(response.status).toBe(200)
  expect(said).toMatchObject({ text: script.text, thinking: script.thinking, finish: finishes['tool-calls']![wire] })
  expect(said.calls.map(({ name, input }) => [name, JSON.parse(input)])).toEqual([
    ['weather', { city: 'Rome', days: [1, 2] }],
    ['time', {}],
  ])
  if (wire !== 'gemini') expect(said.calls.map((call) => call.id)).toEqual(['c1', 'c2'])
  expect(said.usage).toMatchObject(usages[wire])
})

test.each(wireNames)('%s gives the same bytes by fetch as over the socket', async (wire) => {
  const options = { models: { m: script }, now: () => new Date('2030-01-01T00:00:00Z') }
  await using sim = await simulator(options)
  const over = await (await fetch(requestTo(sim, wire))).bytes()
  const local = createSimulator(options)
  expect(await (await local.fetch(requestTo(local, wire))).bytes()).toEqual(over)
})

test.each(wireNames)('%s words each finish reason as its provider does', async (wire) => {
  const models = Object.fromEntries(Object.keys(finishes).map((finish) => [finish, { text: ['a', 'b'], finish }]))
  const sim = createSimulator({ models })
  for (const [finish, expected] of Object.entries(finishes)) {
    const response = await sim.fetch(requestTo(sim, wire, { model: finish }))
    expect(saidIn[wire](await response.text())).toMatchObject({ text: 'ab', finish: expected[wire] })
  }
})

async function bodyOf(wire: WireName, answer: Script, body: Record<string, unknown> = {}): Promise<string> {
  const sim = createSimulator({ models: { m: answer }, now: () => new Date('2030-01-01T00:00:00Z') })
  return await (await sim.fetch(requestTo(sim, wire, { body }))).text()
}

test('openai sends usage only when it is asked to, in a last chunk without choices', async () => {
  const asked = eventsIn(await bodyOf('openai', { text: ['a'] })).map((event) => event.data)
  expect(JSON.parse(asked.at(-2)!)).toMatchObject({ object: 'chat.completion.chunk', choices: [] })
  const plain = await bodyOf('openai', { text: ['a'] }, { stream_options: null })
  expect(plain).not.toContain('usage')
})

test('openai begins with the role and names a call before its arguments come', async () => {
  const body = await bodyOf('openai', { toolCalls: [{ id: 'c', name: 'f', pieces: ['{"a"', ':1}'] }] })
  const deltas = eventsIn(body)
    .slice(0, 4)
    .map(({ data }) => JSON.parse(data).choices[0].delta)
  expect(deltas).toEqual([
    { role: 'assistant', content: '', refusal: null },
    { tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] },
    { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
  ])
})

test('openai says a refusal in its own field', async () => {
  const body = await bodyOf('openai', { text: ['No.'], finish: 'refusal' })
  expect(body).toContain('{"refusal":"No."}')
  expect(body).toContain('"finish_reason":"stop"')
})

test('anthropic opens and closes every block, pings, and signs the thinking', async () => {
  const body = await bodyOf('anthropic', { thinking: ['Hm'], text: ['a', 'b'], signature: 'sig' })
  const kinds = eventsIn(body).map(({ data }) => {
    const { type, index, delta } = JSON.parse(data)
    return [type, index, delta?.type].filter((each) => each !== undefined).join(' ')
  })
  expect(kinds).toEqual([
    'message_start',
    'content_block_start 0',
    'ping',
    'content_block_delta 0 thinking_delta',
    'content_block_delta 0 signature_delta',
    'content_block_stop 0',
    'content_block_start 1',
    'content_block_delta 1 text_delta',
    'content_block_delta 1 text_delta',
    'content_block_stop 1',
    'message_delta',
    'message_stop',
  ])
  expect(body).toContain('{"type":"signature_delta","signature":"sig"}')
})

test('dashscope marks each event with id, name and status, and says "null" until the end', async () => {
  const events = eventsIn(await bodyOf('dashscope', { text: ['Hel', 'lo'] }))
  expect(events.map(({ id, event, comment }) => [id, event, comment])).toEqual([
    ['1', 'result', 'HTTP_STATUS/200'],
    ['2', 'result', 'HTTP_STATUS/200'],
    ['3', 'result', 'HTTP_STATUS/200'],
  ])
  const choices = events.map(({ data }) => JSON.parse(data).output.choices[0])
  expect(choices.map((choice) => [choice.message.content, choice.finish_reason])).toEqual([
    ['Hel', 'null'],
    ['lo', 'null'],
    ['', 'stop'],
  ])
})

test('dashscope repeats everything so far unless increments were asked for', async () => {
  const parameters = { result_format: 'message' }
  const answer = { text: ['Hel', 'lo'], toolCalls: [{ name: 'f', pieces: ['{"a"', ':1}'] }] }
  const events = eventsIn(await bodyOf('dashscope', answer, { parameters }))
  const messages = events.map(({ data }) => JSON.parse(data).output.choices[0].message)
  expect(messages.map((each) => each.content)).toEqual(['Hel', 'Hello', 'Hello', 'Hello', 'Hello'])
  expect(messages.at(-1).tool_calls).toMatchObject([{ function: { name: 'f', arguments: '{"a":1}' } }])
})

test('dashscope answers in its text shape when no message shape was asked for', async () => {
  const events = eventsIn(await bodyOf('dashscope', { text: ['Hi'] }, { parameters: { incremental_output: true } }))
  expect(JSON.parse(events[0]!.data).output).toEqual({ finish_reason: 'null', text: 'Hi' })
})

test('gemini ends lines with CRLF, keeps thoughts apart and calls whole, and signs them', async () => {
  const answer = { thinking: ['Hm'], toolCalls: [{ name: 'f', pieces: ['{"a"', ':1}'] }], signature: 'c2ln' }
  const body = await bodyOf('gemini', answer)
  expect(body.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  const parts = eventsIn(body).map(({ data }) => JSON.parse(data).candidates[0].content.parts[0])
  expect(parts).toEqual([
    { text: 'Hm', thought: true },
    { functionCall: { name: 'f', args: { a: 1 } }, thoughtSignature: 'c2ln' },
    { text: '' },
  ])
})

test('gemini sends one growing JSON array when events were not asked for', async () => {
  const sim = createSimulator({ models: { m: { text: ['a', 'b'] } } })
  const request = requestTo(sim, 'gemini')
  const response = await sim.fetch(request.url.replace('?alt=sse', ''), {
    method: 'POST',
    headers: request.headers,
    body: await request.text(),
  })
  const list = (await response.json()) as { candidates: { content: { parts: { text: string }[] } }[] }[]
  expect(list.map((each) => each.candidates[0]!.content.parts[0]!.text)).toEqual(['a', 'b', ''])
})

test('gemini blocks a prompt without a candidate, and an answer without content', async () => {
  const blocked = JSON.parse(eventsIn(await bodyOf('gemini', { finish: 'content-filter' }))[0]!.data)
  expect(blocked).toMatchObject({ promptFeedback: { blockReason: 'SAFETY' } })
  expect(blocked.candidates).toBeUndefined()
  const events = eventsIn(await bodyOf('gemini', { text: ['a'], finish: 'content-filter' }))
  expect(JSON.parse(events.at(-1)!.data).candidates).toEqual([{ finishReason: 'SAFETY', index: 0 }])
})

test('ollama streams unless told not to, and only loads when there is no message', async () => {
  const loaded = JSON.parse(await bodyOf('ollama', { text: 'a' }, { messages: [], stream: undefined }))
  expect(loaded).toMatchObject({ done: true, done_reason: 'load', message: { content: '' } })
  const lines = (await bodyOf('ollama', { text: ['a'] }, { stream: undefined })).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).done)).toEqual([false, true])
})

test('zhipuai sends calls whole unless tool_stream is asked for, and usage with the finish', async () => {
  const answer = { toolCalls: [{ name: 'f', pieces: ['{"a"', ':1}'] }] }
  const whole = eventsIn(await bodyOf('zhipuai', answer))
  expect(whole).toHaveLength(3)
  expect(JSON.parse(whole[1]!.data)).toMatchObject({
    choices: [{ finish_reason: 'tool_calls' }],
    usage: { prompt_tokens: expect.any(Number) },
  })
  expect(eventsIn(await bodyOf('zhipuai', answer, { tool_stream: true }))).toHaveLength(4)
})

test('litellm tells cost and model in headers', async () => {
  const sim = createSimulator({ models: { m: { text: 'a', usage: { inputTokens: 1000, outputTokens: 500 } } } })
  const { headers } = await sim.fetch(requestTo(sim, 'litellm'))
  expect(headers.get('x-litellm-response-cost')).toBe('0.001500')
  expect(headers.get('x-litellm-model-id')).toBe('simulated-m')
})
