// Reasoning between tool calls, sent back signed and in its place: the simulator refuses what is missing or changed.
import { describe, expect, test } from 'vitest'
import { blocksOf, Msg, textOf } from '../../src/core/message.ts'
import type { Script } from '../../src/simulator/index.ts'
import { type Acting, acting, question, weather } from '../agents/acting.ts'
import { checkRun } from '../suites/checked-run.ts'
import type { Wire } from '../suites/wrappers.ts'

type Json = ReturnType<typeof JSON.parse>

const call = (city: string) => ({ name: 'weather', input: { city } })
const rounds: Script[] = [
  {
    parts: [
      { thinking: 'Rome first. 🤔' },
      { text: 'I look.' },
      { toolCall: call('Rome') },
      { toolCall: call('Pisa') },
    ],
  },
  { thinking: 'Now Oslo.', text: 'And Oslo.', toolCalls: [call('Oslo')] },
  { thinking: 'I have both.', text: 'Warm and cold.' },
  { text: 'You are welcome.' },
]

const thinks = { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 4096 }
const models: [wire: Wire, modelName: string, generateArgs: Record<string, unknown>][] = [
  ['anthropic', 'claude-sonnet-4-5', thinks],
  ['anthropic', 'claude-opus-4-6', { thinking: { type: 'adaptive' } }],
  ['gemini', 'gemini-3-pro-preview', {}],
  ['gemini', 'gemini-2.5-pro', {}],
  ['openai', 'gemini-3-flash-preview', {}],
  ['openai', 'google/gemini-3-pro-preview', {}],
  ['openai', 'deepseek-reasoner', {}],
  ['openai', 'kimi-k2-thinking', {}],
  ['litellm', 'claude-sonnet-4-5', thinks],
  ['litellm', 'gemini-3-pro-preview', {}],
  ['dashscope', 'qwen3-max', { enable_thinking: true }],
  ['zhipuai', 'glm-4.7', { thinking: { type: 'enabled' } }],
  ['ollama', 'qwen3', { think: true }],
]
const ways = models.flatMap(([wire, modelName, generateArgs]) => {
  return [true, false].map((stream) => ({ wire, stream, modelName, generateArgs }))
})

async function talking({ wire, stream, ...modelOptions }: (typeof ways)[number], answers = rounds): Promise<Acting> {
  const run = await acting(answers, { wire, stream, modelOptions, toolkit: [weather({ concurrent: true })] })
  await run.agent.call(question)
  return run
}

/** What assistants say in the latest request. */
function returned(run: Acting): Json[] {
  const body = run.simulated.requests.at(-1)?.body as Json
  const messages: Json[] = body.messages ?? body.contents ?? body.input.messages
  return messages.filter(({ role }) => role === 'assistant' || role === 'model')
}

describe.each(ways)('$modelName on $wire (stream: $stream)', (way) => {
  test('thinks, calls twice, thinks and calls again, answers, and goes on with the next question', async () => {
    await using run = await talking(way)
    expect(run.calls().map(({ input }) => input)).toEqual([{ city: 'Rome' }, { city: 'Pisa' }, { city: 'Oslo' }])
    expect(textOf(await run.agent.call(new Msg('Ann', 'Thank you.', 'user')))).toBe('You are welcome.')
    checkRun(run)
  })

  test('goes on from a saved memory as from its own', async () => {
    await using run = await talking(way, [...rounds.slice(0, 2), { text: '', finish: 'stop' }, { text: 'Both.' }])
    const saved = JSON.parse(JSON.stringify(run.agent.memory?.toJSON()))
    run.agent.memory?.load(saved.messages, { overwrite: true })
    expect(textOf(await run.agent.call(null))).toBe('Both.')
    checkRun(run)
  })
})

const both = (wire: Wire, modelName: string, generateArgs = {}) =>
  [true, false].map((stream) => ({ wire, stream, modelName, generateArgs }))

