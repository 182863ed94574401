// A value of a given shape from each of the seven, streamed and not: how it is asked for, what parse() gives and throws.
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { StructuredOutputError } from '../../src/core/error.ts'
import { type ModelResponse, OpenAIChatWrapper } from '../../src/models/index.ts'
import { type ModelRequest, type Script, type Simulator, simulator } from '../../src/simulator/index.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const Weather = z.object({ city: z.string(), days: z.array(z.object({ high: z.number() })) })
const weather = { city: 'Rome', days: [{ high: 18 }, { high: 21.5 }] }
const weatherJson = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'array' } },
  required: ['city', 'days'],
}
const question = [{ role: 'user', content: 'The weather in Rome?' }]

/** Says a JSON text in the way that the request asks for: as the input of the tool, or as text. */
const answer = (rawInput: string, more: Partial<Script> = {}) => {
  return ({ tools }: ModelRequest): Script =>
    tools.some(({ name }) => name === 'generate_response')
      ? { toolCalls: [{ name: 'generate_response', rawInput }], ...more }
      : { text: rawInput, ...more }
}

const whole = JSON.stringify(weather)
const wrong = '{"city": "Rome", "days": [{"high": 18}, {"high": "hot"}]}'
let sim: Simulator

beforeAll(async () => {
  const times = new Map<string, number>()
  const corrected = (request: ModelRequest) => {
    const key = `${request.wire} ${request.body['stream'] ?? ''}`
    times.set(key, (times.get(key) ?? 0) + 1)
    return answer((times.get(key) ?? 0) % 2 === 1 ? wrong : whole)(request)
  }
  sim = await simulator({
    models: {
      good: answer(whole),
      wrong: answer(wrong),
      corrected,
      cut: ({ tools }) =>
        answer('{"city": "Rome", "days": [{"high": 1', { finish: 'length' })({ tools } as ModelRequest),
      refused: { text: 'I will not.', finish: 'refusal' },
      twice: [{ text: 'It is warm.' }, { text: whole }],
      prose: { text: 'I do not know the weather.' },
      list: answer('{"value": [1, 2]}'),
      fenced: { text: `Of course!\n\`\`\`json\n${whole}\n\`\`\`\nAnything else?` },
      tools: { toolCalls: [{ name: 'wx', input: { city: 'Rome' } }] },
    },
  })
})
afterAll(() => sim.close())

const model = (wire: Wire, modelName: string, options: Record<string, unknown> = {}) =>
  wrapperFor(wire, { modelName, baseUrl: sim.baseUrl(wire), stream: false, ...options })
const lastBody = () => sim.requests.at(-1)?.body as Record<string, never>
const modes = wires.flatMap((wire) => [true, false].map((stream) => [wire, stream] as const))

const schemaOf = { type: 'object', properties: { city: { type: 'string' } } }
const inWords = { content: expect.stringContaining('fits this JSON Schema') }
const strictFormat = {
  type: 'json_schema',
  json_schema: {
    name: 'generate_response',
    strict: true,
    schema: { ...schemaOf, properties: { city: { type: 'string' }, days: {} }, additionalProperties: false },
  },
}
const jsonObject = { response_format: { type: 'json_object' } }
/** What each wire sends for a model of which nothing special is known. */
const asked: Record<Wire, object> = {
  openai: { response_format: strictFormat, messages: question },
  litellm: { response_format: strictFormat, messages: question },
  dashscope: { parameters: jsonObject, input: { messages: [inWords] } },
  zhipuai: { ...jsonObject, messages: [inWords] },
  gemini: { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schemaOf } },
  ollama: { format: schemaOf, messages: [inWords] },
  anthropic: {
    tools: [{ name: 'generate_response', input_schema: schemaOf }],
    tool_choice: { type: 'tool', name: 'generate_response' },
    messages: question,
  },
}

describe.each(modes)('%s, stream: %s', (wire, stream) => {
  test('asks in the way of the wire, and parse() gives the typed value, as often as it is asked', async () => {
    const response = await model(wire, 'good').call(question, { structuredModel: Weather, stream })
    const value = await response.parse()
    expectTypeOf(value).toEqualTypeOf<z.infer<typeof Weather>>()
    expect(value).toEqual(weather)
    expect(await response.parse()).toBe(value)
    expect(lastBody()).toMatchObject(asked[wire])
    expect(lastBody()).not.toHaveProperty('structuredModel')
    expect(response.answerCall?.input).toEqual(wire === 'anthropic' ? weather : undefined)
  })

  test('takes JSON Schema, and parse() works after every other view', async () => {
    const response = await model(wire, 'good').call(question, { structuredModel: weatherJson, stream })
    for await (const _ of response.events);
    await response.getText()
    expectTypeOf(response.parse()).resolves.toEqualTypeOf<unknown>()
    expect(await response.parse()).toEqual(weather)
    expect(await response.parse(Weather)).toEqual(weather)
  })

  test('a value that does not fit is an error that names the path and has the value', async () => {
    const response = await model(wire, 'wrong').call(question, { structuredModel: Weather, stream })
    const error = await response.parse().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(StructuredOutputError)
    expect(error).toMatchObject({ type: 'structured-output', issues: [{ path: ['days', 1, 'high'] }] })
    expect(error).toMatchObject({ message: expect.stringContaining('days[1].high'), partialValue: JSON.parse(wrong) })
  })

  test('a value that is no object is asked for inside one, and given alone', async () => {
    const response = await model(wire, 'list').call(question, { structuredModel: z.array(z.number()), stream })
    expect(await response.parse()).toEqual([1, 2])
    const steps = []
    const again = await model(wire, 'list').call(question, { structuredModel: z.array(z.number()), stream })
    for await (const step of again.partials()) steps.push(structuredClone(step))
    expect(steps.at(-1)).toEqual({ done: true, value: [1, 2] })
    expect(steps.flatMap((step) => ('closed' in step ? step.closed : []))).toEqual([[0], [1], []])
  })

  test('one repair round asks again with what was wrong, and both usages can be seen', async () => {
    const before = sim.requests.length
    const response = await model(wire, 'corrected', { repairRounds: 1 }).call(question, {
      structuredModel: Weather,
      stream,
    })
    expect(await response.parse()).toEqual(weather)
    expect(sim.requests.length - before).toBe(2)
    expect(JSON.stringify(lastBody())).toContain('days[1].high')
    expect(JSON.stringify(lastBody())).toContain('hot')
    expect(response.repair).toMatchObject({ usage: { outputTokens: expect.any(Number) }, ending: { complete: true } })
    expect(response.usage?.outputTokens).toEqual(expect.any(Number))
    expect(response.repair?.id).not.toBe(response.id)
  })

  test('JSON in a fenced block after prose is found', async () => {
    const response = await model(wire, 'fenced').call(question, { structuredModel: Weather, stream })
    expect(await response.parse()).toEqual(weather)
  })
})

