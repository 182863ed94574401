// The window: the newest that fit, never a call without its result.
import { describe, expect, it } from 'vitest'
import { blocksOf, type Msg } from '../../src/core/message.ts'
import { groupsOf } from '../../src/memory/groups.ts'
import { TemporaryMemory, type TemporaryMemoryOptions, type TokenCounter } from '../../src/memory/index.ts'
import { calls, idsOf, mulberry32, randomConversation, results, said } from './conversations.ts'

/** Every message weighs 10, a request nothing more. */
const tens: TokenCounter = { count: () => 10 }

function windowed(maxTokens: number, messages: readonly Msg[], options: TemporaryMemoryOptions = {}): TemporaryMemory {
  const memory = new TemporaryMemory({ counter: tens, window: { maxTokens }, ...options })
  memory.add(messages)
  return memory
}

describe('what belongs together', () => {
  it.each<[string, Msg[], string[][]]>([
    ['a call and its result', [said('a'), calls('b', '1'), results('c', '1'), said('d')], [['a'], ['b', 'c'], ['d']]],
    ['what was said between them', [calls('a', '1'), said('b'), results('c', '1')], [['a', 'b', 'c']]],
    [
      'results that come one by one',
      [calls('a', '1', '2'), results('b', '1'), said('c'), results('d', '2')],
      [['a', 'b', 'c', 'd']],
    ],
    [
      'calls that overlap',
      [calls('a', '1'), calls('b', '2'), results('c', '1'), results('d', '2')],
      [['a', 'b', 'c', 'd']],
    ],
    [
      'a result and the latest call of its id',
      [calls('a', '1'), results('b', '1'), calls('c', '1'), results('d', '1')],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['nothing with an open call', [calls('a', '1'), said('b')], [['a'], ['b']]],
    ['nothing with a result of nobody', [results('a', '1'), said('b')], [['a'], ['b']]],
  ])('is %s', (_, messages, groups) => {
    expect(groupsOf(messages).map((group) => idsOf(group.messages))).toEqual(groups)
  })
})

describe('a window', () => {
  it('gives everything when everything fits, as a list of its own', async () => {
    const memory = windowed(20, [said('a'), said('b')])
    const given = await memory.recall()
    expect(idsOf(given)).toEqual(['a', 'b'])
    given.pop()
    expect(memory.size).toBe(2)
  })

  it('gives the newest that fit and a leading system message, and forgets nothing', async () => {
    const memory = windowed(30, [said('sys', 'Be kind.', 'system'), said('a'), said('b'), said('c')])
    expect(idsOf(await memory.recall())).toEqual(['sys', 'b', 'c'])
    expect(memory.size).toBe(4)
  })

  it('leaves out a call whose result does not fit with it', async () => {
    const memory = windowed(30, [said('a'), calls('b', '1'), said('c'), results('d', '1'), said('e')])
    expect(idsOf(await memory.recall())).toEqual(['e'])
  })

  it('leaves no gap: nothing older comes in because it is small', async () => {
    const memory = windowed(20, [said('a'), calls('b', '1'), results('c', '1'), said('d')])
    expect(idsOf(await memory.recall())).toEqual(['d'])
  })

  it('never begins with a result, also when somebody deleted the call', async () => {
    const memory = windowed(99, [calls('a', '1'), results('b', '1'), said('c')])
    memory.delete('a')
    expect(idsOf(await memory.recall())).toEqual(['c'])
  })

  it('gives the newest, whole, even when it does not fit, and says so', async () => {
    const memory = windowed(5, [said('a'), calls('b', '1'), results('c', '1')])
    const told: unknown[] = []
    const given = await memory.recall({ notice: (...news) => void told.push(news) })
    expect(idsOf(given)).toEqual(['b', 'c'])
    expect(told).toEqual([[expect.stringContaining('20 tokens'), { tokens: 20, maxTokens: 5, messages: 2 }]])
  })

  it('gives what is to be kept, however old, with all that belongs to it', async () => {
    const keep = ({ id }: Msg) => id === 'b'
    const memory = windowed(30, [said('a'), calls('b', '1'), results('c', '1'), said('d'), said('e')], { keep })
    expect(idsOf(await memory.recall())).toEqual(['b', 'c', 'e'])
  })

  it('counts a message once, whatever the number of calls', async () => {
    let counted = 0
    const counter: TokenCounter = { count: () => (counted += 1) }
    const memory = new TemporaryMemory({ counter, window: { maxTokens: 1_000_000 } })
    for (let turn = 0; turn < 200; turn += 1) {
      memory.add(said(`m${turn}`))
      await memory.recall()
    }
    expect(counted).toBe(200)
  })

  it('is everything, without options', async () => {
    const memory = new TemporaryMemory()
    memory.add([results('a', '1'), said('b')])
    expect(await memory.recall()).toEqual(memory.get())
  })

  it.each([
    [{ window: { maxTokens: 0 } }, /window.maxTokens must be a whole number of 1 or more, but is the number 0/],
    [{ window: { maxToken: 5 } }, /Did you mean "maxTokens"/],
    [{ windows: {} }, /Did you mean "window"/],
    [{ compression: { triggerTokens: 9 } }, /compression.model must be a model wrapper, but is nothing/],
    [{ compression: { model: { call() {} } } }, /compression needs triggerTokens/],
  ])('refuses the options %j', (options, words) => {
    expect(() => new TemporaryMemory(options as never)).toThrow(words)
  })
})

describe('a window over any conversation', () => {
  const firstSeed = Number(process.env['MEMORY_SEED'] ?? 7_000)
  const seeds = Array.from({ length: 300 }, (_, index) => firstSeed + index)

  it('separates no call from its result, keeps the newest, and fits', async () => {
    for (const seed of seeds) {
      const random = mulberry32(seed)
      const messages = randomConversation(random)
      const maxTokens = 1 + Math.floor(random() * 200)
      const given = await windowed(maxTokens, messages).recall()
      const wrong = faultIn(messages, given, maxTokens)
      if (wrong !== undefined) expect.fail(`MEMORY_SEED=${seed}: ${wrong}`)
    }
    expect(seeds).toHaveLength(300)
  })
})

/** What a window got wrong, found without looking at groups. */
function faultIn(messages: readonly Msg[], given: readonly Msg[], maxTokens: number): string | undefined {
  const inside = new Set(given)
  if (given.some((message, at) => messages.indexOf(message) < messages.indexOf(given[at - 1]!))) return 'out of order'
  const answered = new Map<Msg, Msg>()
  const latest = new Map<string, Msg>()
  for (const message of messages) {
    for (const block of blocksOf(message)) {
      if (block.type === 'tool_use') latest.set(block.id, message)
      const call = block.type === 'tool_result' ? latest.get(block.id) : undefined
      if (call !== undefined) answered.set(message, call)
      if (call !== undefined && inside.has(message) !== inside.has(call)) return `${message.id} without ${call.id}`
    }
  }
  const isResult = (message: Msg) => blocksOf(message).some(({ type }) => type === 'tool_result')
  const newest = messages.findLast((message) => answered.has(message) || !isResult(message))
  if (newest !== undefined && !inside.has(newest)) return 'the newest is missing'
  const [first] = given.filter(({ id }) => id !== 'sys')
  if (first !== undefined && isResult(first)) return 'it begins with a result'
  const forced = groupsOf(given).at(-1)?.messages.length ?? 0
  return given.length * 10 > Math.max(maxTokens, (forced + 1) * 10) ? 'too much' : undefined
}
