import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import { describe, expect, test } from 'vitest'
import type { JournalRecord } from '../../../src/journal/journal.ts'
import { anew, type Loopback, loopback, stockRun } from './loopback.ts'

type Forwarded = [requestId: string, blocks: unknown, structured: unknown]

/** A program as v1's client is: it registers, connects to `/python`, and confirms what it receives. */
async function program(studio: Loopback, id: string, options: { confirms?: boolean } = {}) {
  await studio.call('registerRun', { ...stockRun, id })
  const socket = connect(studio, id)
  const received: Forwarded[] = []
  socket.on('forwardUserInput', (...heard: [...Forwarded, () => void]) => {
    received.push(heard.slice(0, 3) as Forwarded)
    if (options.confirms !== false) heard[3]()
  })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  const ask = (requestId: string, structuredInput: unknown = null) =>
    studio.call('requestUserInput', { requestId, runId: id, agentId: 'ag_2', agentName: 'User', structuredInput })
  const next = () => new Promise<void>((resolve) => socket.once('forwardUserInput', () => resolve()))
  return { socket, received, ask, next, [Symbol.dispose]: () => void socket.disconnect() }
}

function connect(studio: Loopback, id: string): Socket {
  const options = { auth: { run_id: id }, forceNew: true, reconnectionDelay: 10, reconnectionDelayMax: 20 }
  return io(`${studio.url}/python`, options)
}

/** Cuts the connection, and resolves when the program has seen it: while the transport changes, that takes a moment. */
async function cut(socket: Socket): Promise<void> {
  const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
  socket.io.engine.close()
  await gone
}

/** Resolves with the first record of a run that fits, also with one that is still to come. */
async function recorded(
  studio: Loopback,
  run: string,
  fits: (record: JournalRecord) => boolean,
): Promise<JournalRecord> {
  for await (const { record } of studio.journals.open(run).read()) if (fits(record)) return record
  throw new Error('The journal was closed.')
}

const isStatus = (status: string) => (record: JournalRecord) => record.type === 'run' && record.run.status === status
const isAnswer = (record: JournalRecord) => record.type === 'event' && record.event.type === 'input-answer'

describe('a question of a Python program', () => {
  test('stands in the journal with its schema, and its run waits', async () => {
    await using studio = await loopback()
    using friday = await program(studio, 'one')
    const schema = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] }
    expect(await friday.ask('rq_9', schema)).toEqual({ status: 200, body: { result: {} } })
    expect(studio.answers.pending()).toMatchObject([{ run: 'one', request: { id: 'rq_9', name: 'User', schema } }])
    expect((await studio.records('one')).slice(1)).toMatchObject([
      { speaker: { name: 'User', id: 'ag_2' }, event: { type: 'input-request', id: 'rq_9', schema } },
      { run: { status: 'waiting' } },
    ])
  })

  test('ends what was said before it, and what goes on all the same is kept', async () => {
    await using studio = await loopback()
    using friday = await program(studio, 'one')
    await studio.push({ id: 'm', content: 'Which' }, { runId: 'one' })
    await friday.ask('rq')
    expect((await studio.messages('one')).get('m')?.ending).toEqual({ reason: 'stop', complete: true })
    await studio.push({ id: 'm', content: 'Which hotel?' }, { runId: 'one' })
    expect((await studio.messages('one')).get('m')?.content).toEqual([{ type: 'text', text: 'Which hotel?' }])
  })

  test('gets its answer, once, and no other run hears it', async () => {
    await using studio = await loopback()
    using friday = await program(studio, 'one')
    using other = await program(studio, 'two')
    await friday.ask('rq_9')
    const heard = friday.next()
    expect(studio.answers.answer('one', 'rq_9', 'k1', { content: 'Hangzhou' }, 'tab 1')).toBe('ok')
    expect(studio.answers.answer('one', 'rq_9', 'k2', { content: 'Paris' }, 'tab 2')).toBe('answered')
    await heard
    const answer = await recorded(studio, 'one', isAnswer)
    expect(answer).toMatchObject({ event: { id: 'rq_9', content: 'Hangzhou' } })
    expect(friday.received).toEqual([['rq_9', [{ type: 'text', text: 'Hangzhou' }], null]])
    expect(other.received).toEqual([])
    expect((await studio.records('one')).at(-1)).toMatchObject({ run: { status: 'running' } })
  })

  test('gets the value that its schema asked for', async () => {
    await using studio = await loopback()
    using friday = await program(studio, 'one')
    await friday.ask('rq', { type: 'object' })
    const heard = friday.next()
    studio.answers.answer('one', 'rq', 'k', { value: { age: 7 } }, 'tab')
    await heard
    expect(friday.received).toEqual([['rq', [{ type: 'text', text: '{"age":7}' }], { age: 7 }]])
    expect(await recorded(studio, 'one', isAnswer)).toMatchObject({ event: { value: { age: 7 } } })
  })

  test('is answered also when the program confirms nothing', async () => {
    await using studio = await loopback({ confirmMs: 20 })
    using friday = await program(studio, 'one', { confirms: false })
    await friday.ask('rq')
    studio.answers.answer('one', 'rq', 'k', { content: 'x' }, 'tab')
    expect(await recorded(studio, 'one', isAnswer)).toMatchObject({ event: { id: 'rq' } })
  })

  test('outlives a cut connection: what was answered meanwhile is sent when the program is back', async () => {
    await using studio = await loopback()
    using friday = await program(studio, 'one')
    await friday.ask('rq')
    friday.socket.io.reconnection(false)
    await cut(friday.socket)
    studio.answers.answer('one', 'rq', 'k', { content: 'x' }, 'tab')
    const heard = friday.next()
    friday.socket.connect()
    await heard
    expect(await recorded(studio, 'one', isAnswer)).toMatchObject({ event: { content: 'x' } })
    expect(friday.received.map(([id]) => id)).toEqual(['rq'])
    expect((await studio.records('one')).filter(isStatus('lost'))).toEqual([])
  })

  test('is answered on its newest connection only, and on the one before when that has ended', async () => {
    await using studio = await loopback()
    using friday = await program(studio, 'one')
    const again = connect(studio, 'one')
    await new Promise<void>((resolve) => again.once('connect', resolve))
    const heard: string[] = []
    again.on('forwardUserInput', (id: string, ...rest: unknown[]) => {
      heard.push(id)
      ;(rest.at(-1) as () => void)()
    })
    for (const id of ['rq_1', 'rq_2']) await friday.ask(id)
    studio.answers.answer('one', 'rq_1', 'k', { content: 'x' }, 'tab')
    await recorded(studio, 'one', isAnswer)
    again.disconnect()
    const next = friday.next()
    studio.answers.answer('one', 'rq_2', 'k', { content: 'y' }, 'tab')
    await next
    expect([heard, friday.received.map(([id]) => id)]).toEqual([['rq_1'], ['rq_2']])
  })

  test('can be answered after Studio was started anew', async () => {
    await using first = await loopback()
    {
      using friday = await program(first, 'one')
      await friday.ask('rq')
    }
    await using second = await loopback({ journals: anew(first.journals) })
    const socket = connect(second, 'one')
    const heard = once(socket as never, 'forwardUserInput')
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    expect(second.answers.answer('one', 'rq', 'k', { content: 'x' }, 'tab')).toBe('ok')
    expect((await heard)[0]).toBe('rq')
    socket.disconnect()
  })
})

