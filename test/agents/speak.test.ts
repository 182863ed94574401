// speak(): what it takes, what the listeners hear, and what it gives back.
import { describe, expect, it } from 'vitest'
import type { Speech } from '../../src/agents/index.ts'
import { InputError, WireError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { Parrot, pairs, quietScope, warningsOf } from './listening.ts'

async function* strings(...texts: string[]) {
  yield* texts
}

function* syncPairs(...texts: string[]): Generator<[boolean, string]> {
  for (const [index, text] of texts.entries()) yield [index === texts.length - 1, text]
}

const speakable: [what: string, make: () => Speech, text: string | null, deltas: string[]][] = [
  ['an async generator of pairs', () => pairs('He', 'Hello', 'Hello!', 'Hello!'), 'Hello!', ['He', 'llo', '!']],
  ['a generator of pairs', () => syncPairs('He', 'Hello'), 'Hello', ['He', 'llo']],
  ['a list of pairs', () => [[false, 'He'] as const, [true, 'Hello'] as const], 'Hello', ['He', 'llo']],
  ['an async iterable of strings', () => strings('He', 'llo'), 'Hello', ['He', 'llo']],
  ['a string', () => 'Hello', 'Hello', ['Hello']],
  ['an empty string', () => '', null, []],
  ['an empty stream, which is one pair', () => pairs(''), null, []],
  ['a stream without a single pair', () => pairs(), null, []],
]

describe('speak', () => {
  it.each(speakable)('takes %s', async (_, make, text, deltas) => {
    const { scope, heard } = quietScope()
    const said = await new Parrot({ scope }).say(make())
    expect(textOf(said)).toBe(text)
    expect(heard.deltas()).toEqual(deltas)
    expect(said).toMatchObject({ name: 'Friday', role: 'assistant', ending: { reason: 'stop', complete: true } })
    expect(new Set(heard.events.map((event) => event.id))).toEqual(new Set([said.id]))
    expect(heard.events.map((event) => event.type)).toEqual(
      deltas.length > 0
        ? ['message-start', 'block-start', ...deltas.map(() => 'text-delta'), 'block-end', 'message-end']
        : ['message-start', 'message-end'],
    )
  })

  it('gives the same message, whether the text came in pieces or whole', async () => {
    const { scope } = quietScope()
    const agent = new Parrot({ scope })
    const [streamed, whole] = [await agent.say(pairs('Hel', 'Hello')), await agent.say('Hello')]
    expect({ ...streamed, id: '', timestamp: '' }).toEqual({ ...whole, id: '', timestamp: '' })
  })

  const [whatItTakes, howToYield] = ['It takes response.stream, response.text,', 'Yield [boolean, string] with all']
  const unspeakable: [what: string, content: unknown, named: string, advice: string][] = [
    ['a number', 42, 'a number', whatItTakes],
    ['a plain object', { text: 'Hello' }, 'an object of class Object with the keys text', whatItTakes],
    ['a promise', Promise.resolve('Hello'), 'a Promise (await it first)', whatItTakes],
    ['a list of strings', ['Hello'], 'a string', howToYield],
    ['a list of pairs in the wrong order', [['Hello', true]], 'an Array of 2', howToYield],
    ['a function', () => 'Hello', 'a function', whatItTakes],
  ]
  it.each(unspeakable)('refuses %s with an InputError that names it', async (_, content, named, advice) => {
    const { scope, heard } = quietScope()
    const failure = await new Parrot({ scope }).say(content as Speech).catch((error) => error)
    expect(failure).toBeInstanceOf(InputError)
    expect(failure.message).toContain(named)
    expect(failure.advice).toContain(advice)
    const last = heard.events.at(-1)
    expect(last === undefined || (last.type === 'message-end' && !last.ending.complete)).toBe(true)
  })

  it('says a message as it is, with its own id, name and role', async () => {
    const { scope, heard } = quietScope()
    const message = new Msg('Guest', [{ type: 'text', text: 'Hi' }], 'user')
    expect(await new Parrot({ scope }).say(message)).toBe(message)
    expect(heard.message()).toMatchObject({ id: message.id, name: 'Guest', role: 'user', content: message.content })
  })

  it('warns and shows nothing when there is nothing to say', async () => {
    const { scope, heard } = quietScope()
    const warnings = await warningsOf(() => new Parrot({ scope }).say(null))
    expect(warnings.join()).toContain('Friday was asked to speak, but was given nothing to say')
    expect(heard.events).toEqual([])
  })

  it('speaks tool calls alone when there is no text', async () => {
    const { scope } = quietScope()
    const call = { id: 'call-1', name: 'get_weather', input: { city: 'Rome' }, rawInput: '{"city":"Rome"}' }
    const said = await new Parrot({ scope }).say(null, { toolCalls: [call] })
    expect(said.content).toEqual([{ type: 'tool_use', ...call }])
    expect(said.ending).toEqual({ reason: 'tool-calls', complete: true })
  })

  it('shows the tool calls of a stream after its text, asking for them when it has ended', async () => {
    const { scope } = quietScope()
    const found: { id: string; name: string; input: unknown; rawInput: string }[] = []
    async function* stream(): AsyncGenerator<[boolean, string]> {
      yield [true, 'One moment.']
      found.push({ id: 'call-1', name: 'look', input: {}, rawInput: '{}' })
    }
    const said = await new Parrot({ scope }).say(stream(), { toolCalls: () => found })
    expect(said.content).toMatchObject([{ type: 'text' }, { type: 'tool_use', name: 'look' }])
  })
})

describe('a stream that breaks', () => {
  async function* broken(): AsyncGenerator<[boolean, string]> {
    yield [false, 'Half an']
    throw new WireError('the body ended early', { partialText: 'Half an' })
  }

  it('ends its message honestly, then throws the error, and keeps what was said', async () => {
    const { scope, heard } = quietScope()
    const agent = new Parrot({ scope })
    await expect(agent.say(broken())).rejects.toBeInstanceOf(WireError)
    const ending = { reason: 'truncated', complete: false, error: { type: 'wire', message: 'the body ended early' } }
    expect(heard.events.at(-1)).toMatchObject({ type: 'message-end', ending })
    expect(heard.message()).toMatchObject({ content: [{ type: 'text', text: 'Half an' }], ending })
    expect(agent.said).toMatchObject({ content: [{ type: 'text', text: 'Half an' }], ending })
  })

  it('throws what the source threw, whatever class that has', async () => {
    const { scope, heard } = quietScope()
    async function* failing(): AsyncGenerator<string> {
      yield 'a'
      throw new RangeError('out of words')
    }
    await expect(new Parrot({ scope }).say(failing())).rejects.toThrow(new RangeError('out of words'))
    expect(heard.events.at(-1)).toMatchObject({ ending: { reason: 'truncated', error: { message: 'out of words' } } })
  })

  it('closes the source when what it yields cannot be spoken', async () => {
    const { scope } = quietScope()
    let closed = false
    async function* wrong() {
      try {
        yield 42 as unknown as string
      } finally {
        closed = true
      }
    }
    await expect(new Parrot({ scope }).say(wrong())).rejects.toBeInstanceOf(InputError)
    expect(closed).toBe(true)
  })
})

describe('a stream of pairs that ends without its last pair', () => {
  it.each<[string, Speech]>([
    [
      'asynchronous',
      (async function* () {
        yield [false, 'He']
        yield [false, 'Hel']
      })(),
    ],
    [
      'a list',
      [
        [false, 'He'],
        [false, 'Hel'],
      ],
    ],
  ])('%s: is shown as far as it came, ends as truncated, and rejects', async (_, content) => {
    const { scope, heard } = quietScope()
    const agent = new Parrot({ scope })
    const failure = await agent.say(content).catch((error) => error)
    expect(failure).toBeInstanceOf(WireError)
    expect(failure).toMatchObject({ partialText: 'Hel', message: expect.stringContaining('without its last one') })
    const ending = { reason: 'truncated', complete: false, error: { type: 'wire', message: failure.message } }
    expect(heard.message()).toMatchObject({ content: [{ type: 'text', text: 'Hel' }], ending })
    expect(agent.said).toMatchObject({ ending })
  })

  it('and without any text is a failure, for nothing came', async () => {
    const { scope, heard } = quietScope()
    await expect(new Parrot({ scope }).say([[false, '']])).rejects.toBeInstanceOf(WireError)
    expect(heard.events.at(-1)).toMatchObject({ ending: { reason: 'error', complete: false } })
  })
})

describe('cumulative texts', () => {
  it('that do not continue the one before start the message over, so that only the last text counts', async () => {
    const { scope, heard } = quietScope()
    const said = await new Parrot({ scope }).say(pairs('abc', 'ab', 'abx', 'abxy'))
    expect(textOf(said)).toBe('abxy')
    expect(textOf(heard.message())).toBe('abxy')
    expect(heard.events.filter((event) => event.type === 'notice')).toMatchObject([{ kind: 'replaced' }])
    expect(heard.deltas()).toEqual(['abc', 'ab', 'x', 'y'])
  })

  it('may be cut inside a character without anybody hearing half of it', async () => {
    const { scope, heard } = quietScope()
    const said = await new Parrot({ scope }).say(pairs('a', 'a\ud83c', 'a\ud83c\udf0d', 'a🌍!'))
    expect(textOf(said)).toBe('a🌍!')
    expect(heard.deltas()).toEqual(['a', '🌍', '!'])
  })

  it('are not compared again and again when a pair carries its own delta', async () => {
    const { scope, heard } = quietScope()
    const withDelta = (last: boolean, text: string, delta: string) => Object.assign([last, text] as const, { delta })
    await new Parrot({ scope }).say([withDelta(false, 'He', 'He'), withDelta(true, 'Hello', 'llo')])
    expect(heard.deltas()).toEqual(['He', 'llo'])
  })
})

describe('a chunk', () => {
  it('is heard before the source is asked for the next one', async () => {
    const { scope, heard } = quietScope()
    const heardWhenAsked: string[] = []
    async function* source(): AsyncGenerator<[boolean, string]> {
      for (const text of ['a', 'ab', 'abc']) {
        heardWhenAsked.push(heard.deltas().join(''))
        yield [false, text]
      }
      heardWhenAsked.push(heard.deltas().join(''))
      yield [true, 'abc']
    }
    await new Parrot({ scope }).say(source())
    expect(heardWhenAsked).toEqual(['', 'a', 'ab', 'abc'])
  })
})
