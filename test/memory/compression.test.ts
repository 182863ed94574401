// Summaries in the place of older messages, made by a model over real loopback HTTP.
import { afterEach, describe, expect, it } from 'vitest'
import { AbortedError } from '../../src/core/error.ts'
import { Msg, textOf } from '../../src/core/message.ts'
import { type CompressionOptions, TemporaryMemory, type TokenCounter } from '../../src/memory/index.ts'
import { type Model, type Script, type Simulator, simulator } from '../../src/simulator/index.ts'
import { gate } from '../suites/gate.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'
import { calls, idsOf, results, said } from './conversations.ts'

const tens: TokenCounter = { count: () => 10 }
const short: Script = { text: 'They said hello.' }
let simulated: Simulator | undefined

afterEach(async () => {
  await simulated?.close()
  simulated = undefined
})

/** Six messages of 10 tokens and a summary from 50 tokens on, of which the last two stay. */
async function remembering(
  model: Model,
  options: Partial<CompressionOptions> = {},
  wire: Wire = 'openai',
  stream = true,
) {
  simulated = await simulator({ models: { '*': model } })
  const writer = wrapperFor(wire, { baseUrl: simulated.baseUrl(wire), stream })
  const compression = { model: writer, triggerTokens: 50, keepTokens: 20, ...options }
  const memory = new TemporaryMemory({ counter: tens, compression })
  memory.add(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => said(id)))
  const told: string[] = []
  return { memory, told, context: { notice: (text: string) => void told.push(text) } }
}

/** A message's id; a summary's is made up. */
const nameOf = ({ id, name }: Msg) => (name === 'summary' ? name : id)

