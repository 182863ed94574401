import { describe, expect, test } from 'vitest'
import type { MessageHead, RunHead } from '../../../src/studio/protocol/frames.ts'
import type { RunMessage } from '../../../src/studio/protocol/model.ts'
import { costsByRun } from '../../../src/studio/web/pages/run-costs.ts'
import { usageBy } from '../../../src/studio/web/pages/run-figures.ts'
import { outOfReach } from '../../../src/studio/web/pages/run-reach.ts'
import { hearersOf } from '../../../src/studio/web/pages/steer-hearers.ts'

function message(id: string, agent: string, head: MessageHead = {}): RunMessage {
  return {
    id,
    head: { agent, agentId: `id-${agent}`, role: 'assistant', status: 'done', ...head },
    parts: [],
    notices: [],
  }
}

describe('whom a person may speak to', () => {
  test('is first whoever speaks now, then who spoke last, each once, and no person', () => {
    const messages = [
      message('1', 'Ada', { status: 'open' }),
      message('2', 'Bob'),
      message('3', 'User', { role: 'user' }),
      message('4', 'Cleo'),
      message('5', 'Bob'),
    ]
    expect(hearersOf(messages).map(({ name }) => name)).toEqual(['Ada', 'Bob', 'Cleo'])
  })
})

describe('the program of a run', () => {
  test('is out of reach when the run has ended or is lost, and when it is of Python AgentScope', () => {
    expect(outOfReach({ status: 'running', program: 'agentscope-ts 0.1.0' })).toBeUndefined()
    expect(outOfReach({ status: 'waiting' })).toBeUndefined()
    for (const status of ['done', 'failed', 'stopped'] as const) expect(outOfReach({ status })).toBe('over')
    expect(outOfReach({ status: 'lost', program: 'agentscope-python' })).toBe('lost')
    expect(outOfReach({ status: 'running', program: 'agentscope-python' })).toBe('python')
    expect(outOfReach({})).toBe('unknown')
  })
})

describe('what a run has used', () => {
  const usage = { inputTokens: 1_000_000, outputTokens: 100_000, cachedInputTokens: 500_000 }
  const prices = { known: { input: 2, cachedInput: 1, output: 10 } }
  const rows = (...models: string[]) =>
    usageBy(
      models.map((model, at) => message(`${at}`, 'Ada', { model, usage })),
      'agent',
      prices,
    )

  test('costs what its models cost, with what came from a cache', () => {
    expect(rows('known', 'known')).toMatchObject([{ calls: 2, input: 2_000_000, cached: 1_000_000, cost: 5 }])
  })

  test('costs nobody knows how much when one of its calls has no price', () => {
    expect(rows('known', 'unknown')[0]?.cost).toBeUndefined()
  })
})

describe('what the runs of a list have cost', () => {
  const run = (id: string, at: number) => ({ id, startedAt: new Date(at).toISOString() }) as RunHead
  const call = (runId: string, at: number, model: string) =>
    ({ kind: 'model', runId, at, model, inputTokens: 1_000_000, outputTokens: 0 }) as const
  const prices = { known: { input: 2, output: 10 } }
  const series = [call('a', 2000, 'known'), call('b', 3000, 'other'), call('a', 4000, 'known')]

  test('is the sum of their calls, and unknown for a call without a price and a run without calls', () => {
    const costs = costsByRun([run('a', 1000), run('b', 1000), run('c', 1000)], { series, total: 3 }, 0, prices)
    expect([...costs]).toEqual([['a', 4]])
  })

  test('is unknown for a run that began before the calls that were told', () => {
    const costs = costsByRun([run('a', 1000)], { series, total: 50_000 }, 0, prices)
    expect(costs.size).toBe(0)
  })
})
