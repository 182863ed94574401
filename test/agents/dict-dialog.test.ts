// DictDialogAgent over real loopback HTTP: what is heard, remembered and returned, and what happens when the form is wrong.
import { afterEach, describe, expect, it } from 'vitest'
import { DictDialogAgent, type DictDialogAgentOptions } from '../../src/agents/dict-dialog.ts'
import { AbortedError, AgentScopeError, ConfigError, InputError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import {
  MarkdownJsonDictParser,
  MarkdownJsonObjectParser,
  MultiTaggedContentParser,
  RequiredFieldNotFoundError,
  TagNotFoundError,
} from '../../src/parsers/index.ts'
import type { ModelInvocation } from '../../src/scope.ts'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { checkEventLaws } from '../suites/event-laws.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'
import { quietScope } from './listening.ts'

const question = new Msg('Bob', 'Who is it?', 'user')
const json = '```json\n{"thought": "It is Ann.", "speak": "I say \\"Ann\\" 你好", "vote": 3}\n```'
const spoken = 'I say "Ann" 你好'
const parser = new MarkdownJsonDictParser({
  contentHint: { thought: 'what you think', speak: 'what you say', vote: 'a number' },
  requiredKeys: ['speak'],
  keysToMemory: ['thought', 'speak'],
  keysToContent: 'speak',
  keysToMetadata: ['vote'],
})
let simulated: Simulator | undefined

afterEach(async () => simulated?.close())

async function player(
  model: Model,
  options: Partial<DictDialogAgentOptions> = {},
  stream = true,
  wire: Wire = 'openai',
) {
  await simulated?.close()
  simulated = await simulator({ models: { m: model } })
  const { scope, heard } = quietScope()
  const wrapper = wrapperFor(wire, { modelName: 'm', baseUrl: simulated.baseUrl(wire), stream })
  return {
    agent: new DictDialogAgent({ name: 'Ann', sysPrompt: 'Play.', model: wrapper, scope, parser, ...options }),
    heard,
  }
}

/** What the model was told, request by request. */
const asked = () => simulated!.requests.map(({ body }) => JSON.stringify(body))

describe.each([true, false])('DictDialogAgent (stream: %s)', (stream) => {
  it('says the raw text, and keeps what the keys choose under one and the same id', async () => {
    const { agent, heard } = await player({ text: json, thinking: 'Hm.' }, {}, stream)
    const answer = await agent.call(question)
    expect(textOf(heard.message())).toBe(json)
    expect(textOf(answer)).toBe(spoken)
    expect(answer).toMatchObject({ name: 'Ann', role: 'assistant', metadata: { vote: 3 }, ending: { complete: true } })
    const remembered = agent.memory?.get(1)[0] as Msg
    expect(JSON.parse(textOf(remembered) ?? '')).toEqual({ thought: 'It is Ann.', speak: spoken })
    expect(remembered.metadata).not.toHaveProperty('vote')
    expect(new Set([answer.id, remembered.id, ...heard.events.map((event) => event.id)]).size).toBe(1)
    for (const message of [answer, remembered]) expect(message.content[0]).toMatchObject({ thinking: 'Hm.' })
  })

  it('with a speakField says only that field, and the thinking', async () => {
    const { agent, heard } = await player({ text: json, thinking: 'Hm.' }, { speakField: 'speak' }, stream)
    const answer = await agent.call(question)
    expect(heard.message().content).toEqual([
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'text', text: spoken },
    ])
    expect(textOf(answer)).toBe(spoken)
    expect(textOf(agent.memory?.get(1)[0] as Msg)).toContain('It is Ann.')
  })

  it('asks again when the form is wrong, and tells the model why', async () => {
    const { agent, heard } = await player([{ text: '```json\n{"thought": "x"}\n```' }, { text: json }], {}, stream)
    const answer = await agent.call(question)
    expect(textOf(answer)).toBe(spoken)
    expect(agent.memory?.get()).toMatchObject([{ id: question.id }, { id: answer.id }])
    expect(heard.events.filter(({ type }) => type === 'message-end')).toHaveLength(2)
    expect(asked()[1]).toContain('lacks the field')
    expect(asked()[1]).toContain('{\\"thought\\": \\"x\\"}')
  })
})