const failure = (response: ModelResponse) => response.parse().catch((reason: unknown) => reason)

describe.each(wires)('%s', (wire) => {
  test('an answer that was cut at the limit is never taken for whole: the error says so and has what came', async () => {
    const response = await model(wire, 'cut', { stream: true }).call(question, {
      structuredModel: weatherJson,
      repairRounds: 3,
    })
    const before = sim.requests.length
    expect(await failure(response)).toMatchObject({
      message: expect.stringContaining('cut off at the token limit before its JSON was whole'),
      partialText: '{"city": "Rome", "days": [{"high": 1',
      partialValue: { city: 'Rome', days: [{}] },
      issues: [],
    })
    expect(sim.requests).toHaveLength(before)
  })

  test('no JSON at all is told with the words that came', async () => {
    const response = await model(wire, 'prose').call(question, { structuredModel: Weather })
    const received = 'I do not know the weather.'
    expect(await failure(response)).toMatchObject({
      message: `${model(wire, 'x').provider}: The answer holds no JSON.`,
      received,
    })
  })

  test('a model that calls tools instead is told apart, and not asked again', async () => {
    const tools = [{ name: 'wx', parameters: { type: 'object', properties: {} } }]
    const response = await model(wire, 'tools', { repairRounds: 1 }).call(question, { structuredModel: Weather, tools })
    const before = sim.requests.length
    expect(await failure(response)).toMatchObject({
      message: expect.stringContaining('called wx and gave no value yet'),
    })
    expect(sim.requests).toHaveLength(before)
  })
})

test('a refusal that only the ending tells is told as one', async () => {
  const response = await model('anthropic', 'refused').call(question, { structuredModel: Weather })
  expect(await failure(response)).toMatchObject({ message: 'anthropic: The model refused to answer.' })
})

test('a repair of a tool call goes back as the result of that call', async () => {
  const options = { structuredModel: Weather, repairRounds: 1 }
  const response = await model('anthropic', 'wrong').call(question, options)
  const error = await failure(response)
  expect(error).toMatchObject({ issues: [{ path: ['days', 1, 'high'] }], cause: { issues: [{}] } })
  const [asked, said, told] = lastBody()['messages'] as unknown as { role: string; content: object }[]
  expect([asked?.role, said?.role, told?.role]).toEqual(['user', 'assistant', 'user'])
  expect(said?.content).toMatchObject([{ type: 'tool_use', name: 'generate_response', input: JSON.parse(wrong) }])
  expect(told?.content).toMatchObject([
    { type: 'tool_result', is_error: true, content: expect.stringContaining('days[1].high') },
  ])
})

test.each(wires)('%s is asked again with the answer right behind the question, and nothing between', async (wire) => {
  const response = await model(wire, 'wrong').call(question, { structuredModel: Weather, repairRounds: 1 })
  await failure(response)
  expect(JSON.stringify(lastBody())).not.toContain('The conversation begins')
})

test('a schema that only parse() was given is asked for natively in the repair round, through call()', async () => {
  const asked: unknown[] = []
  class Counting extends OpenAIChatWrapper {
    override call: OpenAIChatWrapper['call'] = (messages, options) => {
      asked.push(options?.structuredModel)
      return super.call(messages, options)
    }
  }
  const options = { modelName: 'twice', apiKey: 'test-key-000000', baseUrl: sim.baseUrl('openai'), repairRounds: 1 }
  const response = await new Counting(options).call(question)
  expect(await response.parse(Weather)).toEqual(weather)
  expect(asked).toEqual([undefined, Weather])
  expect(lastBody()).toMatchObject({ response_format: { type: 'json_schema' } })
})

test('a key that the model repeats stands in no error', async () => {
  const apiKey = 'sk-hidden-000000'
  await using echo = await simulator({ models: { '*': { text: `{"city": 7, "days": [], "${apiKey}": "${apiKey}"}` } } })
  const wrapper = wrapperFor('openai', { baseUrl: echo.baseUrl('openai'), apiKey })
  const error = await failure(await wrapper.call(question, { structuredModel: Weather.strict() }))
  expect(error).toMatchObject({ issues: [{ path: ['city'] }, {}], partialValue: { city: 7 } })
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    type: 'structured-output',
    issues: [{ path: ['city'] }, {}],
  })
  expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain(apiKey)
})
