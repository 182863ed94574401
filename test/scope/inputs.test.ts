// A question in a scope: every input is asked, the first answer wins, the others are withdrawn.
import { describe, expect, it } from 'vitest'
import { AbortedError, ConfigError, InputError } from '../../src/core/error.ts'
import type { StreamEvent } from '../../src/core/event.ts'
import { type Answer, AnsweredElsewhere, assembleScope, type Input, PersonLeft } from '../../src/scope.ts'

const speaker = { name: 'Friday', id: 'agent-1' }
const request = { type: 'input-request', id: 'q-1', name: 'User' } as const

/** An input that answers when the test says so, and keeps its signal; it does not heed it unless told to. */
class Slow implements Input {
  readonly #answer = Promise.withResolvers<Answer>()
  readonly #asked = Promise.withResolvers<void>()
  readonly asked = this.#asked.promise
  signal: AbortSignal | undefined

  ask(_: unknown, signal: AbortSignal): Promise<Answer> {
    this.signal = signal
    this.#asked.resolve()
    return this.#answer.promise
  }

  answer(content: Answer): void {
    this.#answer.resolve(content)
  }

  fail(reason: unknown): void {
    this.#answer.reject(reason)
  }
}

/** A scope of such inputs, and what is heard in it. */
function asking(inputs: readonly Input[], signal?: AbortSignal) {
  const heard: StreamEvent[] = []
  const sink = { event: (_: unknown, event: StreamEvent) => void heard.push(event) }
  return { scope: assembleScope({ inputs, signal, sinks: [sink] }), heard }
}

