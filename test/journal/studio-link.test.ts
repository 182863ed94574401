// The link between a scope and a Studio, in this process and over a socket: records out, answers and commands in.
import { describe, expect, test } from 'vitest'
import type { InputRequest, StreamEvent } from '../../src/core/event.ts'
import { nameRun } from '../../src/core/run-name.ts'
import type { JournalEntry, StudioCommand } from '../../src/journal/journal.ts'
import { memoryJournals } from '../../src/journal/memory.ts'
import { type StudioInProcess, type StudioLink, studioLink } from '../../src/journal/studio-link.ts'
import { assembleScope } from '../../src/scope.ts'
import { ingestServer } from '../suites/ingest-server.ts'
import { next } from '../suites/journal.ts'

const ada = { name: 'Ada', id: 'a' }
const question: InputRequest = { type: 'input-request', id: 'q', name: 'Ada', text: 'Which hotel?' }

/** What people at a Studio want, handed over by the test. */
function desk() {
  const queue: StudioCommand[] = []
  let wake: () => void = () => undefined
  return {
    tell: (command: StudioCommand) => {
      queue.push(command)
      wake()
    },
    async *commands(_run: string, signal: AbortSignal): AsyncGenerator<StudioCommand> {
      signal.addEventListener('abort', () => wake())
      while (!signal.aborted) {
        const command = queue.shift()
        if (command !== undefined) yield command
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

interface Linked extends AsyncDisposable {
  link: StudioLink
  tell(command: StudioCommand): void
  entries(count: number): Promise<JournalEntry[]>
}

async function linked(how: 'in process' | 'over a socket'): Promise<Linked> {
  const journals = memoryJournals()
  const { tell, commands } = desk()
  const run = nameRun('novels', 'dune')
  const server = how === 'over a socket' ? await ingestServer(journals, { commands }) : undefined
  const inProcess: StudioInProcess = { journals, answers: { commands } }
  const link = studioLink(server?.url ?? inProcess, { run, connectMs: 5000, closeMs: 5000 })
  const reader = journals.open(run.runId).read()[Symbol.asyncIterator]()
  return {
    link,
    tell,
    entries: (count) => next(reader, count),
    [Symbol.asyncDispose]: async () => {
      await link.close()
      await server?.[Symbol.asyncDispose]()
    },
  }
}

describe.each(['in process', 'over a socket'] as const)('a scope linked to a Studio %s', (how) => {
  test('tells what the run is, what is said, and how it ended', async () => {
    await using studio = await linked(how)
    const scope = assembleScope({ sinks: [studio.link.sink] })
    const event: StreamEvent = { type: 'text-delta', id: 'm', index: 0, delta: 'Hi' }
    await scope.publish(ada, event)
    await scope.close()
    const [begun, said, ended] = (await studio.entries(3)).map(({ record }) => record)
    const facts = { project: 'novels', name: 'dune', status: 'running', pid: process.pid }
    expect(begun).toMatchObject({ type: 'run', run: { ...facts, program: expect.stringMatching(/^agentscope-ts \d/) } })
    expect(said).toMatchObject({ type: 'event', speaker: ada, event })
    expect(ended).toMatchObject({ type: 'run', run: { status: 'done', endedAt: expect.stringMatching(/Z$/) } })
  })

  test('is answered from there, with words or with a value, also before the question is asked', async () => {
    await using studio = await linked(how)
    const scope = assembleScope({ sinks: [studio.link.sink], inputs: [studio.link.input] })
    const answer = scope.ask(ada, question)
    await studio.entries(2)
    studio.tell({ type: 'answer', requestId: 'another', answer: { content: 'not for this one' } })
    studio.tell({ type: 'answer', requestId: 'q', answer: { content: 'The small one.' } })
    expect(await answer).toEqual({ content: 'The small one.', by: 'Studio' })
    studio.tell({ type: 'answer', requestId: 'form', answer: { value: { days: 2 } } })
    const value = { days: 2 }
    const form = { content: '{"days":2}', value, by: 'Studio' }
    expect(await scope.ask(ada, { ...question, id: 'form' })).toEqual(form)
  })

  test('calls a question off when somebody else was first', async () => {
    await using studio = await linked(how)
    const terminal = { ask: async () => 'From the terminal.' }
    const scope = assembleScope({ sinks: [studio.link.sink], inputs: [studio.link.input, terminal] })
    expect(await scope.ask(ada, question)).toEqual({ content: 'From the terminal.' })
    const told = (await studio.entries(3)).map(({ record }) => record)
    expect(told[2]).toMatchObject({ event: { type: 'input-answer', id: 'q', content: 'From the terminal.' } })
  })

  test('tells that a question was called off, so that nobody is asked for ever', async () => {
    await using studio = await linked(how)
    const scope = assembleScope({ sinks: [studio.link.sink], inputs: [studio.link.input] })
    await expect(scope.ask(ada, question, AbortSignal.timeout(20))).rejects.toThrow('called off')
    const told = (await studio.entries(3)).map(({ record }) => record)
    expect(told[2]).toMatchObject({ event: { type: 'input-answer', id: 'q', content: '', by: 'default' } })
  })

  test.each([
    ['stopped', undefined],
    ['done', { type: 'message-start', id: 'm', role: 'assistant', name: 'Ada' } as const],
  ])('that was stopped ends as %s, when what was said afterwards is %j', async (status, event) => {
    await using studio = await linked(how)
    const scope = assembleScope({ sinks: [studio.link.sink] })
    const stopped = Promise.withResolvers<void>()
    scope.began({ id: 'r', speaker: ada, stop: () => stopped.resolve(), steer: () => undefined })
    studio.link.obey(scope)
    studio.tell({ type: 'stop' })
    await stopped.promise
    if (event !== undefined) await scope.publish(ada, event)
    await scope.close()
    const told = await studio.entries(event === undefined ? 2 : 3)
    expect(told.at(-1)?.record).toMatchObject({ type: 'run', run: { status } })
  })

  test('is stopped and steered from there, also by what came before there was a scope', async () => {
    await using studio = await linked(how)
    const heard: unknown[] = []
    const scope = assembleScope({ sinks: [studio.link.sink] })
    const more = Promise.withResolvers<void>()
    scope.began({
      id: 'r',
      speaker: ada,
      stop: (reason) => {
        heard.push(reason)
        more.resolve()
      },
      steer: (...words) => heard.push(words),
    })
    studio.tell({ type: 'steer', agentId: 'a', text: 'Shorter.', when: 'now' })
    studio.link.obey(scope)
    studio.tell({ type: 'steer', agentId: 'b', text: 'Not for Ada.' })
    studio.tell({ type: 'stop', replyId: 'another' })
    studio.tell({ type: 'stop', replyId: 'r' })
    await more.promise
    expect(heard).toEqual([['Shorter.', 'now'], 'stopped in Studio'])
    const [, unheard] = await studio.entries(2)
    expect(unheard?.record).toMatchObject({
      speaker: { id: 'b' },
      event: { type: 'notice', id: '', kind: 'skipped', text: expect.stringMatching(/^Not heard: .*Not for Ada\.$/) },
    })
  })
})
