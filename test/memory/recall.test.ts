// What a memory hands out, sent for real: every wire takes it, agents use it, and nothing of it stays behind.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { DialogAgent } from '../../src/agents/index.ts'
import { BudgetError } from '../../src/core/error.ts'
import { blocksOf, type Msg } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { TemporaryMemory, type TokenCounter } from '../../src/memory/index.ts'
import { createSimulator, type Script, type Simulator, simulator } from '../../src/simulator/index.ts'
import { quietScope } from '../agents/listening.ts'
import { allOf, keptScope } from '../runs/kept-run.ts'
import { wires, wrapperFor } from '../suites/wrappers.ts'
import { calls, idsOf, mulberry32, randomConversation, results, said } from './conversations.ts'

const tens: TokenCounter = { count: () => 10 }
let simulated: Simulator | undefined

/** Said through another provider, whose signatures nobody else can check: they do not go along. */
function fromAnother(message: Msg): Msg {
  return { ...message, metadata: { dialect: 'another' } }
}

afterEach(async () => {
  await simulated?.close()
  simulated = undefined
})

describe('what is recalled', () => {
  it.each(wires)('is taken by %s: a system message, a summary, a window that begins with calls', async (wire) => {
    simulated = await simulator({ models: { '*': { text: 'Fine.' } } })
    const model = wrapperFor(wire, { baseUrl: simulated.baseUrl(wire) })
    const talk = [
      said('sys', 'Be kind.', 'system'),
      said('a'),
      said('b'),
      fromAnother(calls('c', '1', '2')),
      results('d', '1', '2'),
      said('e'),
    ]
    const compressing = new TemporaryMemory({
      counter: tens,
      compression: { model, triggerTokens: 50, keepTokens: 30 },
    })
    const windowed = new TemporaryMemory({ counter: tens, window: { maxTokens: 30 } })
    const [summed, cut] = [compressing, windowed]
    for (const memory of [summed, cut]) memory.add(talk)
    for (const [memory, length] of [
      [summed, 5],
      [cut, 2],
    ] as const) {
      const given = await memory.recall()
      expect(given).toHaveLength(length)
      expect(await (await model.call([...given, said('question')])).getText()).toBe('Fine.')
    }
  })

  it('is what an agent sends: the window follows what the provider counted for the call before', async () => {
    const usage = { inputTokens: 500, outputTokens: 2 }
    simulated = await simulator({ models: { '*': { text: 'Yes.', usage } } })
    const model = wrapperFor('ollama', { baseUrl: simulated.baseUrl('ollama') })
    const memory = new TemporaryMemory({ window: { maxTokens: 510 } })
    const agent = new DialogAgent({ name: 'Friday', sysPrompt: 'Be kind.', model, memory, scope: quietScope().scope })
    for (const question of ['first?', 'second?']) await agent.call(said(question))
    const [first, second] = [await simulated.nextRequest(), await simulated.nextRequest()].map(({ body }) =>
      JSON.stringify(body),
    )
    expect(first).toContain('first?')
    expect(second).toContain('second?')
    expect(second).not.toContain('first?')
    expect(memory.size).toBe(4)
  })

  it('names what is no block before anything is sent', async () => {
    const memory = new TemporaryMemory({ window: { maxTokens: 9 } })
    memory.add([said('a'), { ...said('b'), content: [{ type: 'text' }] } as never])
    await expect(memory.recall()).rejects.toThrow(/messages\[1\]\.content\[0\]/)
  })

  it('leaves nothing behind of messages that were deleted, neither themselves nor their counts', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const memory = new TemporaryMemory({ window: { maxTokens: 100 } })
    const gone = await fillAndClear(memory)
    memory.add(said('new'))
    await memory.recall()
    await new Promise((resolve) => setImmediate(resolve))
    collect()
    expect(gone.filter((reference) => reference.deref() !== undefined)).toHaveLength(0)
  })
})

it('a summary is told as every other call is, and the key of its model stands nowhere in the run', async () => {
  const key = 'canary-summary-key-12345'
  simulated = await simulator({ models: { '*': { text: 'Fine.' }, writer: { text: `They said ${key}.` } } })
  const baseUrl = simulated.baseUrl('openai')
  const scope = keptScope({ saveApiInvoke: true })
  const writer = wrapperFor('openai', { baseUrl, apiKey: key, modelName: 'writer', configName: 'writer' })
  const memory = new TemporaryMemory({
    counter: tens,
    compression: { model: writer, triggerTokens: 50, keepTokens: 20 },
  })
  memory.add(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => said(id)))
  const model = wrapperFor('openai', { baseUrl })
  await new DialogAgent({ name: 'Friday', model, memory, scope }).call(said('q'))
  await scope.close()
  const kept = allOf(scope)
  expect(kept).toContain('"modelName": "writer"')
  expect(kept).toContain('They said [redacted].')
  expect(kept).not.toContain(key)
})

