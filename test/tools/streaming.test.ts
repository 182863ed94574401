// Tools that speak while they work: pieces of output, news of how far they are, and several at the same time.
import { describe, expect, it } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { type ToolOptions, tool } from '../../src/tools/index.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { callOf, run, runOne } from './running.ts'

expectNoLostRejections()

const image = { type: 'image' as const, url: 'https://example.org/a.png' }

function streaming(pieces: () => AsyncGenerator<unknown>, more: Partial<ToolOptions> = {}) {
  return tool({ name: 'tell', description: 'Tells', run: pieces, ...more })
}

describe('a tool that streams its output', () => {
  it('is heard piece by piece, as each comes', async () => {
    const second = gate()
    const tell = streaming(async function* () {
      yield 'one '
      await second.opened
      yield 'two'
    })
    const hear = (event: StreamEvent) => {
      if (event.type === 'tool-result-delta') second.open()
    }
    const { result, events } = await runOne(callOf('tell'), [tell], { hear })
    expect(deltasOf(events)).toEqual(['one ', 'two'])
    expect(result.output).toBe('one two')
  })

  it('puts text together and keeps blocks in their place', async () => {
    const tell = streaming(async function* () {
      yield 'Before '
      yield 'it. '
      yield image
      yield ''
      yield { type: 'text', text: 'A caption.' }
      yield 'After it.'
      yield { rows: 2 }
    })
    const { result } = await runOne(callOf('tell'), [tell])
    expect(result.output).toEqual([
      { type: 'text', text: 'Before it. ' },
      image,
      { type: 'text', text: 'A caption.' },
      { type: 'text', text: 'After it.{"rows":2}' },
    ])
  })

  it('never shows half a character', async () => {
    const tell = streaming(async function* () {
      yield 'a\ud83d'
      yield '\ude00b\ud83d'
      yield 'c'
    })
    const { result, events } = await runOne(callOf('tell'), [tell])
    expect(result.output).toBe('a\u{1f600}b\ufffdc')
    expect(deltasOf(events)).toEqual(['a', '\u{1f600}b', '\ufffdc'])
  })

  it('is done when it gave nothing', async () => {
    const { result } = await runOne(callOf('tell'), [streaming(async function* () {})])
    expect(result.output).toBe('done')
  })

  it('may be a plain generator, or a stream of bytes', async () => {
    const plain = tool({
      name: 'tell',
      description: 'Tells',
      run: function* () {
        yield 'one '
        yield 'two'
      },
    })
    expect((await runOne(callOf('tell'), [plain])).result.output).toBe('one two')
    const bytes = new TextEncoder().encode('caf\u00e9')
    const read = streaming(async function* () {
      yield bytes.slice(0, 4)
      yield bytes.slice(4)
    })
    expect((await runOne(callOf('tell'), [read])).result.output).toBe('caf\u00e9')
  })

  it('is left, and finishes, when a piece of it cannot be read', async () => {
    const finished = gate()
    const tell = streaming(async function* () {
      try {
        yield 'good'
        yield { n: 1n }
        yield 'unheard'
      } finally {
        finished.open()
      }
    })
    const { result } = await runOne(callOf('tell'), [tell])
    await finished.opened
    expect(result.output).toMatch(/^good\nThe tool tell failed: what it returned cannot be written as JSON/)
  })

  it('keeps what it said before it threw', async () => {
    const tell = streaming(async function* () {
      yield 'half of it'
      throw new Error('the rest is lost')
    })
    const { result } = await runOne(callOf('tell'), [tell])
    expect(result).toMatchObject({ isError: true, output: 'half of it\nThe tool tell failed: the rest is lost' })
  })
})

