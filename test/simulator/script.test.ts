import { expect, test } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import {
  createSimulator,
  type ModelRequest,
  type Script,
  type SimulatorOptions,
  simulator,
} from '../../src/simulator/index.ts'
import { piecesOf } from '../../src/simulator/pieces.ts'
import { requestTo, saidIn, wireNames } from './ask.ts'

test('a text is cut into a few characters each, and never inside one that the reader sees', () => {
  const family = '👩‍👩‍👧'
  const text = `Hello! How can I assist you today? ${family}${family}${family} 你好，世界 e\u0301te\u0301 Donaudampfschiff`
  const pieces = piecesOf(text)
  expect(pieces.join('')).toBe(text)
  expect(pieces.length).toBeGreaterThan(12)
  expect(Math.max(...pieces.map((piece) => [...new Intl.Segmenter().segment(piece)].length))).toBeLessThanOrEqual(8)
  expect(pieces.some((piece) => /^[\u200d\u0301\udc00-\udfff]/.test(piece))).toBe(false)
})

test('a list is exactly these deltas', async () => {
  const sim = createSimulator({ models: { m: { text: ['Hel', '', 'lo there, everyone'] } } })
  const body = await (await sim.fetch(requestTo(sim, 'ollama'))).text()
  const deltas = body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).message.content)
  expect(deltas).toEqual(['Hel', '', 'lo there, everyone', ''])
})

test('usage is counted roughly when it is not given', async () => {
  const sim = createSimulator({ models: { m: { text: 'Hello! How can I assist you today?' } } })
  const { usage } = saidIn.openai(await (await sim.fetch(requestTo(sim, 'openai'))).text())
  expect(usage).toMatchObject({ prompt_tokens: expect.any(Number), completion_tokens: 9 })
})

test.each(wireNames)('a function is told by %s who asked what', async (wire) => {
  const told: ModelRequest[] = []
  const answer = (request: ModelRequest): Script => {
    told.push(request)
    return { text: [`You said: ${request.lastUserText}`] }
  }
  const sim = createSimulator({ models: { '*': answer } })
  const body = await (await sim.fetch(requestTo(sim, wire, { model: 'any' }))).text()
  expect(saidIn[wire](body).text).toBe('You said: Hi!')
  expect(told).toMatchObject([{ wire, model: 'any', lastUserText: 'Hi!', tools: [] }])
  expect(told[0]!.messages).toHaveLength(1)
})

const schema = { type: 'object', properties: { city: { type: 'string' } } }
const described = { name: 'weather', description: 'Tells the weather.', parameters: schema }
const functions = { tools: [{ type: 'function', function: described }] }

test.each([
  ['openai', functions],
  ['ollama', functions],
  ['dashscope', { parameters: functions }],
  ['gemini', { tools: [{ functionDeclarations: [described] }] }],
  ['anthropic', { tools: [{ name: 'weather', description: 'Tells the weather.', input_schema: schema }] }],
] as const)('a function sees the tools of %s under neutral names', async (wire, body) => {
  const told: ModelRequest[] = []
  const answer = (request: ModelRequest): Script => {
    told.push(request)
    return { toolCalls: [{ name: request.tools[0]!.name, input: { city: 'Rome' } }] }
  }
  const sim = createSimulator({ models: { m: answer } })
  const said = saidIn[wire](await (await sim.fetch(requestTo(sim, wire, { body }))).text())
  expect(told[0]!.tools).toEqual([described])
  expect(said.calls).toMatchObject([{ name: 'weather', input: '{"city":"Rome"}' }])
})

test('a function that throws or gives no script breaks like a provider, and says why', async () => {
  const broken = () => {
    throw new Error('out of ideas')
  }
  const sim = createSimulator({ models: { broken, odd: () => ({ txt: 'x' }) as Script } })
  const first = await sim.fetch(requestTo(sim, 'openai', { model: 'broken' }))
  expect([first.status, await first.text()]).toEqual([500, expect.stringContaining('out of ideas')])
  const second = await sim.fetch(requestTo(sim, 'openai', { model: 'odd' }))
  expect([second.status, await second.text()]).toEqual([500, expect.stringContaining('txt is not a field of a script')])
})