describe('the budget of a scope', () => {
  const usage = (outputTokens: number) => ({ inputTokens: 10, outputTokens })

  /** Two agents of one scope, of which the first lets a model write summaries. */
  async function two(maxOutputTokens: number, summary: Script) {
    const word: Script = { text: 'Fine.', usage: usage(3) }
    simulated = await simulator({ models: { '*': word, writer: summary } })
    const baseUrl = simulated.baseUrl('openai')
    const scope = createScope({ budget: { maxOutputTokens }, disableSaving: true })
    const model = wrapperFor('openai', { baseUrl, modelName: 'writer' })
    const memory = new TemporaryMemory({ counter: tens, compression: { model, triggerTokens: 50, keepTokens: 20 } })
    memory.add(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => said(id)))
    const named = (name: string, own = {}) =>
      new DialogAgent({ name, model: wrapperFor('openai', { baseUrl }), scope, ...own })
    return { scope, memory, forgetful: named('Friday', { memory }), other: named('Monday') }
  }

  it('counts what the summaries cost, for all who live there', async () => {
    const { scope, memory, forgetful, other } = await two(100, { text: 'They said hello.', usage: usage(97) })
    await forgetful.call(said('q'))
    expect(memory.get()[0]?.name).toBe('summary')
    expect(scope.budget?.spent).toEqual({ inputTokens: 20, outputTokens: 100, estimated: false })
    await expect(other.call(said('q'))).rejects.toBeInstanceOf(BudgetError)
    expect(simulated?.requests.map(({ model }) => model)).toEqual(['writer', 'test-model'])
  })

  it('ends a summary on its way; the messages stay, and nothing more is asked', async () => {
    const { scope, memory, forgetful } = await two(100, { text: 'word '.repeat(500) })
    await expect(forgetful.call(said('q'))).rejects.toBeInstanceOf(BudgetError)
    expect(memory.size).toBe(7)
    expect(scope.budget?.spent.outputTokens).toBeLessThanOrEqual(150)
    expect(simulated?.requests.map(({ model }) => model)).toEqual(['writer'])
  })
})

async function fillAndClear(memory: TemporaryMemory): Promise<WeakRef<Msg>[]> {
  const messages = Array.from({ length: 50 }, (_, index) => said(`m${index}`))
  memory.add(messages)
  await memory.recall({ usage: { inputTokens: 1 } })
  memory.clear()
  return messages.map((message) => new WeakRef(message))
}

describe('compression of any conversation', () => {
  const firstSeed = Number(process.env['MEMORY_SEED'] ?? 9_000)

  it('separates no call from its result, loses nothing, and keeps the newest word for word', async () => {
    const { fetch, baseUrl, requests } = createSimulator({ models: { '*': { text: 'Short.' } } })
    const model = wrapperFor('openai', { baseUrl: baseUrl('openai'), fetch, stream: false })
    for (let seed = firstSeed; seed < firstSeed + 60; seed += 1) {
      const random = mulberry32(seed)
      const messages = randomConversation(random)
      const triggerTokens = 1 + Math.floor(random() * 150)
      const memory = new TemporaryMemory({ counter: tens, compression: { model, triggerTokens } })
      memory.add(messages)
      const given = await memory.recall({
        notice: (text) => expect(text, `MEMORY_SEED=${seed}`).toContain('were summarised'),
      })
      const wrong = faultIn(messages, given)
      if (wrong !== undefined) expect.fail(`MEMORY_SEED=${seed}: ${wrong}`)
    }
    expect(requests.length).toBeGreaterThan(20)
  })
})

function faultIn(messages: readonly Msg[], given: readonly Msg[]): string | undefined {
  const summary = given.find(({ name }) => name === 'summary')
  const replaced = (summary?.metadata?.['summaryOf'] ?? []) as string[]
  const kept = given.filter((message) => message !== summary)
  const all = new Set([...replaced, ...idsOf(kept)])
  if (all.size !== messages.length || replaced.length + kept.length !== messages.length) return 'something was lost'
  if (kept.at(-1) !== messages.at(-1)) return 'the newest was summarised'
  const latest = new Map<string, string>()
  for (const message of messages) {
    for (const block of blocksOf(message)) {
      if (block.type === 'tool_use') latest.set(block.id, message.id)
      const call = block.type === 'tool_result' ? latest.get(block.id) : undefined
      if (call !== undefined && replaced.includes(call) !== replaced.includes(message.id))
        return `${message.id} without ${call}`
    }
  }
  return undefined
}
