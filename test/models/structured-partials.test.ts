// The growing value: what each step shows, what closes, what is wrong early, and how it ends.
import { afterAll, beforeAll, describe, expect, expectTypeOf, test, vi } from 'vitest'
import { z } from 'zod'
import { StreamConsumedError } from '../../src/core/error.ts'
import { IncrementalJson } from '../../src/core/json-incremental.ts'
import type { PartialStep } from '../../src/models/index.ts'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { wireServer } from '../suites/wire-server.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const Trip = z.object({ city: z.string(), stops: z.array(z.string()), days: z.number() })
const trip = { city: 'Rome', stops: ['Nice', 'Pisa'], days: 3 }
const pieces = ['{"city": "Ro', 'me", "stops": ["Ni', 'ce", "Pisa"], "da', 'ys": 3}']
const question = [{ role: 'user', content: 'Where to?' }]

const said: Model = ({ tools }) =>
  tools.length > 0 ? { toolCalls: [{ name: 'generate_response', pieces }] } : { text: pieces }
let sim: Simulator

beforeAll(async () => {
  sim = await simulator({
    models: {
      trip: said,
      fenced: { text: ['Sure', ':\n``', '`js', 'on\n{"ci', 'ty": "Rome", "stops": [], "days": 3}\n`', '``\nBye.'] },
      wrong: { text: ['{"city": 7,', ' "stops": [],', ' "days": 3}'] },
      cut: { text: ['{"city": "Ro', 'me", "da'], end: 'cut' },
      limit: { text: ['{"city": "Ro', 'me", "da'], finish: 'length' },
      long: {
        text: ['{"city": "', ...Array.from({ length: 8000 }, () => 'x'.repeat(12)), '", "stops": [], "days": 3}'],
      },
    },
  })
})
afterAll(() => sim.close())

const call = (wire: Wire, modelName: string, stream = true) =>
  wrapperFor(wire, { modelName, baseUrl: sim.baseUrl(wire) }).call(question, { structuredModel: Trip, stream })

async function stepsOf<Value>(partials: AsyncIterable<PartialStep<Value>>): Promise<PartialStep<Value>[]> {
  const steps: PartialStep<Value>[] = []
  for await (const step of partials) steps.push(structuredClone(step))
  return steps
}

const closedIn = (steps: readonly PartialStep[]) => steps.flatMap((step) => (step.done ? [] : (step.closed ?? [])))
const paths = [['city'], ['stops', 0], ['stops', 1], ['stops'], ['days'], []]

describe.each(wires)('%s', (wire) => {
  test('the value grows, every field closes once, and the last step has the checked value', async () => {
    for (const stream of [true, false]) {
      const response = await call(wire, 'trip', stream)
      const steps = await stepsOf(response.partials())
      expect(steps.at(-1)).toEqual({ done: true, value: trip })
      expect(closedIn(steps)).toEqual(paths)
      expect(await response.parse()).toEqual(trip)
    }
  })
})

test('each step shows what its piece brought', async () => {
  const steps = await stepsOf((await call('openai', 'trip')).partials())
  expect(steps).toEqual([
    { done: false, value: { city: 'Ro' } },
    { done: false, value: { city: 'Rome', stops: ['Ni'] }, closed: [['city']] },
    { done: false, value: { city: 'Rome', stops: ['Nice', 'Pisa'] }, closed: [['stops', 0], ['stops', 1], ['stops']] },
    { done: false, value: trip, closed: [['days'], []] },
    { done: true, value: trip },
  ])
})

test('the value in a fenced block grows too, with prose before and behind it', async () => {
  const steps = await stepsOf((await call('openai', 'fenced')).partials())
  expect(steps[0]).toEqual({ done: false, value: {} })
  expect(steps).toHaveLength(3)
  expect(steps.at(-1)).toEqual({ done: true, value: { city: 'Rome', stops: [], days: 3 } })
})

test('a step comes before the next piece is sent', async () => {
  const gates = pieces.map(() => gate())
  await using server = await simulator({
    models: { '*': { text: pieces, gate: ({ index }) => (index === 0 ? undefined : gates[index - 1]?.opened) } },
  })
  const model = wrapperFor('openai', { baseUrl: server.baseUrl('openai') })
  const response = await model.call(question, { structuredModel: Trip })
  let seen = 0
  for await (const step of response.partials()) {
    if (seen === 0) expect(step.value).toEqual({ city: 'Ro' })
    gates[seen++]?.open()
  }
  expect(seen).toBe(pieces.length + 1)
})

