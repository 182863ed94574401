// Tools that are stopped: by whoever stops the reply, or by their own time limit; and tools that do not heed it.
import { describe, expect, it } from 'vitest'
import { type ToolOptions, tool } from '../../src/tools/index.ts'
import { gate } from '../suites/gate.ts'
import { expectNoLostRejections } from '../suites/rejections.ts'
import { callOf, run, runOne } from './running.ts'

expectNoLostRejections()

const interruptedRun =
  'The tool work was interrupted before it was known to be done. It may have done its work, or a part of it.'
const overtime = 'The tool work was stopped after 20 ms, its time limit. It may have done a part of its work.'

function working(run: ToolOptions['run'], more: Partial<ToolOptions> = {}) {
  return tool({ name: 'work', description: 'Works', run, ...more })
}

/** Resolves when the signal fires. */
function fired(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

describe('a reply that is stopped', () => {
  it('tells running tools by their signal, and answers every call that has no result', async () => {
    const stop = new AbortController()
    const reasons: unknown[] = []
    const tools = [
      tool({ name: 'quick', description: 'Quick', run: () => 'there' }),
      working(async (_input, { signal }) => {
        stop.abort('enough')
        reasons.push(signal.reason)
        signal.throwIfAborted()
      }),
    ]
    const calls = [callOf('quick'), callOf('work'), callOf('quick', {}, 'third'), callOf('nobody')]
    const { results, events } = await run(calls, tools, { signal: stop.signal })
    const notRun = (name: string) => `The call of ${name} was interrupted before the tool was run.`
    expect(results.map(({ output }) => output)).toEqual(['there', interruptedRun, notRun('quick'), notRun('nobody')])
    expect(results.map(({ metadata }) => metadata?.['state'])).toEqual([undefined, ...Array(3).fill('interrupted')])
    expect(results.slice(1).every(({ isError }) => isError === true)).toBe(true)
    expect(reasons).toEqual(['enough'])
    expect(events.at(-1)).toMatchObject({ ending: { reason: 'aborted', complete: false } })
  })

  it('runs nothing when it was stopped before', async () => {
    const ran: string[] = []
    const { result } = await runOne(callOf('work'), [working(() => void ran.push('ran'))], {
      signal: AbortSignal.abort(),
    })
    expect(ran).toEqual([])
    expect(result).toMatchObject({ isError: true, metadata: { state: 'interrupted' } })
  })

  it('does not wait for a tool that does not heed its signal, and hears nothing more of it', async () => {
    const stop = new AbortController()
    const later = gate()
    const deaf = working(async (_input, { progress }) => {
      stop.abort()
      await later.opened
      progress('still here')
      throw new Error('nobody hears this')
    })
    const startedAt = performance.now()
    const { result, events } = await runOne(callOf('work'), [deaf], { signal: stop.signal })
    expect(performance.now() - startedAt).toBeLessThan(500)
    expect(result.output).toBe(interruptedRun)
    later.open()
    await new Promise(setImmediate)
    expect(events.at(-1)?.type).toBe('message-end')
  })

  it('keeps what a generator said, and has it finish', async () => {
    const stop = new AbortController()
    const cleaned = gate()
    const stuck = gate()
    const deaf = working(async function* () {
      try {
        yield 'so far'
        stop.abort()
        await stuck.opened
        yield 'never heard'
      } finally {
        cleaned.open()
      }
    })
    const { result } = await runOne(callOf('work'), [deaf], { signal: stop.signal })
    expect(result.output).toBe(`so far\n${interruptedRun}`)
    stuck.open()
    await cleaned.opened
  })

  it('leaves a generator that goes on and on', async () => {
    const stop = new AbortController()
    const left = gate()
    const endless = working(async function* () {
      try {
        for (let count = 0; ; count += 1) {
          if (count === 3) stop.abort()
          await new Promise(setImmediate)
          yield '.'
        }
      } finally {
        left.open()
      }
    })
    const { result, events } = await runOne(callOf('work'), [endless], { signal: stop.signal })
    await left.opened
    expect(result.output).toMatch(/^\.{3,}\nThe tool work was interrupted/)
    expect(events.at(-1)?.type).toBe('message-end')
  })

  it('asks an iterator that cannot be told to finish for nothing more', async () => {
    const stop = new AbortController()
    const slow = gate()
    let asked = 0
    const endless = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          asked += 1
          stop.abort()
          await slow.opened
          return { done: false, value: '.' }
        },
      }),
    }
    await runOne(callOf('work'), [working(() => endless)], { signal: stop.signal })
    slow.open()
    await new Promise(setImmediate)
    expect(asked).toBe(1)
  })

  it('does not begin a stream that comes too late', async () => {
    const stop = new AbortController()
    const late = gate()
    const asked: string[] = []
    const pieces = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: asked.push('next') > 3, value: '.' }),
        return: async () => ({ done: asked.push('return') > 0, value: undefined }),
      }),
    }
    const deaf = working(async () => {
      stop.abort()
      await late.opened
      return pieces
    })
    await runOne(callOf('work'), [deaf], { signal: stop.signal })
    late.open()
    await new Promise(setImmediate)
    expect(asked).toEqual(['return'])
  })

  it('keeps what a tool still gives in time, and does not call it done', async () => {
    const stop = new AbortController()
    const polite = working(async (_input, { signal }) => {
      queueMicrotask(() => stop.abort())
      await fired(signal)
      return 'three of five'
    })
    const { result } = await runOne(callOf('work'), [polite], { signal: stop.signal })
    expect(result).toMatchObject({ isError: true, output: `three of five\n${interruptedRun}` })
  })

  it('does not run a tool whose arguments were still being checked', async () => {
    const stop = new AbortController()
    const checked = gate()
    const ran: string[] = []
    const slow = { ...working(() => void ran.push('ran')) }
    const check: typeof slow.check = async (value) => {
      stop.abort()
      await checked.opened
      return { ok: true, value }
    }
    const { result } = await runOne(callOf('work'), [{ ...slow, check }], { signal: stop.signal })
    checked.open()
    await new Promise(setImmediate)
    expect(ran).toEqual([])
    expect(result.output).toBe('The call of work was interrupted before the tool was run.')
  })
})