describe('what goes back', () => {
  test.each(both('anthropic', 'claude-sonnet-4-5', thinks))(
    'on Anthropic is every thought with its signature, before its words and calls (stream: $stream)',
    async (way) => {
      await using run = await talking(way)
      const thought = (thinking: string) => ({ type: 'thinking', thinking, signature: expect.any(String) })
      expect(returned(run).map(({ content }) => content)).toMatchObject([
        [thought('Rome first. 🤔'), { text: 'I look.' }, { type: 'tool_use' }, { type: 'tool_use' }],
        [thought('Now Oslo.'), { text: 'And Oslo.' }, { type: 'tool_use' }],
      ])
    },
  )

  test.each(both('anthropic', 'claude-sonnet-4-5', thinks))(
    'on Anthropic keeps thoughts between words and calls, sealed ones too (stream: $stream)',
    async (way) => {
      const first: Script = {
        parts: [
          { thinking: 'One.' },
          { redacted: 'Nobody reads this.' },
          { text: 'I look.' },
          { thinking: 'Two.' },
          { toolCall: call('Rome') },
          { thinking: 'Three.' },
          { toolCall: call('Oslo') },
        ],
      }
      await using run = await talking(way, [first, { text: 'Done.' }])
      const types = returned(run)[0].content.map(({ type }: Json) => type)
      expect(types.join(' ')).toBe('thinking redacted_thinking text thinking tool_use thinking tool_use')
      checkRun(run)
    },
  )

  test.each(both('litellm', 'claude-sonnet-4-5', thinks))(
    'to a LiteLLM proxy are the thinking blocks as they came (stream: $stream)',
    async (way) => {
      const sealed: Script = { parts: [{ thinking: 'Hm.' }, { redacted: 'Psst.' }, { toolCall: call('Rome') }] }
      await using run = await talking(way, [sealed, { text: 'Done.' }])
      expect(returned(run)[0].thinking_blocks).toMatchObject([
        { type: 'thinking', thinking: 'Hm.', signature: expect.any(String) },
        { type: 'redacted_thinking', data: expect.any(String) },
      ])
      checkRun(run)
    },
  )

  test.each(both('gemini', 'gemini-3-pro-preview'))(
    'on Gemini is the signature of the first call of each step, and no other (stream: $stream)',
    async (way) => {
      await using run = await talking(way)
      const signed = returned(run).map(({ parts }) =>
        parts.flatMap((part: Json) => (part.functionCall ? [typeof part.thoughtSignature] : [])),
      )
      expect(signed).toEqual([['string', 'undefined'], ['string']])
      expect(JSON.stringify(returned(run))).not.toContain('skip_thought_signature_validator')
    },
  )

  test.each([...both('openai', 'gemini-3-pro-preview'), ...both('litellm', 'gemini-3-pro-preview')])(
    'of Gemini behind $wire is the signature where it came (stream: $stream)',
    async (way) => {
      await using run = await talking(way)
      const [[first, second], [third]] = returned(run).map(({ tool_calls: calls }) => calls) as [Json[], Json[]]
      const signed = { thought_signature: expect.any(String) }
      const place = way.wire === 'openai' ? { extra_content: { google: signed } } : { provider_specific_fields: signed }
      expect([first, third]).toMatchObject([place, place])
      expect(Object.keys(second)).toEqual(['id', 'type', 'function'])
      expect(JSON.stringify(first)).not.toContain('skip_thought_signature_validator')
    },
  )

  test.each(both('openai', 'deepseek-reasoner'))(
    'to DeepSeek is the reasoning of messages with calls, an empty one too (stream: $stream)',
    async (way) => {
      await using run = await talking(way, [rounds[0]!, { toolCalls: [call('Oslo')] }, { text: 'Done.' }])
      expect(returned(run).map((each) => each.reasoning_content)).toEqual(['Rome first. 🤔', ''])
      checkRun(run)
    },
  )
})

describe('a conversation that moves to another provider', () => {
  const moves = models.flatMap((one) => {
    const [wire, modelName, generateArgs] = one
    return models.filter((to) => to !== one).map((to) => ({ from: { wire, modelName, generateArgs }, to }))
  })

  test.each(moves)('$from.modelName on $from.wire to $to', async ({ from, to: [wire, modelName, generateArgs] }) => {
    await using before = await talking({ ...from, stream: true }, rounds.slice(0, 3))
    const other = { wire, modelOptions: { modelName, generateArgs }, toolkit: [weather()] }
    await using after = await acting([{ thinking: 'Hm.', toolCalls: [call('Nice')] }, { text: 'Nice is fine.' }], other)
    after.agent.memory?.add(before.agent.memory?.get() ?? [])
    expect(textOf(await after.agent.call(new Msg('Ann', 'And Nice?', 'user')))).toBe('Nice is fine.')
    expect(JSON.stringify(after.simulated.requests[0]?.body)).toContain('Sunny in Oslo.')
    checkRun(after)
  })
})

test('a signature and a seal survive a memory that is written down', async () => {
  await using run = await talking({
    wire: 'anthropic',
    stream: true,
    modelName: 'claude-sonnet-4-5',
    generateArgs: thinks,
  })
  const blocks = run.agent.memory?.get().flatMap((message) => blocksOf(message)) ?? []
  const signed = blocks.filter((block) => block.type === 'thinking' && block.signature !== undefined)
  expect(signed).toHaveLength(3)
})

test('a call that a program of Anthropic made goes back with its caller', async () => {
  const caller = { type: 'code_execution_20250825', tool_id: 'srvtoolu_01' }
  const content = [{ type: 'tool_use', id: 'toolu_01', name: 'weather', input: { city: 'Rome' }, caller }]
  const message = { type: 'message', id: 'msg_1', role: 'assistant', model: 'm', content, stop_reason: 'tool_use' }
  const recorded = { body: JSON.stringify(message), contentType: 'application/json' }
  await using run = await acting([{ recorded }, { text: 'Sunny.' }], {
    wire: 'anthropic',
    stream: false,
    toolkit: [weather()],
  })
  expect(textOf(await run.agent.call(question))).toBe('Sunny.')
  expect(returned(run)[0].content).toEqual(content)
  checkRun(run)
})

test('details of the reasoning that OpenRouter sends go back as they came', async () => {
  const details = [{ type: 'reasoning.encrypted', data: 'x', id: 'call_1', format: 'google-gemini-v1', index: 0 }]
  const called = { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Rome"}' } }
  const message = { role: 'assistant', content: null, reasoning_details: details, tool_calls: [called] }
  const body = JSON.stringify({ id: 'gen-1', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] })
  const modelOptions = { modelName: 'vendor/some-model' }
  await using run = await acting([{ recorded: { body, contentType: 'application/json' } }, { text: 'Sunny.' }], {
    stream: false,
    modelOptions,
    toolkit: [weather()],
  })
  expect(textOf(await run.agent.call(question))).toBe('Sunny.')
  expect(returned(run)[0].reasoning_details).toEqual(details)
})
