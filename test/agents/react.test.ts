// ReActAgent: the loop of asking, acting and answering, over a real loopback wire.
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ReActAgent } from '../../src/agents/index.ts'
import { AbortedError, ConfigError, StructuredOutputError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import { tool } from '../../src/tools/index.ts'
import { gate } from '../suites/gate.ts'
import { acting, question, weather } from './acting.ts'

const callsRome = { toolCalls: [{ name: 'weather', input: { city: 'Rome' } }] }

describe('ReActAgent', () => {
  test.each([true, false])(
    'asks, acts and answers; what it says, stores and returns is one (stream: %s)',
    async (stream) => {
      const rome = weather()
      await using run = await acting([{ text: 'Looking.', ...callsRome }, { text: 'It is sunny.' }], {
        toolkit: [rome],
        stream,
      })
      const answer = await run.agent.call(question)
      expect(textOf(answer)).toBe('It is sunny.')
      expect(rome.calls).toEqual([{ city: 'Rome' }])
      expect(run.results()).toMatchObject([{ id: run.calls()[0]?.id, name: 'weather', output: 'Sunny in Rome.' }])
      expect(run.agent.memory?.get().at(-1)).toBe(answer)
      expect(run.agent.memory?.get().map(({ role }) => role)).toEqual(['user', 'assistant', 'system', 'assistant'])
      const spoken = new Set(run.heard.events.flatMap((event) => (event.type === 'message-start' ? [event.id] : [])))
      expect([...spoken]).toEqual(
        run.agent.memory
          ?.get()
          .slice(1)
          .map(({ id }) => id),
      )
    },
  )

  test('streams what a tool streams, and gives all messages of a reply one reply id', async () => {
    const slow = weather({
      run: async function* () {
        yield 'Sun'
        yield 'ny.'
      },
    })
    await using run = await acting([callsRome, { text: 'Done.' }], { toolkit: [slow] })
    await run.agent.call(question)
    const pieces = run.heard.events.flatMap((event) => (event.type === 'tool-result-delta' ? [event.delta] : []))
    expect(pieces).toEqual(['Sun', 'ny.'])
    const replies = run.heard.events.flatMap((event) => (event.type === 'message-start' ? [event.replyId] : []))
    expect(replies).toHaveLength(3)
    expect(new Set(replies).size).toBe(1)
  })

  test('lets the model read what went wrong with a call, and goes on', async () => {
    const failing = weather({ run: () => Promise.reject(new Error('no network')) })
    const wrong = [
      { name: 'weather', input: { city: 5 } },
      { name: 'wether', input: {} },
      { name: 'weather', input: { city: 'x' } },
    ]
    await using run = await acting([{ toolCalls: wrong }, { text: 'Sorry.' }], { toolkit: [failing] })
    expect(textOf(await run.agent.call(question))).toBe('Sorry.')
    const outputs = run.results().map(({ output, isError }) => [isError, output])
    expect(outputs).toEqual([
      [true, expect.stringContaining('city')],
      [true, expect.stringContaining('weather')],
      [true, expect.stringContaining('no network')],
    ])
  })

  test('never runs a call whose answer was cut at the length limit', async () => {
    const rome = weather()
    await using run = await acting([{ ...callsRome, finish: 'length' }, { text: 'Then not.' }], { toolkit: [rome] })
    await run.agent.call(question)
    expect(rome.calls).toEqual([])
    expect(run.results()).toMatchObject([{ isError: true }])
  })

  test('answers without tools when its rounds are used up, and says so in the metadata', async () => {
    const rome = weather()
    await using run = await acting(
      ({ body }) => (JSON.stringify(body).includes('used all your 2 rounds') ? { text: 'Enough.' } : callsRome),
      { toolkit: [rome], maxIters: 2 },
    )
    const answer = await run.agent.call(question)
    expect([textOf(answer), answer.metadata?.['exceededMaxIters'], rome.calls.length]).toEqual(['Enough.', true, 2])
  })

  test('without memory remembers what it did until the reply is over, and nothing afterwards', async () => {
    await using run = await acting([callsRome, { text: 'Done.' }], { toolkit: [weather()], useMemory: false })
    expect(textOf(await run.agent.call(question))).toBe('Done.')
    expect(JSON.stringify(run.simulated.requests[1]?.body)).toContain('Sunny in Rome.')
    expect(run.agent.memory?.size).toBe(0)
  })

  test('talks with tools in words to a model that knows none, and shows calls as calls', async () => {
    const written = 'Let me look.\n<tool_call>\n{"name": "weather", "arguments": {"city": "Rome"}}\n</tool_call>'
    const rome = weather()
    await using run = await acting([{ text: written }, { text: 'Sunny!' }], { toolkit: [rome], toolCalling: 'prompt' })
    expect(textOf(await run.agent.call(question))).toBe('Sunny!')
    expect(rome.calls).toEqual([{ city: 'Rome' }])
    expect(run.heard.deltas().join('')).toBe('Let me look.\nSunny!')
    const [first, second] = run.simulated.requests.map(({ body }) => body as Record<string, unknown>)
    expect(first?.['tools']).toBeUndefined()
    expect(JSON.stringify(second?.['messages'])).toContain('Sunny in Rome.')
    expect(JSON.stringify(second?.['messages'])).not.toContain('Conversation History')
  })
})

describe('a structured model', () => {
  const shape = z.object({ city: z.string(), degrees: z.number() })

  test('ends the work with a value, in the metadata, and words for people', async () => {
    const done = { name: 'generate_response', input: { response: '20 degrees.', city: 'Rome', degrees: 20 } }
    await using run = await acting([callsRome, { toolCalls: [done] }], { toolkit: [weather()] })
    const answer = await run.agent.call(question, { structuredModel: shape })
    expect(answer.metadata.structured satisfies { city: string; degrees: number }).toEqual({
      city: 'Rome',
      degrees: 20,
    })
    expect(textOf(answer)).toBe('20 degrees.')
  })

  test('is insisted on when the model answers without it, and a wrong value is told with its path', async () => {
    const wrong = { name: 'generate_response', input: { city: 'Rome', degrees: 'hot' } }
    const right = { name: 'generate_response', input: { city: 'Rome', degrees: 30 } }
    await using run = await acting([{ text: 'Hot.' }, { toolCalls: [wrong] }, { toolCalls: [right] }], {
      toolkit: [weather()],
    })
    const answer = await run.agent.call(question, { structuredModel: shape })
    expect(answer.metadata.structured).toEqual({ city: 'Rome', degrees: 30 })
    expect(run.results()[0]?.output).toContain('degrees')
  })

  test.each([
    ['a choice of objects', z.union([z.object({ a: z.number() }), z.object({ b: z.string() })]), { b: 'x' }],
    ['an object or nothing', z.object({ a: z.number() }).nullable(), null],
    ['a list of what refers to itself', { type: 'array', items: { $ref: '#/$defs/A' }, $defs: { A: {} } }, [1]],
    ['anything', {}, 'x'],
  ])('may be %s: that stands in one field of an object, as providers want it', async (_, structuredModel, value) => {
    await using run = await acting({ toolCalls: [{ name: 'generate_response', input: { value } }] })
    const answer = await run.agent.call(question, { structuredModel })
    expect(answer.metadata.structured).toEqual(value)
    const { tools } = run.simulated.requests[0]!.body as {
      tools: { function: { parameters: { properties: object } } }[]
    }
    expect(Object.keys(tools[0]?.function.parameters.properties ?? {})).toEqual(['value'])
    const starts = run.heard.events.filter((event) => event.type === 'message-start')
    expect(new Set(starts.map(({ replyId }) => replyId)).size).toBe(1)
  })

  test('in one field is asked for again when the model leaves that field out', async () => {
    const calls = [{}, { value: [1] }].map((input) => ({ toolCalls: [{ name: 'generate_response', input }] }))
    await using run = await acting(calls)
    const structuredModel = { type: 'array', items: { type: 'number' } }
    expect((await run.agent.call(question, { structuredModel })).metadata.structured).toEqual([1])
    expect(run.results()[0]).toMatchObject({ isError: true, output: expect.stringContaining('value: It is missing.') })
  })

  test('that never comes is a typed error', async () => {
    await using run = await acting({ text: 'Hot.' }, { toolkit: [weather()], maxIters: 2 })
    await expect(run.agent.call(question, { structuredModel: shape })).rejects.toBeInstanceOf(StructuredOutputError)
  })
})

describe('stopping and steering', () => {
  test('interrupt stops the running tool, answers every open call, and keeps the memory valid for the next call', async () => {
    const started = gate()
    const stuck = weather({
      run: async (_input: unknown, { signal }: { signal: AbortSignal }) => {
        started.open()
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return 'too late'
      },
    })
    const two = [callsRome.toolCalls[0]!, { name: 'weather', input: { city: 'Oslo' } }]
    await using run = await acting([{ toolCalls: two }, { text: 'All right.' }], { toolkit: [stuck] })
    const reply = run.agent.call(question)
    await started.opened
    run.agent.interrupt('enough')
    await expect(reply).rejects.toBeInstanceOf(AbortedError)
    expect(run.results().map(({ metadata }) => metadata?.['state'])).toEqual(['interrupted', 'interrupted'])
    expect(textOf(await run.agent.call(new Msg('Ann', 'Never mind.', 'user')))).toBe('All right.')
  })

  test('a word for now cuts the answer short, stays in memory, and the same call gives the new answer', async () => {
    const speaking = gate()
    const never = gate()
    const slow = {
      text: ['Rome ', 'is'],
      gate: ({ index }: { index: number }) => (index === 1 ? never.opened : undefined),
    }
    await using run = await acting([slow, { text: 'Oslo is cold.' }], { toolkit: [weather()] })
    run.agent.registerHook('pre_speak', 'watch', (_agent, message) => {
      if (textOf(message) === 'Rome ') speaking.open()
    })
    const reply = run.agent.call(question)
    await speaking.opened
    const steered = run.agent.steer('I meant Oslo.', { when: 'now' })
    expect(await steered).toBe(await reply)
    expect(run.agent.memory?.get().map((each) => textOf(each))).toEqual([
      textOf(question),
      'Rome ',
      'I meant Oslo.',
      'Oslo is cold.',
    ])
    never.open()
  })

  test('a word after the tool is taken in before the model is asked again, and shown as a notice', async () => {
    const started = gate()
    const finish = gate()
    const slow = weather({
      run: async () => {
        started.open()
        await finish.opened
        return 'Sunny.'
      },
    })
    await using run = await acting([callsRome, { text: 'Both.' }], { toolkit: [slow] })
    const reply = run.agent.call(question)
    await started.opened
    const steered = run.agent.steer(new Msg('Ann', 'And Oslo?', 'user'))
    finish.open()
    expect(await steered).toBe(await reply)
    expect(JSON.stringify(run.simulated.requests[1]?.body)).toContain('And Oslo?')
    expect(run.heard.events.some((event) => event.type === 'notice' && event.kind === 'steered')).toBe(true)
  })

  test('a word after the reply is answered by a reply of its own', async () => {
    await using run = await acting([{ text: 'One.' }, { text: 'Two.' }], { toolkit: [] })
    const reply = run.agent.call(question)
    const steered = run.agent.steer('More?', { when: 'after-reply' })
    expect([textOf(await reply), textOf(await steered)]).toEqual(['One.', 'Two.'])
  })
})

describe('approval', () => {
  const approved = () => weather({ approval: true })

  test('that nobody gives in time is a no, which the model reads, also for the call after it', async () => {
    const rome = approved()
    const inputs = [{ ask: () => new Promise<never>(() => undefined) }]
    const options = { toolkit: [rome], inputs, approvalTimeoutMs: 20 }
    await using run = await acting([callsRome, callsRome, { text: 'As you wish.' }], options)
    expect(textOf(await run.agent.call(question))).toBe('As you wish.')
    expect(rome.calls).toEqual([])
    const unanswered = { isError: true, output: expect.stringContaining('nobody answered within 20 ms') }
    expect(run.results()).toMatchObject([unanswered, unanswered])
    expect(() => new ReActAgent({ name: 'A', model: run.agent.model, approvalTimeoutMs: 0 })).toThrow(ConfigError)
  })

  test('is asked of the people of the scope; what they deny is told to the model with their words', async () => {
    const rome = approved()
    await using run = await acting([callsRome, { text: 'As you wish.' }], {
      toolkit: [rome],
      inputs: [{ ask: async () => 'too expensive' }],
    })
    expect(textOf(await run.agent.call(question))).toBe('As you wish.')
    expect(rome.calls).toEqual([])
    expect(run.results()[0]).toMatchObject({ isError: true, output: expect.stringContaining('too expensive') })
  })

  test('may be given for the whole run', async () => {
    const rome = approved()
    let asked = 0
    const always = async () => {
      asked += 1
      return 'always'
    }
    await using run = await acting([callsRome, callsRome, { text: 'Done.' }], {
      toolkit: [rome],
      inputs: [{ ask: always }],
    })
    await run.agent.call(question)
    expect([asked, rome.calls.length]).toEqual([1, 2])
  })

  test('may pause the reply, which goes on in another process from the saved state', async () => {
    const before = approved()
    await using run = await acting([callsRome, { text: 'Sunny.' }], { toolkit: [before], onApproval: 'pause' })
    await run.agent.call(question)
    expect(run.agent.pending).toMatchObject([{ name: 'weather', input: { city: 'Rome' } }])
    const saved = JSON.parse(JSON.stringify(run.agent))
    const after = approved()
    const { model } = run.agent
    const other = ReActAgent.fromJSON(saved, { model, toolkit: [after], scope: createScope({}) })
    const answer = await other.resume({ [other.pending[0]!.id]: 'allow' })
    expect([textOf(answer), before.calls, after.calls]).toEqual(['Sunny.', [], [{ city: 'Rome' }]])
    expect([other.name, other.agentId, other.pending]).toEqual(['Friday', run.agent.agentId, []])
  })

  test('is refused for a call that does not wait', async () => {
    await using run = await acting([callsRome, { text: 'Fine.' }], { toolkit: [approved()], onApproval: 'pause' })
    await expect(run.agent.resume({})).rejects.toThrow('No call of Friday waits')
    await run.agent.call(question)
    await expect(run.agent.resume({ other: true })).rejects.toThrow('No call "other"')
    expect(run.agent.pending).toHaveLength(1)
  })

  test('that is never given does not hold up the next call: the model is told that nobody allowed it', async () => {
    await using run = await acting([callsRome, { text: 'Fine.' }], { toolkit: [approved()], onApproval: 'pause' })
    await run.agent.call(question)
    await run.agent.call(new Msg('Ann', 'Forget it.', 'user'))
    expect(run.results()[0]).toMatchObject({ isError: true, output: expect.stringContaining('Nobody allowed it') })
  })
})

test('an agent needs a model, and whole rounds', async () => {
  expect(() => new ReActAgent({ name: 'F' })).toThrow('needs a model')
  await expect(acting({ text: 'x' }, { maxIters: 0 })).rejects.toThrow('maxIters')
  expect(tool({ name: 'x', description: 'x', run: () => 1 }).schema.parameters).toBeUndefined()
})
