// The rows of the contract about agents that speak, each by its own sentence (numbers as in the behaviour's checklist).
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AgentBase, DialogAgent, DictDialogAgent, ReActAgent } from '../../src/agents/index.ts'
import { AgentScopeError } from '../../src/core/error.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { OpenAIChatWrapper } from '../../src/models/index.ts'
import { MarkdownJsonDictParser } from '../../src/parsers/index.ts'
import type { Sink } from '../../src/scope.ts'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { terminal } from '../../src/terminal/index.ts'
import { Listening } from '../agents/listening.ts'
import { gate } from '../suites/gate.ts'
import { keyboard, Paper } from '../terminal/paper.ts'

const question = new Msg('User', 'Hi!', 'user')
const configName = 'qwen_config'

/** A scope whose only model is configured as in the tutorial; the model answers as told. */
async function configured(model: Model, { stream = true, sinks = [] as Sink[] } = {}) {
  const simulated: Simulator = await simulator({ models: { '*': model } })
  const modelConfigs = {
    model_type: 'dashscope_chat',
    config_name: configName,
    model_name: 'qwen-max',
    api_key: 'a-test-key-0000',
    stream,
    base_url: simulated.baseUrl('dashscope'),
  }
  const paper = new Paper()
  const screen = terminal({ output: paper, input: keyboard() })
  const scope = createScope({ modelConfigs, sinks: [screen, ...sinks] })
  return { scope, paper, simulated, [Symbol.asyncDispose]: () => simulated.close() }
}

/** The tutorial's own agent: both modes by one line. */
class Custom extends AgentBase {
  textAfterwards: string | null = null

  protected override async reply(x: Msg): Promise<Msg> {
    const response = await this.model.call(this.model.format(x))
    await this.speak(response.stream ?? response.text)
    this.textAfterwards = response.text
    return new Msg(this.name, response.text ?? '', 'assistant', { id: response.id })
  }
}

const parser = new MarkdownJsonDictParser({ keysToContent: 'speak' })
const builtIn = [
  [
    'DialogAgent',
    (scope: ReturnType<typeof createScope>) => new DialogAgent({ name: 'F', modelConfigName: configName, scope }),
  ],
  [
    'ReActAgent',
    (scope: ReturnType<typeof createScope>) => new ReActAgent({ name: 'F', modelConfigName: configName, scope }),
  ],
  [
    'DictDialogAgent',
    (scope: ReturnType<typeof createScope>) =>
      new DictDialogAgent({ name: 'F', modelConfigName: configName, scope, parser }),
  ],
] as const

describe('row 7: with that configuration built-in agents stream without change', () => {
  test.each(builtIn)('%s shows text before the model is done', async (_name, make) => {
    const rest = gate()
    const text = ['```json\n{"speak": "Hel', 'lo"}\n```']
    await using run = await configured({ text, gate: ({ index }) => (index === 1 ? rest.opened : undefined) })
    const shown = gate()
    const agent = make(run.scope)
    agent.registerHook('pre_speak', 'watch', () => shown.open())
    const reply = agent.call(question)
    await shown.opened
    expect(run.simulated.requests[0]?.closedAfterMs).toBeUndefined()
    rest.open()
    await reply
    expect(run.paper.text).toContain('"speak": "Hello"')
  })

  test.each(builtIn)('%s gives the same final message without streaming', async (_name, make) => {
    const contents: unknown[] = []
    for (const stream of [true, false]) {
      await using run = await configured({ text: '```json\n{"speak": "Hello"}\n```' }, { stream })
      contents.push((await make(run.scope).call(question)).content)
    }
    expect(contents[0]).toEqual(contents[1])
  })
})

test('row 18: AgentBase has a speak function, which resolves when everything has been displayed and handed on', async () => {
  const slow = gate()
  let handed = false
  const sink: Sink = {
    event: async () => {
      await slow.opened
      handed = true
    },
  }
  await using run = await configured({ text: 'Hello' }, { sinks: [sink] })
  const agent = new Custom({ name: 'Friday', modelConfigName: configName, scope: run.scope })
  const reply = agent.call(question)
  slow.open()
  await reply
  expect([handed, run.paper.text]).toEqual([true, 'Friday: Hello\n'])
})

test('row 19: given a generator, speak iterates it and prints like a typewriter: the name once, each chunk at once, one newline', async () => {
  await using run = await configured({ text: ['Hel', 'lo', '!'] })
  await new Custom({ name: 'Friday', modelConfigName: configName, scope: run.scope }).call(question)
  expect(run.paper.writes.filter(Boolean)).toEqual(['Friday: Hel', 'lo', '!', '\n'])
})

