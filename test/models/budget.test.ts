// budget: what may be spent is counted while it streams, shared, and ends a reply in the middle of a sentence.
import type { ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { DialogAgent } from '../../src/agents/index.ts'
import { BudgetError } from '../../src/core/error.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import { Msg } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { Budget } from '../../src/models/index.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import { atOnce } from '../suites/at-once.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { randomFrom } from '../suites/mutate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { type Reply, wireServer } from '../suites/wire-server.ts'
import { answerOf, dialectWires, words } from '../suites/wire-words.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

expectNoLostRejections()

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const hello = new Msg('You', 'Hi', 'user')
const question = [{ role: 'user', content: 'Hi' }]

/** A word for ever, each a piece of its own, until the listener is gone. */
function endless(wire: Wire, word = 'word '): Reply {
  const { contentType, open, text } = words[wire]
  const body = async (response: ServerResponse) => {
    response.write(open)
    while (!response.destroyed) {
      response.write(text(word))
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { contentType, body }
}

async function read(response: ModelResponse) {
  const events: StreamEvent[] = []
  for await (const event of response.events) events.push(event)
  checkEventLaws(events, response.message)
  return { events, said: events.filter(({ type }) => type === 'text-delta').length }
}

describe.each(dialectWires)('%s', (wire) => {
  test(`20 limits end it in the middle of a sentence, at most 50 tokens later (FUZZ_SEED=${seed})`, async () => {
    const random = randomFrom(seed)
    await using server = await wireServer(endless(wire))
    for (let round = 0; round < 20; round += 1) {
      const maxOutputTokens = 1 + Math.floor(random() * 120)
      const response = await wrapperFor(wire, { baseUrl: server.url, budget: { maxOutputTokens } }).call(question)
      const { events, said } = await read(response)
      const where = `FUZZ_SEED=${seed}, limit ${maxOutputTokens}`
      // A word of five letters counts as one token and two thirds, because the provider has not counted yet.
      expect(said, where).toBeGreaterThanOrEqual(Math.floor(maxOutputTokens / 2))
      expect(said, where).toBeLessThanOrEqual(maxOutputTokens + 50)
      expect(response.ending, where).toMatchObject({ reason: 'aborted', complete: false, error: { type: 'budget' } })
      expect(
        events.at(-3)?.type === 'notice' || events.at(-2)?.type === 'notice' || events.at(-2)?.type === 'block-end',
      ).toBe(true)
      expect(events.filter((event) => event.type === 'notice')).toMatchObject([{ kind: 'budget' }])
      await server.received.at(-1)?.closed
    }
  })
})

test('one read that brings more than is left is cut', async () => {
  const { contentType, open, text } = words.gemini
  await using server = await wireServer({ contentType, body: open + text('four '.repeat(2000)), end: 'open' })
  const response = await wrapperFor('gemini', { baseUrl: server.url, budget: { maxOutputTokens: 100 } }).call(question)
  await read(response)
  expect((response.text ?? '').length / 5).toBeLessThanOrEqual(150)
  await expect(response.getText()).rejects.toBeInstanceOf(BudgetError)
})

const counted = (output: number, input = 100) => {
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output }
  return `data: ${JSON.stringify({ choices: [], usage })}\n\n`
}
const { contentType, open, text, finish, marker } = words.openai
const costing = (output: number): Reply => ({
  contentType,
  body: open + text('x'.repeat(3000)) + finish + counted(output) + marker,
})

describe("the provider's count", () => {
  test('takes the place of the estimate, so that a whole answer within the limit is never cut', async () => {
    await using server = await wireServer(costing(90))
    const budget = new Budget({ maxOutputTokens: 100 })
    const response = await wrapperFor('openai', { baseUrl: server.url, budget }).call(question)
    await read(response)
    expect([response.text?.length, response.ending?.complete]).toEqual([3000, true])
    expect(budget.spent).toEqual({ inputTokens: 100, outputTokens: 90, estimated: false })
  })

  test('makes the cost, by the prices that the user gives', async () => {
    await using server = await wireServer(costing(1000))
    const budget = new Budget({ max_cost: 0.012, prices: { 'test-model': { input: 10, output: 10 } } })
    const model = wrapperFor('openai', { baseUrl: server.url, budget })
    await read(await model.call(question))
    expect(budget.spent.cost).toBeCloseTo(0.011, 10)
    const { events } = await read(await model.call(question))
    expect(budget.spent.cost).toBeGreaterThan(0.012)
    expect(events.at(-1)).toMatchObject({
      type: 'message-end',
      ending: { reason: 'aborted', error: { type: 'budget' } },
    })
    await expect(model.call(question)).rejects.toMatchObject({ type: 'budget', spent: budget.spent })
    expect(server.received).toHaveLength(2)
  })

  test('of the request that was refused is nothing', async () => {
    await using server = await wireServer({
      status: 400,
      contentType: 'application/json',
      body: '{"error":{"message":"No."}}',
    })
    const budget = new Budget({ maxOutputTokens: 100 })
    await wrapperFor('openai', { baseUrl: server.url, budget })
      .call(question)
      .catch(() => {})
    expect(budget.spent).toEqual({ inputTokens: 0, outputTokens: 0, estimated: false })
  })
})

describe('a count that runs while it streams', () => {
  const word = 'supercalifragilisticexpialidocious '
  const chunk = (count: number) =>
    `data: ${JSON.stringify({
      choices: [{ index: 0, delta: { content: word } }],
      usage: { prompt_tokens: 5, completion_tokens: count, total_tokens: 5 + count },
    })}\n\n`
  const chunks = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => chunk(from + at))
  const heard = async (limit: number, ...pieces: string[]) => {
    const budget = new Budget({ maxOutputTokens: limit })
    let goOn = () => {}
    const body = async (response: ServerResponse) => {
      for (const piece of pieces) {
        const taken = new Promise<void>((resolve) => {
          goOn = resolve
        })
        response.write(piece)
        await taken
      }
      response.end(finish + marker)
    }
    await using server = await wireServer({ contentType, body })
    const response = await wrapperFor('openai', { baseUrl: server.url, budget }).call(question)
    for await (const event of response.events) if (event.type === 'text-delta') goOn()
    return { said: (response.text ?? '').length / word.length, ending: response.ending, spent: budget.spent }
  }

  test.each([
    ['piece by piece', chunks(1, 40)],
    ['in one read', [chunks(1, 40).join('')]],
    ['in one read behind some', [...chunks(1, 3), chunks(4, 40).join('')]],
  ])('is taken in the place of the estimate: %s', async (_, pieces) => {
    const { said, ending, spent } = await heard(50, ...pieces)
    expect([said, ending?.complete, spent.outputTokens]).toEqual([40, true, 40])
  })

  test('cuts where the provider has counted to the limit, not behind it', async () => {
    for (const pieces of [chunks(1, 400), [chunks(1, 400).join('')]]) {
      const { said, ending } = await heard(100, ...pieces)
      expect(ending).toMatchObject({ reason: 'aborted', error: { type: 'budget' } })
      expect(said).toBeGreaterThan(99)
      expect(said).toBeLessThanOrEqual(140)
    }
  })

  test('counts no piece that came behind it in the same read', async () => {
    const { said } = await heard(100, chunks(1, 3).join('') + text(word).repeat(300))
    expect(said).toBeLessThan(20)
  })
})

test('a request that costs too much by what it would send is not sent', async () => {
  await using server = await wireServer(costing(1))
  const budget = new Budget({ maxCost: 0.001, prices: { 'test-model': { input: 10, output: 1 } } })
  const model = wrapperFor('openai', { baseUrl: server.url, budget })
  const error = await model.call([{ role: 'user', content: 'x '.repeat(3000) }]).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ type: 'budget', spent: { inputTokens: 0, cost: 0, estimated: false } })
  expect(String(error)).toMatch(/The call was not made: what it would send, about \d+ tokens, costs more than is left/)
  expect(server.received).toHaveLength(0)
  expect(await (await model.call(question)).getText()).toHaveLength(3000)
})