describe.each(wires)('DictDialogAgent on %s', (wire) => {
  it.each([true, false])('hears one field, and keeps the promises of events (stream: %s)', async (stream) => {
    const model: Model = [
      { text: 'Hm {no}.', thinking: 'Hm.' },
      { text: json, thinking: 'Hm.' },
    ]
    const { agent, heard } = await player(model, { speakField: 'speak' }, stream, wire)
    const answer = await agent.call(question)
    expect(textOf(answer)).toBe(spoken)
    const between = heard.events.findIndex(({ type }) => type === 'notice')
    expect(heard.events[between]).toMatchObject({ kind: 'retry', text: expect.stringContaining('Ann is asked again.') })
    checkEventLaws(heard.events.slice(0, between))
    checkEventLaws(heard.events.slice(between + 1))
    expect(textOf(heard.message())).toBe(spoken)
  })
})

describe('DictDialogAgent', () => {
  it('hears of a field while the model still writes it', async () => {
    const { promise: written, resolve } = Promise.withResolvers<void>()
    const model: Model = {
      text: ['{"thought": "secret", "spe', 'ak": "Hel', 'lo"', ', "vote": 1}'],
      gate: ({ index }) => (index === 2 ? written : undefined),
    }
    const { agent, heard } = await player(model, { speakField: 'speak' })
    const { event } = heard
    heard.event = (...said) => {
      event.apply(heard, said)
      if (said[1].type === 'text-delta') resolve()
    }
    await agent.call(question)
    expect(heard.deltas()).toEqual(['Hel', 'lo'])
  })

  it('tells the model the form, behind the system prompt and what it remembers', async () => {
    const { agent } = await player({ text: json })
    await agent.call(question)
    const [request] = asked()
    for (const words of ['Play.', 'Bob: Who is it?', 'what you think']) expect(request).toContain(words)
    expect(request?.indexOf('what you think')).toBeGreaterThan(request?.indexOf('Who is it?') ?? 0)
  })

  it('rejects with what is wrong when the last attempt fails, and keeps all that was said', async () => {
    const { agent } = await player([{ text: '{"a": 1}' }, { text: 'Never!' }], { speakField: 'speak' })
    await expect(agent.call(question)).rejects.toThrow(TagNotFoundError)
    expect(agent.memory?.get().map(textOf)).toEqual(['Who is it?', '{"a": 1}', 'Never!'])
    const { agent: once } = await player({ text: '{"a": 1}' }, { maxRetries: 0 })
    await expect(once.call(question)).rejects.toThrow(RequiredFieldNotFoundError)
    expect(simulated?.requests).toHaveLength(1)
  })

  it('keeps both attempts when the second one breaks off', async () => {
    const { agent } = await player([{ text: '{"a": 1}' }, { text: ['{"speak":', ' "Hel'], end: 'reset' }], {
      max_retries: 5,
    })
    expect(agent.maxRetries).toBe(5)
    await expect(agent.call(question)).rejects.toMatchObject({ partialText: '{"speak": "Hel' })
    expect(agent.memory?.get(2).map(textOf)).toEqual(['{"a": 1}', '{"speak": "Hel'])
  })

  it('keeps an answer that breaks off, whole as it came and marked, and rejects with its error', async () => {
    const { agent, heard } = await player(
      { text: ['{"thought": "a', '", "speak": "Hel'], end: 'reset' },
      { speakField: 'speak' },
    )
    await expect(agent.call(question)).rejects.toThrow(AgentScopeError)
    const partial = agent.memory?.get(1)[0] as Msg
    expect(textOf(partial)).toBe('{"thought": "a", "speak": "Hel')
    expect(partial).toMatchObject({
      name: 'Ann',
      id: heard.message().id,
      ending: { reason: 'truncated', complete: false },
    })
    expect(textOf(heard.message())).toBe('Hel')
  })

  it('stops when it is interrupted, and the next call goes on', async () => {
    const { agent, heard } = await player([{ text: ['{"speak": "Hel'], end: 'silence' }, { text: json }], {
      speakField: 'speak',
    })
    const { event } = heard
    heard.event = (...said) => {
      event.apply(heard, said)
      if (said[1].type === 'text-delta' && said[1].delta === 'Hel') agent.interrupt()
    }
    await expect(agent.call(question)).rejects.toThrow(AbortedError)
    expect(agent.memory?.get(1)[0]).toMatchObject({ ending: { reason: 'aborted' } })
    expect(textOf(await agent.call(question))).toBe(spoken)
  })

  it('takes in at once what the user says meanwhile', async () => {
    const { agent, heard } = await player([{ text: ['{"speak": "Hel'], end: 'silence' }, { text: json }], {
      speakField: 'speak',
    })
    let steered: Promise<Msg> | undefined
    const { event } = heard
    heard.event = (...said) => {
      event.apply(heard, said)
      if (said[1].type === 'text-delta' && said[1].delta === 'Hel') steered = agent.steer('Faster!', { when: 'now' })
    }
    const answer = await agent.call(question)
    expect(textOf(answer)).toBe(spoken)
    expect(await steered).toBe(answer)
    expect(agent.memory?.get().map(textOf)).toEqual([question.content, '{"speak": "Hel', 'Faster!', expect.any(String)])
    expect(asked()[1]).toContain(': Faster!')
  })

  it('tells of every question to its model, also of a field that was heard alone', async () => {
    const { agent, heard } = await player([{ text: '{}' }, { text: json }], { speakField: 'speak' })
    const invocations: ModelInvocation[] = []
    Object.assign(heard, { invocation: (each: ModelInvocation) => invocations.push(each) })
    await agent.call(question)
    expect(invocations.map(({ response }) => response && textOf(response))).toEqual(['{}', json])
  })

  it('lets a refusal be heard as it is, though it is no field', async () => {
    const { agent, heard } = await player(
      { text: ['I will', ' not.'], finish: 'refusal' },
      { speakField: 'speak', maxRetries: 0 },
    )
    await expect(agent.call(question)).rejects.toThrow(TagNotFoundError)
    expect(heard.deltas()).toEqual(['I will', ' not.'])
    expect(textOf(agent.memory?.get(1)[0] as Msg)).toBe('I will not.')
  })

  it('says one part of a tagged answer, and remembers nothing when the keys say so', async () => {
    const tags = ['think', 'say'].map((name) => ({ name, contentHint: `what you ${name}` }))
    const tagged = new MultiTaggedContentParser({ tags, keysToMemory: false, keysToMetadata: 'think' })
    const { agent, heard } = await player(
      { text: '<think>no</think><say>yes</say>' },
      { parser: tagged, speakField: 'say' },
    )
    const answer = await agent.call(question)
    expect(heard.deltas().join('')).toBe('yes')
    expect(agent.memory?.get()).toEqual([question])
    expect(JSON.parse(textOf(answer) ?? '')).toEqual({ think: 'no', say: 'yes' })
    expect(answer.metadata).toMatchObject({ think: 'no' })
  })

  it('needs a parser with fields, a sensible number of retries, and no second form', async () => {
    const { agent } = await player({ text: json })
    const { model } = agent
    await expect(new DictDialogAgent({ name: 'A', model }).call(question)).rejects.toThrow(ConfigError)
    expect(() => agent.setParser(new MarkdownJsonObjectParser() as never)).toThrow(ConfigError)
    expect(() => new DictDialogAgent({ name: 'A', model, maxRetries: -1 })).toThrow(ConfigError)
    expect(() => new DictDialogAgent({ name: 'A' })).toThrow(ConfigError)
    await expect(agent.call(question, { structuredModel: { type: 'object' } })).rejects.toThrow(InputError)
  })
})