describe.each([true, false])('rows 20 to 22, with stream: %s', (stream) => {
  test('row 21: inside reply, speak(response.stream ?? response.text) serves both modes', async () => {
    await using run = await configured({ text: ['Hel', 'lo'] }, { stream })
    await new Custom({ name: 'Friday', modelConfigName: configName, scope: run.scope }).call(question)
    expect(run.paper.text).toBe('Friday: Hello\n')
  })

  test('row 22: after speak(response.stream) the text is available, without a second request', async () => {
    await using run = await configured({ text: ['Hel', 'lo'] }, { stream })
    const agent = new Custom({ name: 'Friday', modelConfigName: configName, scope: run.scope })
    await agent.call(question)
    expect([agent.textAfterwards, run.simulated.requests.length]).toEqual(['Hello', 1])
  })
})

test('row 20: inside reply, speak(response.stream) is all it takes', async () => {
  await using run = await configured({ text: ['Hel', 'lo'] })
  class Short extends AgentBase {
    protected override async reply(x: Msg): Promise<Msg> {
      const response = await this.model.call(this.model.format(x), { stream: true })
      return this.speak(response.stream)
    }
  }
  const said = await new Short({ name: 'Friday', modelConfigName: configName, scope: run.scope }).call(question)
  expect([textOf(said), run.paper.text]).toEqual(['Hello', 'Friday: Hello\n'])
})

test('row 23: another listener that fails never breaks or delays the terminal, and is told of once', async () => {
  const warnings: string[] = []
  const listen = (warning: Error) => void warnings.push(warning.message)
  process.on('warning', listen)
  const broken: Sink = { event: () => Promise.reject(new Error('Studio is away')) }
  await using run = await configured({ text: ['Hel', 'lo'] }, { sinks: [broken] })
  await new DialogAgent({ name: 'Friday', modelConfigName: configName, scope: run.scope }).call(question)
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', listen)
  expect(run.paper.text).toBe('Friday: Hello\n')
  expect(warnings.filter((text) => text.includes('Studio is away'))).toHaveLength(1)
})

test('row 27: errors keep what was received: in the error, in memory, on the terminal with a newline and a mark', async () => {
  await using run = await configured({ text: ['Hel', 'lo'], end: 'reset' })
  const agent = new DialogAgent({ name: 'Friday', modelConfigName: configName, scope: run.scope })
  const failure = await agent.call(question).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AgentScopeError)
  expect((failure as AgentScopeError).partialText).toBe('Hello')
  expect(agent.memory?.get(1)[0]).toMatchObject({ ending: { complete: false } })
  expect(run.paper.text).toMatch(/^Friday: Hello \[broken off.*\]\n$/)
})

test('row 28: tool calls survive streaming: the same scenario passes streamed and not', async () => {
  for (const stream of [true, false]) {
    const calls = { toolCalls: [{ name: 'add', input: { a: 1, b: [2, 3] } }] }
    await using run = await configured([calls, { text: 'Six.' }], { stream })
    const inputs: unknown[] = []
    const agent = new ReActAgent({ name: 'Friday', modelConfigName: configName, scope: run.scope })
    agent.toolkit.add({
      name: 'add',
      description: 'Adds.',
      input: { type: 'object' },
      run: (input) => inputs.push(input),
    })
    expect(textOf(await agent.call(question))).toBe('Six.')
    expect(inputs).toEqual([{ a: 1, b: [2, 3] }])
  }
})

test('row 31: cancellation by a signal on the agent closes the socket and keeps the partial text', async () => {
  const never = gate()
  await using run = await configured({
    text: ['Hel', 'lo'],
    gate: ({ index }) => (index === 1 ? never.opened : undefined),
  })
  const stop = new AbortController()
  const agent = new DialogAgent({ name: 'Friday', modelConfigName: configName, scope: run.scope })
  agent.registerHook('pre_speak', 'stop', (_agent, message) => {
    if (textOf(message) === 'Hel') stop.abort()
  })
  await expect(agent.call(question, { signal: stop.signal })).rejects.toMatchObject({
    type: 'aborted',
    partialText: 'Hel',
  })
  await run.simulated.requests[0]?.closed
  expect(run.simulated.requests[0]?.aborted).toBe(true)
  never.open()
})