describe('compression', () => {
  it.each(wires.flatMap((wire) => [true, false].map((stream) => [wire, stream] as const)))(
    'puts a summary in the place of the older messages, made by %s (stream: %s)',
    async (wire, stream) => {
      const { memory, told, context } = await remembering(short, {}, wire, stream)
      const given = await memory.recall(context)
      expect(given.map(nameOf)).toEqual(['summary', 'e', 'f'])
      expect(given[0]).toMatchObject({ role: 'user', metadata: { summaryOf: ['a', 'b', 'c', 'd'] } })
      expect(textOf(given[0]!)).toContain('They said hello.')
      expect(memory.get()).toEqual(given)
      expect(told).toEqual(['4 messages (40 tokens) were summarised in 10 tokens.'])
    },
  )

  it('shows the model everything but thoughts as text: calls, results, media', async () => {
    const { memory } = await remembering(short, { instruction: 'Be brief.' })
    const image = { type: 'image', url: 'data:image/png;base64,iVBORw0KGgo' } as const
    memory.clear()
    memory.add([
      said('q', 'What is in it?'),
      calls('b', '1'),
      results('c', '1'),
      new Msg('Ann', [image], 'user'),
      said('e'),
      said('f'),
    ])
    await memory.recall()
    const { body } = await simulated!.nextRequest()
    const sent = JSON.stringify(body)
    for (const words of [
      'Be brief.',
      'user: What is in it?',
      'calls the tool look: {}',
      'look answered: seen 1',
      '[image: image/png]',
    ])
      expect(sent).toContain(words)
    for (const words of ['Hm.', 'iVBOR', '"tools"']) expect(sent).not.toContain(words)
  })

  it('waits until it is time, and keeps the leading system message, whole calls and what is to be kept', async () => {
    simulated = await simulator({ models: { '*': short } })
    const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai') })
    const keep = ({ id }: Msg) => id === 'task'
    const memory = new TemporaryMemory({
      counter: tens,
      keep,
      compression: { model, triggerTokens: 70, keepRecent: 3 },
    })
    memory.add([said('sys', 'Be kind.', 'system'), said('a'), said('task'), said('b'), calls('c', '1'), said('d')])
    await memory.recall()
    expect(simulated.requests).toHaveLength(0)
    memory.add([results('e', '1'), said('f')])
    const given = await memory.recall()
    expect(given.map(nameOf)).toEqual(['sys', 'summary', 'task', 'f'])
    expect(given[1]!.metadata).toEqual({ summaryOf: ['a', 'b', 'c', 'd', 'e'] })
  })

  it('keeps no more of the newest than keepRecent says', async () => {
    const { memory } = await remembering(short, { keepTokens: 50, keepRecent: 1 })
    expect((await memory.recall()).map(nameOf)).toEqual(['summary', 'f'])
  })

  it('leaves the summary inside the window, however full that is', async () => {
    simulated = await simulator({ models: { '*': short } })
    const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai') })
    const memory = new TemporaryMemory({
      counter: tens,
      window: { maxTokens: 30 },
      compression: { model, triggerTokens: 100 },
    })
    memory.add(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'].map((id) => said(id)))
    expect((await memory.recall()).map(nameOf)).toEqual(['summary', 'j', 'k'])
    expect(memory.get().map(nameOf)).toEqual(['summary', 'g', 'h', 'i', 'j', 'k'])
  })

  it('summarises a summary together with what came after it', async () => {
    const { memory } = await remembering([short, { text: 'They said hello and more.' }])
    const [first] = await memory.recall()
    await simulated!.nextRequest()
    memory.add(['g', 'h', 'i'].map((id) => said(id)))
    const given = await memory.recall()
    expect(idsOf(given).slice(1)).toEqual(['h', 'i'])
    expect(given[0]!.metadata).toEqual({ summaryOf: [first!.id, 'e', 'f', 'g'] })
    const { body } = await simulated!.nextRequest()
    expect(JSON.stringify(body)).toContain('They said hello.')
  })

  it('is made in portions when the model is to be given no more at once, and nothing of it is left out', async () => {
    const { memory, told, context } = await remembering([short, { text: 'Then they counted.' }], { portionTokens: 60 })
    const digits = Array.from({ length: 40 }, (_, index) => `number ${index + 1},`).join(' ')
    memory.clear()
    memory.add([said('a', digits), said('b', 'And on.'), ...['c', 'd', 'e', 'f'].map((id) => said(id))])
    expect(textOf((await memory.recall(context))[0]!)).toContain('Then they counted.')
    const sent = simulated!.requests.map(({ body }) => JSON.stringify(body))
    expect(sent.length).toBeGreaterThan(2)
    const joined = sent
      .join('')
      .replaceAll(/<\/conversation>.*?<conversation>/g, '')
      .replaceAll('\\n', '')
    expect(joined).toContain(digits)
    expect(sent.slice(1).every((each) => each.includes('Summary of the conversation so far:'))).toBe(true)
    expect(told).toHaveLength(1)
  })

  it('is not asked for while next to nothing can be summarised', async () => {
    simulated = await simulator({ models: { '*': short } })
    const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai') })
    const counter: TokenCounter = { count: ({ id }) => (id === 'heavy' ? 200 : 4) }
    const memory = new TemporaryMemory({ counter, compression: { model, triggerTokens: 100 } })
    memory.add([said('a'), said('b'), said('heavy')])
    expect(await memory.recall()).toHaveLength(3)
    expect(simulated.requests).toHaveLength(0)
    memory.add(said('c'))
    expect((await memory.recall()).map(nameOf)).toEqual(['summary', 'c'])
  })

  it('does not summarise a lone summary again when what is new is too big by itself', async () => {
    const { memory } = await remembering(short, { triggerTokens: 15 })
    await memory.recall()
    await memory.recall()
    expect(simulated!.requests).toHaveLength(1)
  })

  it('makes one summary for all who ask at once', async () => {
    const { memory, told, context } = await remembering(short)
    const given = await Promise.all([memory.recall(context), memory.recall(context), memory.recall(context)])
    expect(simulated!.requests).toHaveLength(1)
    expect(told).toHaveLength(1)
    for (const each of given) expect(each).toEqual(memory.get())
  })

  it('keeps what is added while the summary is made', async () => {
    const held = gate()
    const { memory } = await remembering({ ...short, gate: () => held.opened })
    const recalled = memory.recall()
    await simulated!.nextRequest()
    memory.add(said('late'))
    held.open()
    expect(idsOf(await recalled).slice(1)).toEqual(['e', 'f', 'late'])
  })

  it('throws the summary away when a message of it was deleted meanwhile', async () => {
    const held = gate()
    const { memory, told, context } = await remembering({ ...short, gate: () => held.opened })
    const recalled = memory.recall(context)
    await simulated!.nextRequest()
    memory.delete('b')
    held.open()
    expect(idsOf(await recalled)).toEqual(['a', 'c', 'd', 'e', 'f'])
    expect(told).toEqual([expect.stringContaining('thrown away')])
  })
})

describe('a summary that fails', () => {
  it.each<[string, Script]>([
    ['is refused', { error: { status: 400, message: 'too long' } }],
    ['breaks off', { text: ['They', ' said'], end: 'reset' }],
    ['is cut at the limit', { text: 'They said', finish: 'length' }],
    ['is empty', { text: '' }],
  ])('because it %s changes nothing, and the window does without', async (_, script) => {
    simulated = await simulator({ models: { '*': script } })
    const model = wrapperFor('openai', { baseUrl: simulated.baseUrl('openai') })
    const memory = new TemporaryMemory({ counter: tens, window: { maxTokens: 30 }, compression: { model } })
    memory.add(['a', 'b', 'c', 'd'].map((id) => said(id)))
    const told: string[] = []
    const given = await memory.recall({ notice: (text) => void told.push(text) })
    expect(idsOf(given)).toEqual(['b', 'c', 'd'])
    expect(idsOf(memory.get())).toEqual(['a', 'b', 'c', 'd'])
    expect(told).toEqual([expect.stringMatching(/^3 messages could not be summarised, and stay as they are: ./)])
  })

  it('is not tried again at once, and then succeeds', async () => {
    const { memory, told, context } = await remembering([{ error: { status: 400, message: 'no' } }, short])
    for (let recall = 0; recall < 2; recall += 1) await memory.recall(context)
    expect(simulated!.requests).toHaveLength(1)
    expect(idsOf(await memory.recall(context)).slice(1)).toEqual(['e', 'f'])
    expect(told).toHaveLength(2)
  })

  it('because it was stopped rejects with AbortedError and changes nothing', async () => {
    const { memory, told, context } = await remembering({ ...short, gate: () => new Promise(() => {}) })
    const stop = new AbortController()
    const recalled = memory.recall({ ...context, signal: stop.signal })
    const failed = expect(recalled).rejects.toBeInstanceOf(AbortedError)
    await simulated!.nextRequest()
    stop.abort()
    await failed
    expect(memory.size).toBe(6)
    expect(told).toEqual([])
    await expect(memory.recall({ signal: stop.signal })).rejects.toBeInstanceOf(AbortedError)
  })

  it('by the stop of one who asked is made anew for the other who waits', async () => {
    const held = { ...short, gate: () => new Promise<void>(() => {}) }
    const { memory } = await remembering([held, short])
    const stop = new AbortController()
    const stopped = expect(memory.recall({ signal: stop.signal })).rejects.toBeInstanceOf(AbortedError)
    const waiting = memory.recall()
    await simulated!.nextRequest()
    stop.abort()
    await stopped
    expect(idsOf(await waiting).slice(1)).toEqual(['e', 'f'])
  })

  it('waits no longer than its own signal allows', async () => {
    const { memory } = await remembering({ ...short, gate: () => new Promise(() => {}) })
    const [first, second] = [new AbortController(), new AbortController()]
    const one = expect(memory.recall({ signal: first.signal })).rejects.toBeInstanceOf(AbortedError)
    const two = expect(memory.recall({ signal: second.signal })).rejects.toBeInstanceOf(AbortedError)
    await simulated!.nextRequest()
    second.abort()
    await two
    expect(simulated!.requests).toHaveLength(1)
    first.abort()
    await one
  })
})