describe('a Python program that goes', () => {
  test('is done when it says good-bye', async () => {
    await using studio = await loopback()
    using friday = await program(studio, 'one')
    await studio.push({ id: 'm', content: 'Hi' }, { runId: 'one' })
    friday.socket.disconnect()
    expect(await recorded(studio, 'one', isStatus('done'))).toMatchObject({ run: { endedAt: expect.any(String) } })
    expect((await studio.messages('one')).get('m')?.ending).toEqual({ reason: 'unknown', complete: true })
  })

  test.each<[string, 'lost' | 'done', (studio: Loopback) => Promise<unknown>]>([
    [
      'a question',
      'lost',
      (studio) =>
        studio.call('requestUserInput', {
          requestId: 'rq',
          runId: 'one',
          agentId: 'a',
          agentName: 'U',
          structuredInput: null,
        }),
    ],
    [
      'a call without a result',
      'lost',
      (studio) =>
        studio.push({ id: 'm', content: [{ type: 'tool_use', id: 'c', name: 't', input: {} }] }, { runId: 'one' }),
    ],
    ['nothing', 'done', (studio) => studio.push({ id: 'm', content: 'Bye' }, { runId: 'one' })],
  ])('without a word and leaves %s behind is %s, after a grace', async (_, status, act) => {
    await using studio = await loopback({ graceMs: 20 })
    using friday = await program(studio, 'one')
    await act(studio)
    friday.socket.io.reconnection(false)
    friday.socket.io.engine.close()
    await recorded(studio, 'one', isStatus(status))
  })

  test('and speaks again is alive again', async () => {
    await using studio = await loopback()
    const friday = await program(studio, 'one')
    friday.socket.disconnect()
    await recorded(studio, 'one', isStatus('done'))
    await studio.push({ id: 'm', content: 'Hi' }, { runId: 'one' })
    const told = (await studio.records('one')).flatMap((each) => (each.type === 'run' ? [each.run.status] : []))
    expect(told.at(-1)).toBe('running')
  })
})

describe('who may connect', () => {
  test.each<[string, Record<string, unknown>, Record<string, string>]>([
    ['a run that nobody registered', { run_id: 'nobody' }, {}],
    ['no run', {}, {}],
    ['a page of another site', { run_id: 'one' }, { origin: 'http://evil.example' }],
  ])('%s is refused', async (_, auth, extraHeaders) => {
    await using studio = await loopback()
    using _friday = await program(studio, 'one')
    const socket = io(`${studio.url}/python`, { auth, extraHeaders, reconnection: false, forceNew: true })
    const error = await new Promise<Error>((resolve) => socket.once('connect_error', resolve))
    expect(error.message).toMatch(/registered|xhr poll error/)
    socket.disconnect()
  })

  test('a wish that v1 cannot hear is answered with a card, not with silence', async () => {
    await using studio = await loopback()
    using _friday = await program(studio, 'one')
    const isError = (record: JournalRecord) => record.type === 'event' && record.event.type === 'error'
    const told = recorded(studio, 'one', isError)
    expect(studio.answers.command('one', { type: 'stop' })).toBe(true)
    expect(await told).toMatchObject({ event: { error: { message: expect.stringContaining('stop') } } })
  })
})
