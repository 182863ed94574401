import { expect, test } from 'vitest'
import { createSimulator, type WireName } from '../../src/simulator/index.ts'
import { type Json, requestTo, type Wanted, wireNames } from './ask.ts'

/** The message in each provider's own error shape; `undefined` when the shape is another. */
const messages: Record<WireName, (body: Json) => unknown> = {
  openai: ({ error }) => ('type' in error && 'param' in error && 'code' in error ? error.message : undefined),
  litellm: ({ error }) => ('type' in error && typeof error.code === 'string' ? error.message : undefined),
  zhipuai: ({ error }) => (typeof error.code === 'string' ? error.message : undefined),
  dashscope: ({ code, message, request_id: id }) => (typeof code === 'string' && id ? message : undefined),
  gemini: ({ error }) => (typeof error.code === 'number' && error.status ? error.message : undefined),
  ollama: ({ error }) => error,
  anthropic: ({ type, error }) => (type === 'error' && error.type ? error.message : undefined),
}

async function refusalOf(wire: WireName, wanted: Wanted, options = {}): Promise<[status: number, message: unknown]> {
  const sim = createSimulator({ models: { m: { text: 'Hello' } }, ...options })
  const response = await sim.fetch(requestTo(sim, wire, wanted))
  const body = (await response.json()) as Json
  return [response.status, messages[wire](body)]
}

test.each(wireNames)('%s answers an unknown model with 404 in its own shape and lists the known ones', async (wire) => {
  const [status, message] = await refusalOf(wire, { model: 'nobody' })
  expect(status).toBe(404)
  expect(message).toBe('The simulator has no model "nobody". It has "m".')
})

test.each(wireNames.filter((wire) => wire !== 'ollama' && wire !== 'litellm'))(
  '%s refuses a request without a key with 401',
  async (wire) => {
    expect(await refusalOf(wire, { key: '' })).toEqual([401, 'No API key was sent with the request.'])
    const open = createSimulator({ models: { m: { text: 'Hello' } }, requireKey: false })
    expect((await open.fetch(requestTo(open, wire, { key: '' }))).status).toBe(200)
  },
)

test.each(['ollama', 'litellm'] as const)('%s needs no key', async (wire) => {
  const sim = createSimulator({ models: { m: { text: 'Hello' } } })
  expect((await sim.fetch(requestTo(sim, wire, { key: '' }))).status).toBe(200)
})

test.each(wireNames.filter((wire) => wire !== 'ollama'))('%s can be told to take one key only', async (wire) => {
  const [status, message] = await refusalOf(wire, { key: 'wrong' }, { requireKey: 'right' })
  expect([status, message]).toEqual([401, 'The API key that was sent is not the right one.'])
})

test.each(wireNames)('%s words a scripted HTTP error in its own shape', async (wire) => {
  const models = { m: { error: { status: 429, message: 'Slow down.' } } }
  expect(await refusalOf(wire, {}, { models })).toEqual([429, 'Slow down.'])
})

test.each(wireNames)('%s refuses a body that is not JSON', async (wire) => {
  const sim = createSimulator({ models: { m: { text: 'Hello' } } })
  const request = requestTo(sim, wire)
  const response = await sim.fetch(request.url, { method: 'POST', headers: request.headers, body: '{"model":' })
  expect(response.status).toBe(400)
  expect(messages[wire](await response.json())).toMatch(/not a JSON object/)
  expect(sim.requests[0]).toMatchObject({ wire, body: '{"model":', status: 400 })
})

const codes: [WireName, number, object][] = [
  ['openai', 401, { error: { type: 'invalid_request_error', code: 'invalid_api_key' } }],
  ['openai', 500, { error: { type: 'server_error', code: null } }],
  ['anthropic', 529, { error: { type: 'overloaded_error' } }],
  ['anthropic', 429, { error: { type: 'rate_limit_error' } }],
  ['gemini', 503, { error: { code: 503, status: 'UNAVAILABLE' } }],
  ['gemini', 429, { error: { code: 429, status: 'RESOURCE_EXHAUSTED' } }],
  ['dashscope', 429, { code: 'Throttling.RateQuota' }],
  ['zhipuai', 429, { error: { code: '1302' } }],
  ['litellm', 503, { error: { code: '503' } }],
  ['ollama', 500, { error: 'x' }],
]

test.each(codes)('%s has its own words for status %i', async (wire, status, expected) => {
  const sim = createSimulator({ models: { m: { error: { status, message: 'x' } } } })
  expect(await (await sim.fetch(requestTo(sim, wire))).json()).toMatchObject(expected)
})

const user = { role: 'user', content: 'Hi' }
const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }
const asks = { role: 'assistant', content: null, tool_calls: [call] }
const answer = { role: 'tool', tool_call_id: 'c1', content: '1' }