const wrong: [what: string, options: unknown, message: string][] = [
  ['no options', undefined, 'needs options'],
  ['no models', {}, 'needs models'],
  ['an unknown option', { models: {}, prot: 1 }, '"prot" is no option'],
  ['a model that is a string', { models: { m: 'Hello' } }, 'models["m"] is a string, not a script'],
  ['an empty list', { models: { m: [] } }, 'empty list'],
  ['a typing error', { models: { m: { txt: 'x' } } }, 'models["m"].txt is not a field'],
  ['a wrong text', { models: { m: [{ text: 'x' }, { text: 1 }] } }, 'models["m"][1].text must be a string or a list'],
  [
    'a nameless tool call',
    { models: { m: { toolCalls: [{ input: {} }] } } },
    'toolCalls[0].name must be a string, but is missing',
  ],
  [
    'an empty tool call',
    { models: { m: { toolCalls: [{ name: 'a' }, {}] } } },
    'models["m"].toolCalls[1].name must be',
  ],
  ['a tool call that is a text', { models: { m: { toolCalls: ['a'] } } }, 'toolCalls[0] must be an object with name'],
  [
    'a call said twice',
    { models: { m: { toolCalls: [{ name: 'a', input: 1, rawInput: '' }] } } },
    'input and rawInput',
  ],
  [
    'a call cut twice',
    { models: { m: { toolCalls: [{ name: 'a', rawInput: '', pieces: [] }] } } },
    'rawInput and pieces',
  ],
  [
    'an unknown field of a call',
    { models: { m: { toolCalls: [{ name: 'a', args: 1 }] } } },
    'toolCalls[0].args is not',
  ],
  [
    'parts beside a text',
    { models: { m: { parts: [], text: 'x' } } },
    'parts and text, which say the same thing twice',
  ],
  [
    'a part of two kinds',
    { models: { m: { parts: [{ text: 'x', redacted: 'y' }] } } },
    'parts[0] must have exactly one',
  ],
  ['an empty part', { models: { m: { parts: [{}] } } }, 'exactly one of thinking, redacted, text, toolCall'],
  ['a wrong end', { models: { m: { end: 'bang' } } }, "'clean', 'cut', 'reset' or 'silence'"],
  [
    'an error without a message',
    { models: { m: { error: { status: 500 } } } },
    'm"].error.message must be a string, but is missing',
  ],
  ['an error that is a text', { models: { m: { error: 'x' } } }, 'error must be an object with message, but is "x"'],
  ['a status that is no error', { models: { m: { error: { status: 200, message: 'x' } } } }, 'from 400 to 599'],
  ['a recording without a body', { models: { m: { recorded: {} } } }, 'recorded.body must be a string or a Uint8Array'],
  ['a header with a line end', { models: { m: { headers: { a: 'b\nc' } } } }, 'headers must be an object of header'],
  ['a sign of life without a pause', { models: { m: { keepAlive: { everyMs: 0 } } } }, 'keepAlive.everyMs must be'],
  ['a socket option without a socket', { models: {}, compress: 'br' }, '"compress" is no option of createSimulator'],
  ['a wrong pace', { models: {}, pace: { bytes: 0 } }, 'pace.bytes'],
  ['a wrong pace of a model', { models: { m: { pace: { everyMs: -1 } } } }, 'models["m"].pace.everyMs'],
]

test.each(wrong)('%s is told at once', (_what, options, message) => {
  const make = () => createSimulator(options as SimulatorOptions)
  expect(make).toThrow(ConfigError)
  expect(make).toThrow(message)
})

test('an unknown wire, a wrong port and a wrong compression are told at once', async () => {
  const sim = createSimulator({ models: {} })
  expect(() => sim.baseUrl('cohere' as 'openai')).toThrow(ConfigError)
  await expect(simulator({ models: {}, port: 70_000 })).rejects.toThrow('port must be 0 to 65535')
  const brotli = simulator({ models: {}, compress: 'br' as 'gzip' })
  await expect(brotli).rejects.toThrow(ConfigError)
  await expect(brotli).rejects.toThrow("compress can only be 'gzip'")
})