test('row 35: hooks see each chunk, with the same message id, awaited in order, and decide what is displayed', async () => {
  await using run = await configured({ text: ['Hel', 'lo'] })
  const agent = new DialogAgent({ name: 'Friday', modelConfigName: configName, scope: run.scope })
  const seen: unknown[] = []
  agent.registerHook('pre_speak', 'shout', async (_agent, message, { last }) => {
    seen.push([message.id, textOf(message), last])
    return { ...message, content: `${textOf(message)?.toUpperCase()}` }
  })
  const { id } = await agent.call(question)
  expect(seen).toEqual([
    [id, 'Hel', false],
    [id, 'Hello', false],
    [id, 'Hello', true],
  ])
  expect(run.paper.text).toBe('Friday: HELLO\n')
})

test('row 36: the message spoken, stored, returned and logged for one reply is one id', async () => {
  const heard = new Listening()
  await using run = await configured({ text: 'Hello', thinking: 'Hm.' }, { sinks: [heard] })
  const agent = new DialogAgent({ name: 'Friday', modelConfigName: configName, scope: run.scope })
  const answer = await agent.call(question)
  expect(new Set([answer.id, agent.memory?.get(1)[0]?.id, ...heard.events.map(({ id }) => id)]).size).toBe(1)
})

test('row 37: two agents that speak at once never share a line, and without a terminal there are no escape sequences', async () => {
  const rest = gate()
  await using run = await configured([
    { text: ['one ', 'two'], gate: ({ index }) => (index === 1 ? rest.opened : undefined) },
    { text: ['three ', 'four'] },
  ])
  const agents = ['Ann', 'Bob'].map((name) => new DialogAgent({ name, modelConfigName: configName, scope: run.scope }))
  const [first, second] = agents.map((agent) => agent.call(question))
  await second
  rest.open()
  await first
  expect(run.paper.text.split('\n').filter(Boolean).toSorted()).toEqual(expectedLines(run.paper.text))
  expect(run.paper.text).not.toContain('\u001b')
})

/** Whoever of the two got the short answer: each line has one speaker and its whole text. */
function expectedLines(text: string): string[] {
  const annFirst = text.includes('Ann: one two')
  return annFirst ? ['Ann: one two', 'Bob: three four'] : ['Ann: three four', 'Bob: one two']
}

test('row 38: an agent has a public stream next to its call', async () => {
  await using run = await configured({ text: ['Hel', 'lo'], thinking: 'Hm.' })
  const agent = new DialogAgent({ name: 'Friday', modelConfigName: configName, scope: run.scope })
  const kinds: StreamEvent['type'][] = []
  for await (const event of agent.stream(question)) kinds.push(event.type)
  expect(kinds[0]).toBe('message-start')
  expect(kinds.at(-1)).toBe('message-end')
  expect(kinds.filter((kind) => kind === 'text-delta')).toHaveLength(2)
})

test('row 39: parsers accept a streamed response', async () => {
  await using run = await configured({ text: ['```json\n{"speak": "Hel', 'lo"}'] })
  const response = await run.scope.model(configName)
  const answer = await (await response).call([{ role: 'user', content: 'Hi!' }])
  expect((await parser.parse(answer)).parsed).toEqual({ speak: 'Hello' })
})

test('row 40: the chat log has a line for complete messages only, the same with and without streaming, and no key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agentscope-'))
  const lines: string[] = []
  for (const stream of [true, false]) {
    const simulated = await simulator({ models: { '*': [{ text: ['Hel', 'lo'] }, { text: 'Broken', end: 'cut' }] } })
    const scope = createScope({ saveDir: folder, name: `run${stream}` })
    const options = { modelName: 'm', apiKey: 'canary-key-0123456789', stream, maxRetries: 0 }
    const model = new OpenAIChatWrapper({ ...options, baseUrl: simulated.baseUrl('openai') })
    const agent = new DialogAgent({ name: 'Friday', model, scope })
    await agent.call(question)
    await agent.call(question).catch(() => undefined)
    await scope.close()
    await simulated.close()
    lines.push(await readFile(join(scope.runDirectory as string, 'logging.chat'), 'utf8'))
  }
  const [streamed, whole] = lines.map((text) => JSON.parse(text) as Msg)
  expect([streamed?.content, streamed?.role, streamed?.name]).toEqual([whole?.content, whole?.role, whole?.name])
  expect(lines.join()).not.toContain('canary')
  await rm(folder, { recursive: true })
})