type Refused = [wire: WireName, what: string, body: Json, message: RegExp]

const chatRefused: Refused[] = (['openai', 'zhipuai', 'litellm'] as const).flatMap((wire): Refused[] => [
  [wire, 'no model', { model: undefined }, /must provide a model/],
  [wire, 'no messages', { messages: undefined }, /Missing required parameter: 'messages'/],
  [wire, 'messages of a wrong type', { messages: 'Hi' }, /expected an array of objects, but got a string/],
  [wire, 'no message at all', { messages: [] }, /empty array/],
  [wire, 'a message without a role', { messages: [{ content: 'x' }] }, /messages\[0\]\.role/],
  [wire, 'an unknown role', { messages: [{ role: 'robot', content: 'x' }] }, /'robot'\. Supported values are/],
  [wire, 'content that is missing', { messages: [{ role: 'user' }] }, /'content'/],
  [wire, 'an unknown part', { messages: [{ role: 'user', content: [{ type: 'smell' }] }] }, /'smell'/],
  [wire, 'a tool message without a call', { messages: [user, answer] }, /must be a response to a preceding message/],
  [wire, 'a call without an answer', { messages: [user, asks, user] }, /did not have response messages: c1/],
  [wire, 'a call at the end', { messages: [user, asks] }, /did not have response messages: c1/],
  [
    wire,
    'arguments that are no string',
    { messages: [{ ...asks, tool_calls: [{ ...call, function: { name: 'f', arguments: {} } }] }, answer] },
    /arguments': expected a string/,
  ],
  [wire, 'a tool without a name', { tools: [{ type: 'function', function: {} }] }, /tools\[0\]\.function\.name/],
  [wire, 'a choice without tools', { tool_choice: 'auto' }, /only allowed when 'tools'/],
  [wire, 'a stream flag of a wrong type', { stream: 'yes' }, /expected a boolean/],
])

const dashscopeRefused: Refused[] = [
  ['dashscope', 'no model', { model: undefined }, /"model" missing/],
  ['dashscope', 'no input', { input: undefined }, /input parameter missing/],
  ['dashscope', 'messages beside the model', { input: {}, messages: [user] }, /Either "prompt" or "messages"/],
  ['dashscope', 'an unknown role', { input: { messages: [{ role: 'x', content: '' }] } }, /'x'/],
  [
    'dashscope',
    'an image for a text model',
    { input: { messages: [{ role: 'user', content: [{ image: 'u' }] }] } },
    /url/,
  ],
  ['dashscope', 'a tool message without a call', { input: { messages: [user, answer] } }, /must be a response/],
]

const part = (value: Json) => ({ role: 'user', parts: [value] })
const functionCall = { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] }
const functionResponse = part({ functionResponse: { name: 'f', response: { output: 1 } } })
const hello = part({ text: 'Hi' })

const geminiRefused: Refused[] = [
  ['gemini', 'no contents', { contents: undefined }, /contents is not specified/],
  ['gemini', 'contents of a wrong type', { contents: 'Hi' }, /expected a list, but got a string/],
  ['gemini', 'an unknown field', { messages: [] }, /Unknown name "messages"/],
  [
    'gemini',
    'an unknown role',
    { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] },
    /valid role: user, model/,
  ],
  ['gemini', 'no parts', { contents: [{ role: 'user', parts: [] }] }, /parts must not be empty/],
  ['gemini', 'an empty part', { contents: [part({})] }, /required oneof field 'data'/],
  ['gemini', 'a response without a call', { contents: [functionResponse] }, /immediately after a function call turn/],
  [
    'gemini',
    'a call without a response',
    { contents: [hello, functionCall, hello] },
    /number of function response parts/,
  ],
  ['gemini', 'a call that opens', { contents: [functionCall, functionResponse] }, /immediately after a user turn/],
  [
    'gemini',
    'a response that is no object',
    { contents: [hello, functionCall, part({ functionResponse: { name: 'f', response: 'x' } })] },
    /expected an object/,
  ],
]

const uses = { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'f', input: {} }] }
const results = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: '1' }] }