test('a call that does not stream keeps its whole answer, and the next one is refused', async () => {
  const body = JSON.stringify({
    choices: [{ index: 0, message: { content: 'word '.repeat(500) }, finish_reason: 'stop' }],
  })
  await using server = await wireServer({ contentType: 'application/json', body })
  const model = wrapperFor('openai', { baseUrl: server.url, stream: false, budget: { maxOutputTokens: 100 } })
  expect((await (await model.call(question)).getText()).length).toBe(2500)
  const error = await model.call(question).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(BudgetError)
  expect((error as Error).message).toMatch(/The call was not made: the budget is used up \(\d+ of 100 output tokens\)/)
  expect(server.received).toHaveLength(1)
})

test('an account of ten agents in one scope ends all ten at once, at most 50 tokens over', atOnce, async () => {
  await using server = await wireServer(endless('openai'))
  const heard: StreamEvent[] = []
  const sink = { event: (_: unknown, event: StreamEvent) => void heard.push(event) }
  await using scope = createScope({ budget: { maxOutputTokens: 500 }, sinks: [sink], disableSaving: true })
  const agents = Array.from({ length: 10 }, (_, at) => {
    return new DialogAgent({ name: `A${at}`, model: wrapperFor('openai', { baseUrl: server.url }), scope })
  })
  const results = await Promise.allSettled(agents.map((agent) => agent.call(hello)))
  expect(results.every((each) => each.status === 'rejected' && each.reason instanceof BudgetError)).toBe(true)
  expect(heard.filter(({ type }) => type === 'text-delta').length).toBeLessThanOrEqual(550)
  expect(scope.budget?.spent.outputTokens).toBeLessThanOrEqual(550)
  expect(scope.budget?.spent.outputTokens).toBeGreaterThan(500)
  const ends = heard.filter((event) => event.type === 'message-end')
  expect(ends.map(({ ending }) => [ending.reason, ending.error?.type])).toEqual(Array(10).fill(['aborted', 'budget']))
  for (const request of server.received) await request.closed
  await expect(agents[0]?.call(hello)).rejects.toMatchObject({ type: 'budget', spent: { estimated: true } })
  expect(server.received).toHaveLength(10)
})