describe('news of how far a tool is', () => {
  it('is heard by everybody and is no part of the result', async () => {
    const copy = tool({
      name: 'copy',
      description: 'Copies',
      run: (_input, { progress }) => {
        progress('half way', { done: 5, of: 10, callId: 'mine', when: new Date(0), skip: undefined })
        return 'copied'
      },
    })
    const { result, events } = await runOne(callOf('copy'), [copy])
    const details = { done: 5, of: 10, when: '1970-01-01T00:00:00.000Z', callId: 'call-copy', tool: 'copy' }
    expect(events[2]).toEqual({ type: 'notice', id: 'results', kind: 'progress', text: 'half way', details })
    expect(result.output).toBe('copied')
  })

  it('is only the latest when listeners are slow', async () => {
    const slow = gate()
    const copy = tool({
      name: 'copy',
      description: 'Copies',
      run: (_input, { progress }) => {
        for (let done = 1; done <= 1000; done += 1) progress(`${done}`)
        slow.open()
      },
    })
    const hear = (event: StreamEvent) => (event.type === 'block-start' ? slow.opened : undefined)
    const { events } = await runOne(callOf('copy'), [copy], { hear })
    expect(events.flatMap((event) => (event.type === 'notice' ? [event.text] : []))).toEqual(['1000'])
  })

  it('is not heard after the tool is done', async () => {
    const late: ((text: string) => void)[] = []
    const copy = tool({ name: 'copy', description: 'Copies', run: (_input, { progress }) => void late.push(progress) })
    const { events } = await runOne(callOf('copy'), [copy])
    late[0]?.('too late')
    expect(events.filter(({ type }) => type === 'notice')).toEqual([])
  })
})

describe('calls of one turn', () => {
  it('run at the same time when their tools say so, and are answered in order', async () => {
    const both = gate()
    const meet = tool({
      name: 'meet',
      description: 'Meets',
      concurrent: true,
      input: { type: 'object' },
      run: async function* (input) {
        const { first } = input as { first: boolean }
        if (first) await both.opened
        yield first ? 'first' : 'second'
        both.open()
      },
    })
    const { results, events } = await run(
      [callOf('meet', { first: true }, 'a'), callOf('meet', { first: false }, 'b')],
      [meet],
    )
    expect(results.map(({ output }) => output)).toEqual(['first', 'second'])
    expect(deltasOf(events)).toEqual(['second', 'first'])
    expect(events.slice(1, 3).map(({ type }) => type)).toEqual(['block-start', 'block-start'])
  })

  it('run alone and in order when one of their tools does not say so', async () => {
    const log: string[] = []
    const step = (name: string, concurrent: boolean) =>
      tool({
        name,
        description: 'Steps',
        concurrent,
        run: async () => {
          log.push(`${name} begins`)
          await Promise.resolve()
          log.push(`${name} ends`)
        },
      })
    const tools = [step('a', true), step('alone', false), step('b', true)]
    await run([callOf('a'), callOf('alone'), callOf('b'), callOf('nobody'), callOf('a', {}, 'a2')], tools)
    const begun = ['a begins', 'a ends', 'alone begins', 'alone ends', 'b begins', 'a begins', 'b ends', 'a ends']
    expect(log).toEqual(begun)
  })

  it('are many without a warning', async () => {
    const warnings: unknown[] = []
    const note = (warning: unknown) => warnings.push(warning)
    process.on('warning', note)
    const wait = tool({ name: 'wait', description: 'Waits', concurrent: true, run: async () => 'ok' })
    const { results } = await run(
      Array.from({ length: 40 }, (_, at) => callOf('wait', {}, `c${at}`)),
      [wait],
    )
    await new Promise(setImmediate)
    process.off('warning', note)
    expect(results).toHaveLength(40)
    expect(warnings).toEqual([])
  })

  it('wait for listeners that ask for it', async () => {
    let taken = 0
    let ahead = 0
    const tell = streaming(async function* () {
      for (let piece = 1; piece <= 20; piece += 1) {
        yield `${piece} `
        ahead = Math.max(ahead, piece - taken)
      }
    })
    const hear = async (event: StreamEvent) => {
      await new Promise(setImmediate)
      if (event.type === 'tool-result-delta') taken += 1
    }
    await runOne(callOf('tell'), [tell], { hear })
    expect([taken, ahead]).toEqual([20, 0])
  })

  it('are given up when nobody can hear of them, and whoever listens learns why', async () => {
    const told: string[] = []
    const tell = streaming(async function* () {
      yield 'one'
      yield 'two'
    })
    const next = tool({ name: 'next', description: 'Next', run: () => void told.push('told') })
    const hear = (event: StreamEvent) => {
      if (event.type === 'tool-result-delta') throw new Error('the wall fell')
    }
    await expect(run([callOf('tell'), callOf('next')], [tell, next], { hear })).rejects.toThrow('the wall fell')
    expect(told).toEqual([])
  })
})

function deltasOf(events: readonly StreamEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'tool-result-delta' ? [event.delta] : []))
}