const anthropicRefused: Refused[] = [
  ['anthropic', 'no max_tokens', { max_tokens: undefined }, /max_tokens: Field required/],
  ['anthropic', 'max_tokens of 0', { max_tokens: 0 }, /max_tokens/],
  ['anthropic', 'no messages', { messages: undefined }, /messages: Field required/],
  ['anthropic', 'no message at all', { messages: [] }, /at least one message/],
  ['anthropic', 'a system message in the list', { messages: [{ role: 'system', content: 'x' }] }, /role "system"/],
  ['anthropic', 'an unknown role', { messages: [{ role: 'tool', content: 'x' }] }, /'user' or 'assistant'/],
  ['anthropic', 'empty content', { messages: [{ role: 'user', content: '' }] }, /non-empty content/],
  [
    'anthropic',
    'an empty text',
    { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
    /must be non-empty/,
  ],
  ['anthropic', 'a use without a result', { messages: [user, uses, user] }, /without `tool_result` blocks.*c1/],
  ['anthropic', 'a result without a use', { messages: [results] }, /unexpected `tool_use_id`.*c1/],
  [
    'anthropic',
    'unsigned thinking',
    { messages: [user, { role: 'assistant', content: [{ type: 'thinking', thinking: 'x' }] }] },
    /signature: Field required/,
  ],
  [
    'anthropic',
    'a data URI as image data',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'data:image/png;base64,AA==' } },
          ],
        },
      ],
    },
    /invalid base64/,
  ],
  ['anthropic', 'a tool without a schema', { tools: [{ name: 'f' }] }, /input_schema: Field required/],
  [
    'anthropic',
    'a choice of a string',
    { tools: [{ name: 'f', input_schema: { type: 'object' } }], tool_choice: 'auto' },
    /tool_choice/,
  ],
]

const ollamaRefused: Refused[] = [
  ['ollama', 'no model', { model: undefined }, /model is required/],
  ['ollama', 'a list as content', { messages: [{ role: 'user', content: [] }] }, /cannot unmarshal array/],
  ['ollama', 'an unknown role', { messages: [{ role: 'robot', content: 'x' }] }, /invalid role/],
  [
    'ollama',
    'arguments as a string',
    { messages: [{ role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: '{}' } }] }] },
    /of type object/,
  ],
  ['ollama', 'an image by URL', { messages: [{ ...user, images: ['http://x/y.png'] }] }, /illegal base64/],
]

test.each([...chatRefused, ...dashscopeRefused, ...geminiRefused, ...anthropicRefused, ...ollamaRefused])(
  '%s refuses %s with 400',
  async (wire, _what, body, expected) => {
    const [status, message] = await refusalOf(wire, { body })
    expect([status, message]).toEqual([400, expect.stringMatching(expected)])
  },
)

test('anthropic refuses a request without a version', async () => {
  const sim = createSimulator({ models: { m: { text: 'x' } } })
  const request = requestTo(sim, 'anthropic')
  request.headers.delete('anthropic-version')
  const response = await sim.fetch(request)
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('anthropic-version')])
})

test('openai refuses a name with a space, which the others take', async () => {
  const body = { messages: [{ ...user, name: 'Dr. No' }] }
  expect(await refusalOf('openai', { body })).toEqual([400, expect.stringContaining('messages[0].name')])
  const sim = createSimulator({ models: { m: { text: 'x' } } })
  expect((await sim.fetch(requestTo(sim, 'litellm', { body }))).status).toBe(200)
})

const conversations: [WireName, Json][] = [
  ['openai', { messages: [user, asks, answer, user] }],
  ['zhipuai', { messages: [user, asks, answer] }],
  [
    'dashscope',
    { input: { messages: [{ role: 'user', content: [{ text: 'Hi' }] }, { ...asks, content: '' }, answer] } },
  ],
  ['gemini', { contents: [hello, functionCall, functionResponse] }],
  ['anthropic', { messages: [user, uses, results] }],
  [
    'ollama',
    {
      messages: [
        user,
        { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: {} } }] },
        { role: 'tool', content: '1', tool_name: 'f' },
      ],
    },
  ],
]

test.each(conversations)('%s takes a conversation with a tool call and its answer', async (wire, body) => {
  const sim = createSimulator({ models: { m: { text: 'x' } } })
  const response = await sim.fetch(requestTo(sim, wire, { body }))
  expect([response.status, await response.text()]).toEqual([200, expect.any(String)])
})

test('nothing is refused when validation is off', async () => {
  const sim = createSimulator({ models: { m: { text: 'x' } }, validate: false })
  expect((await sim.fetch(requestTo(sim, 'openai', { body: { messages: 'Hi' } }))).status).toBe(200)
})

test('an unknown address and a wrong method are told apart', async () => {
  const sim = createSimulator({ models: { m: { text: 'x' } } })
  const lost = await sim.fetch(`${sim.url}/v2/chat`, { method: 'POST', body: '{}' })
  expect([lost.status, await lost.text()]).toEqual([404, expect.stringContaining('POST /v1/chat/completions')])
  const wrong = await sim.fetch(`${sim.url}/v1/chat/completions`)
  expect([wrong.status, await wrong.text()]).toEqual([405, expect.stringContaining('POST')])
})