describe("a tool's time limit", () => {
  it('fires its signal and is named in the result', async () => {
    let reason: unknown
    const slow = working(
      async (_input, { signal }) => {
        await fired(signal)
        reason = signal.reason
        throw reason
      },
      { timeoutMs: 20 },
    )
    const { result, events } = await runOne(callOf('work'), [slow])
    expect(result).toMatchObject({ isError: true, output: overtime, metadata: { state: 'timed-out' } })
    expect(reason).toMatchObject({ name: 'TimeoutError' })
    expect(events.at(-1)).toMatchObject({ ending: { reason: 'stop', complete: true } })
  })

  it('holds for a tool that does not heed its signal', async () => {
    const deaf = working(() => new Promise(() => {}), { timeoutMs: 20 })
    const { result } = await runOne(callOf('work'), [deaf])
    expect(result.output).toBe(overtime)
  })

  it('does not stop the calls after it', async () => {
    const deaf = working(() => new Promise(() => {}), { timeoutMs: 20 })
    const quick = tool({ name: 'quick', description: 'Quick', timeoutMs: 1000, run: () => 'there' })
    const { results } = await run([callOf('work'), callOf('quick')], [deaf, quick])
    expect(results[1]).toMatchObject({ output: 'there' })
  })

  it.each([0, -1, Number.NaN, 2 ** 31, '20'])('cannot be %s', (timeoutMs) => {
    expect(() => working(() => 1, { timeoutMs: timeoutMs as number })).toThrow(
      expect.objectContaining({ type: 'config', message: expect.stringContaining('timeoutMs') }),
    )
  })
})
