// One message to many: at once or in turn, all answers in order, and what becomes of the others when one fails.
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest'
import { AbortedError, InputError, RateLimitError } from '../../src/core/error.ts'
import { Msg } from '../../src/core/message.ts'
import { FanoutPipeline, fanoutPipeline } from '../../src/pipelines/index.ts'
import { type Simulator, simulator } from '../../src/simulator/index.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { adder, failing, noting, question, said, talker } from './voices.ts'

expectNoLostRejections()

describe('a fan-out', () => {
  test('gives the answers in the order of the steps, whoever is first', async () => {
    const slow = gate()
    const first = async (x: Msg) => {
      await slow.opened
      return new Msg('slow', `${said(x)}1`, 'user')
    }
    const second = (x: Msg) => {
      slow.open()
      return new Msg('quick', `${said(x)}2`, 'user')
    }
    const answers = await fanoutPipeline([first, second, adder('C')], question)
    expectTypeOf(answers).toEqualTypeOf<[Msg, Msg, Msg]>()
    expect(answers.map(said)).toEqual(['Go1', 'Go2', 'GoC'])
  })

  test('hands the very same message to everybody, and starts all of them at once', () => {
    const heard: unknown[] = []
    const note = noting(heard)
    const answers = fanoutPipeline([note, note, note], question)
    expect(heard).toEqual([question, question, question])
    return answers
  })

  test('runs one after the other when it is told to', async () => {
    const order: string[] = []
    const step = (name: string) => async (x: Msg) => {
      order.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      order.push(`${name} ends`)
      return x
    }
    await new FanoutPipeline([step('A'), step('B')], { concurrent: false }).call(question)
    expect(order).toEqual(['A begins', 'A ends', 'B begins', 'B ends'])
  })

  test('gives an empty list for nobody, and refuses what is no step', async () => {
    expect(await fanoutPipeline([], question)).toEqual([])
    await expect(fanoutPipeline([null as never], question)).rejects.toBeInstanceOf(InputError)
  })
})

describe('a fan-out in which a step fails', () => {
  let simulated: Simulator | undefined
  afterEach(async () => simulated?.close())

  test('stops the others, whose sockets close, and rejects with the error that came first', async () => {
    const begun = [gate(), gate()]
    const waits = (at: number) => ({ text: ['Well', ' then'], end: 'silence', gate: () => begun[at]?.open() }) as const
    simulated = await simulator({
      models: {
        a: waits(0),
        b: waits(1),
        c: async () => {
          await Promise.all(begun.map(({ opened }) => opened))
          return { error: { status: 429, message: 'Too many.' } }
        },
      },
    })
    const agents = ['a', 'b', 'c'].map((name) => talker(name, simulated!))
    await expect(fanoutPipeline(agents, question)).rejects.toBeInstanceOf(RateLimitError)
    await Promise.all(simulated.requests.map(({ closed }) => closed))
    expect(simulated.requests.filter(({ aborted }) => aborted).map(({ model }) => model)).toEqual(['a', 'b'])
    expect(agents[0]?.memory?.get(1)[0]).toMatchObject({ name: 'a', ending: { reason: 'aborted' } })
  })

  test('lets everybody finish with settle, and tells the results and the errors', async () => {
    const boom = new Error('boom')
    const steps = [failing('A', boom), adder('B')] as const
    for (const concurrent of [true, false]) {
      const [a, b] = await fanoutPipeline(steps, question, { settle: true, concurrent })
      expectTypeOf(b).toEqualTypeOf<PromiseSettledResult<Msg>>()
      expect(a).toEqual({ status: 'rejected', reason: boom })
      expect(b.status === 'fulfilled' && said(b.value)).toBe('GoB')
    }
  })

  test('does not begin those behind it when they run in turn', async () => {
    const heard: unknown[] = []
    const boom = new Error('boom')
    await expect(fanoutPipeline([failing('A', boom), noting(heard)], question, { concurrent: false })).rejects.toBe(
      boom,
    )
    expect(heard).toEqual([])
  })

  test('stops with its signal, also before it began', async () => {
    simulated = await simulator({ models: { a: { text: 'x', gate: () => stop.abort(), end: 'silence' } } })
    const stop = new AbortController()
    const [agent] = [talker('a', simulated)]
    await expect(fanoutPipeline([agent, agent], question, stop)).rejects.toBeInstanceOf(AbortedError)
    await expect(fanoutPipeline([agent], question, stop)).rejects.toThrow('before the fan-out')
    expect(simulated.requests).toHaveLength(1)
  })
})
