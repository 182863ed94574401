// Steps one after the other: agents, functions and pipelines, stopped and failing. AgentScope: `pipeline_test`.
import { describe, expect, expectTypeOf, test } from 'vitest'
import { AbortedError, InputError } from '../../src/core/error.ts'
import { Msg } from '../../src/core/message.ts'
import { FanoutPipeline, SequentialPipeline, sequentialPipeline } from '../../src/pipelines/index.ts'
import { adder, failing, noting, question, said } from './voices.ts'

const agents = ['A', 'B', 'C'].map(adder)

describe('a sequential pipeline', () => {
  test('hands to each step what the one before said, as a function', async () => {
    const answer = await sequentialPipeline(agents, question)
    expectTypeOf(answer).toEqualTypeOf<Msg>()
    expect(answer).toMatchObject({ name: 'C', content: 'GoABC' })
  })

  test('does the same as an object, again and again', async () => {
    const pipeline = new SequentialPipeline(agents)
    expect(said(await pipeline.call(question))).toBe('GoABC')
    expect(said(await pipeline.call(await pipeline.call(question)))).toBe('GoABCABC')
  })

  test('begins with nothing when it is given nothing', async () => {
    expect(said(await sequentialPipeline(agents))).toBe('ABC')
  })

  test('keeps the order of the steps, whatever it is', async () => {
    const [a, b, c] = agents as [(typeof agents)[0], (typeof agents)[0], (typeof agents)[0]]
    expect(said(await sequentialPipeline([c, a, b], question))).toBe('GoCAB')
  })

  test('takes functions, and pipelines inside pipelines', async () => {
    const shout = (x: Msg) => new Msg(x.name, `${said(x)}!`, 'user')
    const both = new FanoutPipeline([adder('X'), adder('Y')])
    const joined = (answers: readonly Msg[]) => new Msg('both', said(answers), 'user')
    const answer = await sequentialPipeline([shout, both, joined, new SequentialPipeline([adder('Z')])], question)
    expectTypeOf(answer).toEqualTypeOf<Msg>()
    expect(said(answer)).toBe('Go!XGo!YZ')
  })

  test('gives what its last step gives, a list for a fan-out', async () => {
    const answers = await sequentialPipeline([adder('A'), new FanoutPipeline([adder('X'), adder('Y')])], question)
    expectTypeOf(answers).toEqualTypeOf<[Msg, Msg]>()
    expect(answers.map(said)).toEqual(['GoAX', 'GoAY'])
  })

  test('does not change when the list it was made of does', async () => {
    const list = [adder('A')]
    const pipeline = new SequentialPipeline(list)
    list.push(adder('B'))
    expect(said(await pipeline.call(question))).toBe('GoA')
  })
})

describe('a sequential pipeline that cannot go on', () => {
  test('refuses to be empty', async () => {
    await expect(sequentialPipeline([], question)).rejects.toBeInstanceOf(InputError)
    expect(() => new SequentialPipeline([])).toThrow('at least one step')
    expect(() => new SequentialPipeline(null as never)).toThrow('at least one step')
  })

  test('names the step that is no agent and no function', async () => {
    const wrong = [adder('A'), 'B'] as unknown as [ReturnType<typeof adder>]
    await expect(sequentialPipeline(wrong, question)).rejects.toThrow('Step 2 of the sequential pipeline is a string')
  })

  test('rejects with the error of the step that failed, and runs none behind it', async () => {
    const boom = new Error('boom')
    const heard: unknown[] = []
    await expect(sequentialPipeline([adder('A'), failing('B', boom), noting(heard)], question)).rejects.toBe(boom)
    expect(heard).toEqual([])
  })

  test('stops between two steps, and hands its signal to the one that runs', async () => {
    const stop = new AbortController()
    const signals: unknown[] = []
    const first = (x: Msg, options: { signal?: AbortSignal }) => {
      signals.push(options.signal)
      stop.abort('enough')
      return x
    }
    const failure = await sequentialPipeline([first, adder('B')], question, { signal: stop.signal }).catch((e) => e)
    expect(failure).toBeInstanceOf(AbortedError)
    expect(failure.message).toContain('step 2 of 2')
    expect(failure.cause).toBe('enough')
    expect(signals).toEqual([stop.signal])
  })
})