describe('a question', () => {
  it('goes to every input; the first answer wins and the signals of the others fire', async () => {
    const inputs = [new Slow(), new Slow(), new Slow()]
    const { scope, heard } = asking(inputs)
    const answer = scope.ask(speaker, request)
    await Promise.all(inputs.map(({ asked }) => asked))
    expect(inputs.map(({ signal }) => signal?.aborted)).toEqual([false, false, false])
    inputs[1]?.answer('yes')
    expect(await answer).toEqual({ content: 'yes' })
    expect(inputs.map(({ signal }) => signal?.aborted)).toEqual([true, true, true])
    expect(heard).toEqual([request, { type: 'input-answer', id: 'q-1', content: 'yes' }])
  })

  it('tells everybody where it was answered, and those who are called off what the answer was', async () => {
    const [terminal, page] = [new Slow(), new Slow()]
    const places = [Object.assign(terminal, { place: 'terminal' }), Object.assign(page, { place: 'Studio' })]
    const { scope, heard } = asking(places)
    const answer = scope.ask(speaker, request)
    await terminal.asked
    page.answer({ value: 2 })
    const given = { content: '2', value: 2, by: 'Studio' }
    expect(await answer).toEqual(given)
    expect(heard[1]).toEqual({ type: 'input-answer', id: 'q-1', ...given })
    expect(terminal.signal?.reason).toBeInstanceOf(AnsweredElsewhere)
    expect(terminal.signal?.reason).toMatchObject({ type: 'aborted', answer: given })
  })

  it('is over for everybody when the person has left, and not when an input has merely ended', async () => {
    const [terminal, page] = [new Slow(), new Slow()]
    const { scope } = asking([terminal, page])
    const left = scope.ask(speaker, request)
    terminal.fail(new PersonLeft('Ctrl-D', { code: 'end-of-input' }))
    await expect(left).rejects.toMatchObject({ type: 'aborted', code: 'end-of-input' })
    expect(page.signal?.aborted).toBe(true)
    const [pipe, other] = [new Slow(), new Slow()]
    const answer = asking([pipe, other]).scope.ask(speaker, request)
    pipe.fail(new AbortedError('The pipe has ended.', { code: 'end-of-input' }))
    other.answer('still here')
    expect(await answer).toEqual({ content: 'still here' })
  })

  it('ignores an answer that comes too late, and a failure that comes too late', async () => {
    const [first, late, broken] = [new Slow(), new Slow(), new Slow()]
    const { scope, heard } = asking([late, first, broken])
    const answer = scope.ask(speaker, request)
    first.answer('first')
    expect(await answer).toEqual({ content: 'first' })
    late.answer('late')
    broken.fail(new Error('too late'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard.filter((event) => event.type === 'input-answer')).toHaveLength(1)
  })

  it('is not lost to an input that fails while another still can answer', async () => {
    const slow = new Slow()
    const throws = {
      ask: () => {
        throw new Error('no terminal')
      },
    }
    const answer = asking([{ ask: () => Promise.reject(new Error('gone')) }, throws, slow]).scope.ask(speaker, request)
    slow.answer([{ type: 'text', text: 'still here' }])
    expect(await answer).toEqual({ content: [{ type: 'text', text: 'still here' }] })
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a block that is none', [{ type: 'blob' }]],
    ['words that are none', { value: 1, content: 5 }],
  ])('is not lost to an input that answers with %s', async (_, wrong) => {
    const slow = new Slow()
    const answer = asking([{ ask: async () => wrong as Answer }, slow]).scope.ask(speaker, request)
    await new Promise((resolve) => setImmediate(resolve))
    slow.answer('still here')
    expect(await answer).toEqual({ content: 'still here' })
    await expect(asking([{ ask: async () => wrong as Answer }]).scope.ask(speaker, request)).rejects.toBeInstanceOf(
      InputError,
    )
  })

  it('fails with the typed reason when every input gives up, else with the first', async () => {
    const gone = { ask: () => Promise.reject(new Error('gone')) }
    const ended = { ask: () => Promise.reject(new AbortedError('the end')) }
    await expect(asking([gone, ended]).scope.ask(speaker, request)).rejects.toThrow('the end')
    await expect(asking([gone, gone]).scope.ask(speaker, request)).rejects.toThrow('gone')
  })

  it('that nobody can answer is refused with advice', async () => {
    const { scope } = asking([])
    expect(scope.canAsk).toBe(false)
    await expect(scope.ask(speaker, request)).rejects.toBeInstanceOf(ConfigError)
  })

  it('carries the value that was answered, and reads as its JSON when no words came with it', async () => {
    const { scope } = asking([{ ask: async () => ({ value: { age: 7 } }) }])
    expect(await scope.ask(speaker, request)).toEqual({ content: '{"age":7}', value: { age: 7 } })
    const spoken = asking([{ ask: async () => ({ value: 7, content: 'seven' }) }]).scope
    expect(await spoken.ask(speaker, request)).toEqual({ content: 'seven', value: 7 })
  })
})

describe('a question with a deadline', () => {
  it('is given up then: whoever asked gets a TimeoutError, and everybody hears that nobody answered', async () => {
    const input = new Slow()
    const { scope, heard } = asking([input])
    const late = { ...request, expiresAt: new Date(Date.now() + 20).toISOString() }
    await expect(scope.ask(speaker, late)).rejects.toMatchObject({ type: 'timeout', clock: 'answer' })
    expect(input.signal?.aborted).toBe(true)
    expect(heard).toEqual([late, { type: 'input-answer', id: 'q-1', content: '', by: 'default' }])
  })

  it('that is answered in time, or called off, is not told to have expired', async () => {
    const { scope, heard } = asking([{ ask: async () => 'yes' }])
    const soon = { ...request, expiresAt: new Date(Date.now() + 60_000).toISOString() }
    expect(await scope.ask(speaker, soon)).toEqual({ content: 'yes' })
    await expect(scope.ask(speaker, soon, AbortSignal.abort())).rejects.toBeInstanceOf(AbortedError)
    expect(heard.filter(({ type }) => type === 'input-answer')).toEqual([
      { type: 'input-answer', id: 'q-1', content: 'yes' },
    ])
  })
})

describe('a question that is called off', () => {
  it("by the scope's own signal is withdrawn from every input, also from one that does not heed it", async () => {
    const stop = new AbortController()
    const inputs = [new Slow(), new Slow()]
    const { scope, heard } = asking(inputs, stop.signal)
    const answer = scope.ask(speaker, request)
    await Promise.all(inputs.map(({ asked }) => asked))
    stop.abort()
    await expect(answer).rejects.toBeInstanceOf(AbortedError)
    expect(inputs.every(({ signal }) => signal?.aborted)).toBe(true)
    inputs[0]?.answer('too late')
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard).toEqual([request])
  })

  it("by the asker's signal is withdrawn, and the next question is asked as if nothing had been", async () => {
    const stop = new AbortController()
    const deaf = new Slow()
    const waiting = [deaf, { ask: async () => 'now' }]
    const { scope } = asking([{ ask: (_, signal) => waiting.shift()?.ask(_, signal) ?? Promise.reject() }])
    const answer = scope.ask(speaker, request, stop.signal)
    await deaf.asked
    stop.abort()
    await expect(answer).rejects.toBeInstanceOf(AbortedError)
    expect(await scope.ask(speaker, { ...request, id: 'q-2' })).toEqual({ content: 'now' })
  })

  it('before it was asked reaches no input', async () => {
    const input = new Slow()
    const { scope } = asking([input], AbortSignal.abort())
    await expect(scope.ask(speaker, request)).rejects.toBeInstanceOf(AbortedError)
    expect(input.signal).toBeUndefined()
  })
})
