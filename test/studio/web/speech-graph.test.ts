// The graph of a run and the speeds of its streams, from messages as the model of a run holds them.
import { describe, expect, test } from 'vitest'
import type { RunMessage, RunPart } from '../../../src/studio/protocol/model.ts'
import { agentsIn, speechGraph } from '../../../src/studio/web/pages/speech-graph.ts'
import { aboutTokens, StreamRates } from '../../../src/studio/web/pages/stream-rates.ts'

interface Words {
  role?: 'user' | 'assistant' | 'system'
  status?: 'open' | 'done'
  tool?: string
  text?: string
  kind?: RunPart['head']['kind']
}

/** Said from `at` to `until`. */
function said(agent: string, at: number, until: number, words: Words = {}): RunMessage {
  const { role = 'assistant', status = 'done', tool, text = '', kind = tool === undefined ? 'text' : 'tool_in' } = words
  const id = `${agent}-${at}`
  const head = { msg: id, kind, agent, at, ...(tool !== undefined && { tool }) }
  const part: RunPart = { id: `${id}.0`, head, text, revision: 0, closed: status === 'done', closedAt: until }
  return { id, head: { agent, role, status, at }, parts: [part], notices: [] }
}

const linksOf = (messages: RunMessage[]) =>
  speechGraph(messages).links.map(({ from, to, count }) => `${from} > ${to} ${count}`)

describe('the graph of a run', () => {
  test('leads from each message to who spoke after it, and from callers to their tools', () => {
    const messages = [
      said('User', 0, 1, { role: 'user' }),
      said('Planner', 2, 3, { tool: 'search' }),
      said('Planner', 3, 4, { role: 'system', tool: 'search', kind: 'tool_out' }),
      said('Planner', 5, 6),
      said('Critic', 7, 8),
      said('Planner', 9, 10, { tool: 'search' }),
    ]
    expect(linksOf(messages)).toEqual([
      'user User > assistant Planner 1',
      'assistant Planner > tool search 2',
      'assistant Planner > assistant Critic 1',
      'assistant Critic > assistant Planner 1',
    ])
    expect(agentsIn(messages)).toBe(2)
  })

  test('does not say that agents which speak at once answer each other', () => {
    const messages = [
      said('User', 0, 1, { role: 'user' }),
      said('A', 2, 9),
      said('B', 3, 8, { status: 'open' }),
      said('C', 4, 10),
    ]
    const all = ['A', 'B', 'C'].map((name) => `user User > assistant ${name} 1`)
    expect(linksOf(messages)).toEqual(all)
  })

  test('holds at most twenty names, speakers before tools, and says how many it leaves out', () => {
    const messages = Array.from({ length: 24 }, (_, index) => said(`Agent ${index}`, index, index, { tool: 'look' }))
    const graph = speechGraph(messages)
    expect(graph.nodes).toHaveLength(20)
    expect(graph.nodes.every(({ kind }) => kind === 'agent')).toBe(true)
    expect(graph.hidden).toBe(5)
    expect(graph.links.every(({ kind }) => kind === 'answer')).toBe(true)
  })
})

describe('the speed of a stream', () => {
  test('is what has come between two readings, by the time between them', () => {
    const rates = new StreamRates()
    const stream = said('A', 0, 0, { status: 'open', text: 'x'.repeat(400) })
    rates.read([stream], 1000)
    expect(rates.of(stream.id)).toEqual([])
    for (const part of stream.parts) part.text += 'y'.repeat(80)
    rates.read([stream], 3000)
    expect(rates.of(stream.id)).toEqual([10])
    rates.read([], 4000)
    expect(rates.of(stream.id)).toEqual([])
  })

  test('counts signs of Chinese each, and letters by fours', () => {
    expect(aboutTokens('西湖的早晨')).toBe(5)
    expect(aboutTokens('lakeside')).toBe(2)
  })
})
