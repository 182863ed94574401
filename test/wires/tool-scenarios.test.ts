// The same tool scenarios on all seven wires, streamed and not, against a simulator that refuses what a provider would.
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { AgentScopeError } from '../../src/core/error.ts'
import { type Block, blocksOf, Msg, textOf } from '../../src/core/message.ts'
import type { Script } from '../../src/simulator/index.ts'
import { tool } from '../../src/tools/index.ts'
import { acting, question, weather } from '../agents/acting.ts'
import { checkRun } from '../suites/checked-run.ts'
import { wires } from '../suites/wrappers.ts'
import { ran, type Scenario, scenarios } from './tool-scenarios.table.ts'

beforeEach(() => {
  ran.length = 0
})

const ways = wires.flatMap((wire) => [true, false].map((stream) => ({ wire, stream })))
const callsRome = { toolCalls: [{ name: 'weather', input: { city: 'Rome' } }] }
const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe.each(ways)('$wire (stream: $stream)', ({ wire, stream }) => {
  const possible = scenarios.filter((scenario) => !scenario.except?.({ wire, stream }))

  test.each(possible)('$name', async ({ answers, tools, calls, results, text, ran: wanted }: Scenario) => {
    await using run = await acting(answers, { wire, stream, toolkit: tools() })
    const said = await run.agent.call(question)
    expect(textOf(said)).toBe(text)
    expect(blocksOf(said).map(({ type }) => type)).toEqual(['text'])
    expect(run.calls().map(({ name, input }) => [name, input])).toEqual(calls)
    expect(ran).toEqual(wanted)
    const outputs = run.results().map(({ output, isError }) => [output, isError])
    expect(outputs).toEqual(
      results.map(([output, isError]) => [output instanceof RegExp ? expect.stringMatching(output) : output, isError]),
    )
    checkRun(run)
  })

  test('a tool that shows an image', async () => {
    const shown: Block[] = [
      { type: 'text', text: 'A dot:' },
      { type: 'image', url: `data:image/png;base64,${dot}` },
    ]
    const camera = tool({ name: 'camera', description: 'Takes a picture.', run: () => shown })
    await using run = await acting([{ toolCalls: [{ name: 'camera' }] }, { text: 'A dot.' }], {
      wire,
      stream,
      toolkit: [camera],
    })
    expect(textOf(await run.agent.call(question))).toBe('A dot.')
    expect(run.results()).toMatchObject([{ output: shown }])
    expect(JSON.stringify(run.simulated.requests[1]?.body)).toContain(dot)
    checkRun(run)
  })

  test('a value of a wanted shape at the end, behind a call and a wrong one', async () => {
    const finish = (input: object) => ({ toolCalls: [{ name: 'generate_response', input }] })
    const wrong = finish({ response: 'Hot.', degrees: 'hot' })
    await using run = await acting([callsRome, wrong, finish({ response: 'It is hot.', degrees: 30 })], {
      wire,
      stream,
      toolkit: [weather()],
    })
    const said = await run.agent.call(question, { structuredModel: z.object({ degrees: z.number() }) })
    expect([said.metadata.structured, textOf(said)]).toEqual([{ degrees: 30 }, 'It is hot.'])
    expect(run.results().map(({ isError }) => isError)).toEqual([undefined, true, undefined])
    checkRun(run)
    await run.agent.call(new Msg('Ann', 'Again!', 'user'), { structuredModel: z.object({ degrees: z.number() }) })
    checkRun(run)
  })

  test('a connection that breaks inside the arguments: nothing runs, and the next call is taken', async () => {
    const broken: Script = {
      text: 'Looking.',
      toolCalls: [{ name: 'weather', pieces: ['{"ci', 'ty": "Ro'] }],
      end: 'cut',
    }
    const rome = weather()
    await using run = await acting([broken, { text: 'Fine.' }], { wire, stream, toolkit: [rome] })
    await expect(run.agent.call(question)).rejects.toBeInstanceOf(AgentScopeError)
    expect(rome.calls).toEqual([])
    expect(textOf(await run.agent.call(new Msg('Ann', 'Never mind.', 'user')))).toBe('Fine.')
    if (stream || wire !== 'anthropic') checkRun(run)
  })

  test('rounds that are used up end with an answer', async () => {
    await using run = await acting([callsRome, callsRome, { text: 'Enough.' }], {
      wire,
      stream,
      toolkit: [weather()],
      maxIters: 2,
    })
    expect(textOf(await run.agent.call(question))).toBe('Enough.')
    checkRun(run)
  })

  test('another agent in the conversation, whose words are only heard', async () => {
    await using run = await acting([callsRome, { text: 'Sunny.' }, callsRome, { text: 'Still sunny.' }], {
      wire,
      stream,
      toolkit: [weather()],
    })
    await run.agent.observe(new Msg('Bob', 'I would ask the oracle.', 'assistant'))
    await run.agent.call(question)
    await run.agent.observe([new Msg('Bob', 'I doubt it.', 'assistant'), new Msg('Eve', 'So do I.', 'user')])
    expect(textOf(await run.agent.call())).toBe('Still sunny.')
    const asked = JSON.stringify(run.simulated.requests.at(-1)?.body)
    for (const words of ['I would ask the oracle.', 'I doubt it.', 'So do I.', 'Sunny in Rome.']) {
      expect(asked).toContain(words)
    }
    checkRun(run)
  })
})

describe('a call that the provider itself could not read', () => {
  test.each([true, false])('on Gemini is told to the model, which tries again (stream: %s)', async (stream) => {
    const broken = { text: 'Looking.', toolCalls: [{ name: 'weather', rawInput: '{"city": Rome}' }] }
    await using run = await acting([broken, callsRome, { text: 'Sunny.' }], {
      wire: 'gemini',
      stream,
      toolkit: [weather()],
    })
    expect(textOf(await run.agent.call(question))).toBe('Sunny.')
    expect(JSON.stringify(run.simulated.requests[1]?.body)).toContain('could not be read')
    expect(JSON.stringify(run.simulated.requests[2]?.body)).not.toContain('could not be read')
    // A whole reply that failed was never spoken; of a stream stays what was heard.
    const reasons = run.agent.memory?.get().map(({ ending }) => ending?.reason)
    expect(reasons).toEqual([undefined, ...(stream ? ['error'] : []), 'tool-calls', 'stop', 'stop'])
    checkRun(run)
  })

  test.each([undefined, 0])('on Groq is told to the model too (a failure inside a 200: %s)', async (after) => {
    const code = 'tool_use_failed'
    const failed: Script = {
      error: { status: 400, code, message: 'Failed to call a function.', ...(after === 0 && { after }) },
    }
    await using run = await acting([failed, callsRome, { text: 'Sunny.' }], { toolkit: [weather()] })
    expect(textOf(await run.agent.call(question))).toBe('Sunny.')
    expect(JSON.stringify(run.simulated.requests[1]?.body)).toContain('could not be read')
  })

  test('is given up with the rounds', async () => {
    const broken = { toolCalls: [{ name: 'weather', rawInput: '{"city"' }] }
    await using run = await acting([broken, broken, { text: 'I cannot.' }], { wire: 'gemini', maxIters: 2 })
    expect((await run.agent.call(question)).metadata).toMatchObject({ exceededMaxIters: true })
  })
})
