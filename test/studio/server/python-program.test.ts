// A stock AgentScope v1 program at a real Studio: its requests as it makes them, socket.io, a tab that watches, an answer.
import { io } from 'socket.io-client'
import { describe, expect, test } from 'vitest'
import type { Studio } from '../../../src/studio/index.ts'
import { baseOf, bearer, opened, read, tab } from './opened.ts'

type Forwarded = [requestId: string, blocks: unknown, structured: unknown]

/** What v1's `init(studio_url=...)`, its hook and its user agent send, word for word. */
async function program(studio: Studio, id: string) {
  const call = async (procedure: string, body: object) => {
    const response = await fetch(`${baseOf(studio)}/t/${studio.token}/trpc/${procedure}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: await response.json() }
  }
  const timestamp = '2026-08-22 10:00:00.000'
  const registered = { id, project: 'travel-bot', name: 'demo', timestamp, pid: 4242, status: 'running', run_dir: '' }
  expect(await call('registerRun', registered)).toEqual({ status: 200, body: { result: {} } })
  const socket = io(`${baseOf(studio)}/python`, { auth: { run_id: id }, forceNew: true, reconnectionDelay: 10 })
  const received: Forwarded[] = []
  socket.on('forwardUserInput', (...heard: [...Forwarded, confirm: () => void]) => {
    received.push(heard.slice(0, 3) as Forwarded)
    // Python's client confirms by itself what a handler was called with.
    heard[3]()
  })
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  const message = (msgId: string, content: unknown[], replyId: string) => ({
    runId: id,
    replyId,
    replyName: 'Friday',
    replyRole: 'assistant',
    msg: { id: msgId, name: 'Friday', role: 'assistant', content, metadata: null, timestamp },
  })
  const push = (msgId: string, content: unknown[], replyId = 'rp_1') =>
    call('pushMessage', message(msgId, content, replyId))
  const ask = (requestId: string, structuredInput: unknown = null) =>
    call('requestUserInput', { requestId, runId: id, agentId: 'ag_2', agentName: 'User', structuredInput })
  return { id, call, push, ask, received, socket, [Symbol.dispose]: () => void socket.disconnect() }
}

/** A tab that looks at this run. */
async function watching(studio: Studio, run: string) {
  const { send, heard, socket } = await tab(studio)
  send({ t: 'sub', run, seq: 0, have: {} })
  const answer = (req: string, key: string, value: object, id: number) =>
    send({ t: 'answer', run, req, key, value, id })
  return { heard, answer, [Symbol.dispose]: () => socket.terminate() }
}

const text = (words: string) => ({ type: 'text', text: words })
const answered = (studio: Studio, run: string) => async () => (await read(studio, `/api/runs/${run}`)).status
const messagesOf = async (studio: Studio, run: string) => (await read(studio, `/api/runs/${run}/messages`)).messages

describe('a stock v1 program', () => {
  test('shows live, piece by piece, and the whole is what its last push said', async () => {
    await using studio = await opened()
    using friday = await program(studio, 'run_7f3a')
    using tab = await watching(studio, friday.id)
    for (const [said, shown] of [
      ['Hello', 'Hello'],
      ['Hello wor', ' wor'],
      ['Hello world, 西湖', 'ld, 西湖'],
    ] as const) {
      expect(await friday.push('m_1', [text(said)])).toEqual({ status: 200, body: { result: {} } })
      // Told as soon as it was pushed, and only what is new.
      await tab.heard(`"${shown}"`)
    }
    await friday.push('m_2', [text('Next')])
    expect(await messagesOf(studio, friday.id)).toMatchObject([
      { id: 'm_1', agent: 'Friday', content: [text('Hello world, 西湖')], ending: { complete: true } },
      { id: 'm_2', content: [text('Next')], open: true },
    ])
    expect(await read(studio, '/api/runs/run_7f3a')).toMatchObject({ project: 'travel-bot', name: 'demo' })
  })

  test('may change what it said: the tab shows what it says now', async () => {
    await using studio = await opened()
    using friday = await program(studio, 'one')
    using tab = await watching(studio, 'one')
    await friday.push('m_1', [text('The answer is 41')])
    await tab.heard('The answer is 41')
    await friday.push('m_1', [text('The answer was 42')])
    await tab.heard('The answer was 42')
    expect(await messagesOf(studio, 'one')).toMatchObject([{ id: 'm_1', content: [text('The answer was 42')] }])
  })

  // Longer than most: one message of every kind of block that v1 has.
  test('shows its thoughts, calls, results, pictures and sounds', async () => {
    await using studio = await opened()
    using friday = await program(studio, 'one')
    const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }
    const sound = { type: 'audio', source: { type: 'base64', media_type: 'audio/wav', data: 'UklGRg==' } }
    const film = { type: 'video', source: { type: 'url', url: 'https://example.org/film.mp4' } }
    const call = { type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Hangzhou' } }
    await friday.push('m_1', [{ type: 'thinking', thinking: 'Let me see' }, text('I look'), call])
    const result = { type: 'tool_result', id: 'call_1', name: 'get_weather', output: [text('sunny'), picture] }
    const outcome = { id: 'm_2', name: 'system', role: 'system', content: [result], metadata: null }
    const reply = { replyId: 'rp_1', replyName: 'Friday', replyRole: 'assistant' }
    expect((await friday.call('pushMessage', { runId: 'one', ...reply, msg: outcome })).status).toBe(200)
    await friday.push('m_3', [picture, sound, film, text('Done')])
    await friday.ask('rq')
    const blob = expect.stringMatching(/^\/blob\/[0-9a-f]{64}$/)
    await expect.poll(async () => (await messagesOf(studio, 'one')).length).toBe(3)
    const [first, second, third] = await messagesOf(studio, 'one')
    expect(first.content).toMatchObject([
      { type: 'thinking', thinking: 'Let me see' },
      text('I look'),
      { type: 'tool_use', id: 'call_1', name: 'get_weather', rawInput: '{"city":"Hangzhou"}' },
    ])
    expect(second.content).toMatchObject([{ id: 'call_1', output: [text('sunny'), { type: 'image', url: blob }] }])
    expect(third.content).toMatchObject([{ url: blob }, { url: blob }, { url: film.source.url }, text('Done')])
    const heard = await fetch(`${baseOf(studio)}${third.content[1].url}`, { headers: bearer(studio) })
    expect([heard.headers.get('content-type'), await heard.text()]).toEqual(['audio/wav', 'RIFF'])
  })
})

describe('a question of a stock v1 program', () => {
  test('is answered from a tab, and only its own run hears it', async () => {
    await using studio = await opened()
    using friday = await program(studio, 'one')
    using other = await program(studio, 'two')
    using tab = await watching(studio, 'one')
    await friday.ask('rq_9')
    await other.ask('rq_9')
    await tab.heard('rq_9')
    expect(await answered(studio, 'one')()).toBe('waiting')
    tab.answer('rq_9', 'k1', { content: 'Hangzhou' }, 1)
    tab.answer('rq_9', 'k2', { content: 'Paris' }, 2)
    await tab.heard('{"t":"ok","id":1}')
    await tab.heard('"t":"no","id":2')
    await expect.poll(answered(studio, 'one')).toBe('running')
    expect(friday.received).toEqual([['rq_9', [text('Hangzhou')], null]])
    expect(other.received).toEqual([])
    expect(await answered(studio, 'two')()).toBe('waiting')
  })

  test('with a schema gets the value that was asked for', async () => {
    await using studio = await opened()
    using friday = await program(studio, 'one')
    using tab = await watching(studio, 'one')
    await friday.ask('rq_1', { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] })
    await tab.heard('"age"')
    tab.answer('rq_1', 'k', { value: { age: 7 } }, 1)
    await expect.poll(() => friday.received).toEqual([['rq_1', [text('{"age":7}')], { age: 7 }]])
  })

  test('outlives a dropped connection, and the answer comes with the next one', async () => {
    await using studio = await opened()
    using friday = await program(studio, 'one')
    using tab = await watching(studio, 'one')
    await friday.ask('rq_1')
    await tab.heard('rq_1')
    const gone = new Promise<void>((resolve) => friday.socket.once('disconnect', () => resolve()))
    const back = new Promise<void>((resolve) => friday.socket.once('connect', resolve))
    friday.socket.io.engine.close()
    // While the transport changes it takes a moment, in which it could still hear and no longer confirm.
    await gone
    tab.answer('rq_1', 'k', { content: 'late' }, 1)
    await tab.heard('{"t":"ok","id":1}')
    await back
    await expect.poll(() => friday.received).toEqual([['rq_1', [text('late')], null]])
    await expect.poll(answered(studio, 'one')).toBe('running')
  })
})

describe('a wrong request of a v1 program', () => {
  test.each([
    [415, 'UNSUPPORTED_MEDIA_TYPE', { 'content-type': 'text/plain' }, '{}'],
    [413, 'PAYLOAD_TOO_LARGE', {}, 'x'.repeat(11_000_000)],
    [400, 'BAD_REQUEST', {}, '{"half":'],
    [400, 'BAD_REQUEST', {}, '['.repeat(1000) + ']'.repeat(1000)],
  ])('is refused as tRPC says it: %i %s', async (status, code, headers, body) => {
    await using studio = await opened()
    const response = await fetch(`${baseOf(studio)}/trpc/pushMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(studio), ...headers },
      body,
    })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: { data: { code, httpStatus: status, path: 'pushMessage' } } })
  })
})