test('a field that closes with a wrong value is told at once, and the end throws', async () => {
  const steps: PartialStep[] = []
  const reading = (async () => {
    for await (const step of (await call('openai', 'wrong')).partials()) steps.push(structuredClone(step))
  })()
  await expect(reading).rejects.toMatchObject({ type: 'structured-output', issues: [{ path: ['city'] }] })
  expect(steps[0]).toMatchObject({ closed: [['city']], issues: [{ path: ['city'], message: expect.any(String) }] })
  expect(steps).toHaveLength(3)
})

test('a reply that broke throws its own error and one at its limit says so, both after everything that came', async () => {
  for (const [name, expected] of [
    ['cut', { type: 'wire', partialText: '{"city": "Rome", "da' }],
    ['limit', { type: 'structured-output', partialValue: { city: 'Rome' } }],
  ] as const) {
    const response = await call('openai', name)
    const values: unknown[] = []
    const reading = (async () => {
      for await (const { value } of response.partials()) values.push(structuredClone(value))
    })()
    await expect(reading).rejects.toMatchObject(expected)
    expect(values).toEqual([{ city: 'Ro' }, { city: 'Rome' }])
    await expect(response.parse()).rejects.toMatchObject(expected)
  }
})

test('partials are read once, parse() beside them takes nothing away, and leaving them stops the reply', async () => {
  const response = await call('openai', 'trip')
  const partials = response.partials()
  await partials.next()
  expect(await response.parse()).toEqual(trip)
  expect((await stepsOf(partials)).at(-1)).toEqual({ done: true, value: trip })
  await expect(response.partials().next()).rejects.toBeInstanceOf(StreamConsumedError)
  await using open = await wireServer({
    body: 'data: {"choices":[{"delta":{"content":"{\\"a\\": 1"}}]}\n\n',
    end: 'open',
  })
  const left = await wrapperFor('openai', { baseUrl: open.url }).call(question)
  for await (const step of left.partials(z.object({ a: z.number(), b: z.number() }))) {
    expectTypeOf(step.value).toEqualTypeOf<{ a?: number; b?: number } | { a: number; b: number } | undefined>()
    break
  }
  expect(left.ending).toMatchObject({ reason: 'aborted' })
  await expect(left.parse(Trip)).rejects.toMatchObject({
    type: 'structured-output',
    message: expect.stringContaining('cut off'),
  })
})

test('a schema is needed from somewhere', async () => {
  await using open = await wireServer({
    body: 'data: {"choices":[{"delta":{"content":"{}"},"finish_reason":"stop"}]}\n\n',
  })
  const response = await wrapperFor('openai', { baseUrl: open.url }).call(question)
  await expect(response.parse()).rejects.toMatchObject({
    type: 'input',
    advice: expect.stringContaining('structuredModel'),
  })
  expect(() => response.partials()).toThrow('needs a schema')
  expect(await response.parse({ type: 'object' })).toEqual({})
})

test("a refusal in the model's own words is told as one, and no other round is asked for", async () => {
  const delta = (value: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ choices: [{ delta: value, finish_reason: finish }] })}\n\n`
  await using server = await wireServer({ body: delta({ refusal: 'Not that.' }) + delta({}, 'stop') })
  const model = wrapperFor('openai', { baseUrl: server.url, repairRounds: 1 })
  const response = await model.call(question, { structuredModel: Trip })
  await expect(response.parse()).rejects.toThrow('openai: The model refused to answer: Not that.')
  expect(server.received).toHaveLength(1)
})

test('8,000 deltas read each character once', async () => {
  const push = vi.spyOn(IncrementalJson.prototype, 'push')
  const response = await call('openai', 'long')
  let steps = 0
  for await (const _ of response.partials()) steps += 1
  const characters = push.mock.calls.reduce((sum, [text]) => sum + text.length, 0)
  push.mockRestore()
  expect(steps).toBe(8003)
  expect(characters).toBe(response.text?.length)
})