test('a call whose headers have not come yet is stopped too, when another one uses the budget up', atOnce, async () => {
  await using silent = await wireServer(null)
  await using server = await wireServer(endless('openai'))
  const budget = new Budget({ maxOutputTokens: 50 })
  const asked = silent.next()
  const waiting = wrapperFor('openai', { baseUrl: silent.url, budget }).call(question)
  const refused = expect(waiting).rejects.toBeInstanceOf(BudgetError)
  await asked
  await read(await wrapperFor('openai', { baseUrl: server.url, budget }).call(question))
  await refused
  await silent.received[0]?.closed
})

test('what went on after a break and what was hedged is counted too', async () => {
  const broken: Reply = { contentType, body: open + text('one two three ') + counted(40) }
  const rest: Reply = { contentType, body: open + text('four') + finish + counted(20) + marker }
  await using server = await wireServer(broken, rest)
  const budget = new Budget({ maxOutputTokens: 100 })
  const response = await wrapperFor('openai', { baseUrl: server.url, budget, continueAfterBreak: true }).call(question)
  await read(response)
  expect(response.text).toBe('one two three four')
  expect(budget.spent.outputTokens).toBe(60)
})

describe('a budget', () => {
  test('of a call counts beside that of the wrapper, and goes to no provider', async () => {
    await using server = await wireServer({ contentType, body: answerOf('openai', 'well') })
    const [ours, theirs] = [new Budget({ maxOutputTokens: 100 }), new Budget({ maxOutputTokens: 100 })]
    const options = { budget: theirs, hedgeAfterMs: 5000, continue_after_break: 2 }
    await read(await wrapperFor('openai', { baseUrl: server.url, budget: ours }).call(question, options))
    expect([ours.spent.outputTokens, theirs.spent.outputTokens]).toEqual([2, 2])
    expect(Object.keys(server.received[0]?.body ?? {})).not.toContain('budget')
    expect(JSON.stringify(server.received[0]?.body)).not.toMatch(/hedge|continue/)
  })

  test('is checked when it is made, in either spelling', () => {
    expect(() => new Budget({})).toThrow('there is no limit')
    expect(() => new Budget({ maxCost: 1 })).toThrow('maxCost needs prices')
    expect(() => new Budget({ maxOutputTokens: -1 })).toThrow('a whole number')
    expect(() => new Budget({ max_tokens: 5 } as object)).toThrow('max_tokens is no option')
    expect(() => wrapperFor('openai', { budget: '5' })).toThrow('budget must be an object')
    const priced = new Budget({ max_output_tokens: 5, prices: { m: { input: 1, output: 2, cached_input: 0.1 } } })
    expect(JSON.parse(JSON.stringify(priced))).toMatchObject({
      maxOutputTokens: 5,
      spent: { outputTokens: 0, cost: 0 },
    })
  })

  test('of money wants a price for each model that is asked', async () => {
    await using server = await wireServer(costing(1))
    const model = wrapperFor('openai', { baseUrl: server.url, budget: { maxCost: 1, prices: { other: { input: 1 } } } })
    await expect(model.call(question)).rejects.toMatchObject({ type: 'config' })
    expect(server.received).toHaveLength(0)
  })
})
