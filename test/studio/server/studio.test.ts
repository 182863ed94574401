// A Studio as it is opened: real loopback sockets, a real file, programs that come and go, and a restart.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { remoteJournal } from '../../../src/journal/remote.ts'
import { openStudio, type Studio } from '../../../src/studio/index.ts'
import { baseOf, bearer, opened, read, tab } from './opened.ts'
import { asked, begun, ended, spoken } from './studio-app.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentscope-studio-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The status that an upgrade is answered with: 101, or why not. */
function knock(studio: Studio, path: string, headers: Record<string, string>, address = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const url = `ws://${address}:${studio.port}${path}`
    const socket = new WebSocket(url, { headers })
    socket.on('unexpected-response', (asked, response) => {
      resolve(response.statusCode ?? 0)
      asked.destroy()
    })
    socket.on('open', () => {
      resolve(101)
      socket.terminate()
    })
    socket.on('error', reject)
  })
}

describe('the doors', () => {
  test('are on this machine only, and every address of it leads to the same Studio', async () => {
    await using studio = await opened()
    expect(studio.url).toBe(`http://localhost:${studio.port}/#token=${studio.token}`)
    expect(studio.token).toMatch(/^[0-9a-f]{32}$/)
    expect((await fetch(`${baseOf(studio)}/api/health`)).status).toBe(200)
    const elsewhere = openStudio({ port: studio.port })
    await expect(elsewhere).rejects.toMatchObject({ type: 'config', advice: expect.stringContaining('--port') })
  })

  test.skipIf(!existsSync('/proc/net/tcp'))('listen on loopback addresses and no others', async () => {
    await using studio = await opened()
    const port = studio.port.toString(16).toUpperCase().padStart(4, '0')
    const listening = ['/proc/net/tcp', '/proc/net/tcp6']
      .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(`:${port}`) && state === '0A')
      .map(([, local]) => local?.split(':')[0])
    const loopback = ['0100007F', '00000000000000000000000001000000']
    expect(listening.length).toBeGreaterThan(0)
    expect(listening.filter((address) => !loopback.includes(address ?? ''))).toEqual([])
  })

  test('open to others only with a token', async () => {
    await expect(openStudio({ port: 0, host: '0.0.0.0', token: false })).rejects.toThrow(/needs a token/)
    await expect(openStudio({ port: 0, host: '' })).rejects.toThrow(/is empty/)
    await using studio = await opened({ host: '127.0.0.1', token: false })
    expect(studio.url).not.toContain('token')
    expect((await fetch(`${baseOf(studio)}/api/runs`)).status).toBe(200)
  })

  test.each(['/live', '/ingest?run=one'])('of %s are guarded like every route', async (path) => {
    await using studio = await opened()
    const own = `http://127.0.0.1:${studio.port}`
    expect(await knock(studio, path, {})).toBe(401)
    expect(await knock(studio, path, { ...bearer(studio), origin: 'http://evil.example' })).toBe(403)
    expect(await knock(studio, path, { ...bearer(studio), host: 'evil.example' })).toBe(403)
    expect(await knock(studio, path, { ...bearer(studio), origin: own, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await knock(studio, path, { ...bearer(studio), origin: own })).toBe(101)
    expect(await knock(studio, '/elsewhere', bearer(studio))).toBe(404)
  })

  test('let a program in whose address carries the token', async () => {
    await using studio = await opened()
    const register = (token: string) =>
      fetch(`${baseOf(studio)}/t/${token}/trpc/registerRun`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          id: 'py',
          project: 'p',
          name: 'n',
          timestamp: '2026-01-01 10:00:00.000',
          status: 'running',
        }),
      })
    expect((await register('wrong')).status).toBe(401)
    expect((await register(studio.token ?? '')).status).toBe(200)
    expect((await read(studio, '/api/runs')).runs).toMatchObject([{ id: 'py' }])
  })
})

describe('a tab', () => {
  test('hears a run as it is written, and answers its question', async () => {
    await using studio = await opened()
    const journal = studio.journals.open('one')
    await journal.append([begun('one'), ...spoken('m1', 'Hello', 2_000_000_000_000)])
    const { heard, send, socket } = await tab(studio)
    await heard('"hi"')
    send({ t: 'sub', run: 'one', seq: 0, have: {}, id: 1 })
    await heard('Hello')
    const commands = studio.answers.commands('one', new AbortController().signal)[Symbol.asyncIterator]()
    await journal.append([...spoken('m2', 'and more', 2_000_000_001_000), asked('q', 'Which?', 2_000_000_001_000)])
    await heard('and more')
    await heard('Which?')
    send({ t: 'answer', run: 'one', req: 'q', key: 'k', value: { content: 'A' }, id: 2 })
    expect((await commands.next()).value).toMatchObject({ type: 'answer', requestId: 'q', answer: { content: 'A' } })
    await heard('{"t":"ok","id":2}')
    socket.terminate()
  })

  test('whose answer is not what the schema wants hears which field is wrong, and the question still waits', async () => {
    await using studio = await opened()
    const properties = { guests: { type: 'integer' }, hotel: { type: 'string' } }
    const schema = { type: 'object', properties, required: ['guests', 'hotel'] }
    const speaker = { name: 'Planner', id: 'agent-1' }
    const event = { type: 'input-request', id: 'q', name: 'User', schema } as const
    const over = new AbortController()
    const commands = studio.answers.commands('one', over.signal)[Symbol.asyncIterator]()
    await studio.journals.open('one').append([begun('one'), { type: 'event', at: 2_000_000_000_000, speaker, event }])
    await expect.poll(() => studio.answers.pending().length).toBe(1)
    const { heard, send, socket } = await tab(studio)
    const answer = { t: 'answer', run: 'one', req: 'q', key: 'k' }
    send({ ...answer, id: 1, value: { value: { guests: 'many', hotel: 'Canal House' } } })
    expect(await heard('"id":1')).toMatch(/"code":"invalid","text":"guests: /)
    send({ ...answer, id: 2, value: { content: '{"guests":2}' } })
    expect(await heard('"id":2')).toMatch(/"code":"invalid","text":".*hotel/)
    expect(studio.answers.pending().length).toBe(1)
    send({ ...answer, id: 3, value: { value: { guests: 2, hotel: 'Canal House' } } })
    await heard('{"t":"ok","id":3}')
    expect((await commands.next()).value).toMatchObject({ answer: { value: { guests: 2, hotel: 'Canal House' } } })
    over.abort()
    socket.terminate()
  })

  test('that sends nonsense is answered, and others hear on', async () => {
    await using studio = await opened()
    const [bad, good] = [await tab(studio), await tab(studio)]
    const deep = `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`
    for (const text of ['', '{', deep, '5', '{"t":"sub","run":5}', '{"t":"sub","run":"x","seq":-1,"have":{"a":-5}}']) {
      bad.socket.send(text)
    }
    await bad.heard('"t":"no"')
    const gone = new Promise((resolve) => bad.socket.on('close', resolve))
    bad.socket.send(Buffer.alloc(9_000_000, 'x').toString())
    await gone
    good.send({ t: 'ping', id: 9 })
    await good.heard('{"t":"ok","id":9}')
    good.socket.terminate()
  })

  test('without a WebSocket reads the same as server-sent events', async () => {
    await using studio = await opened()
    await studio.journals.open('one').append([begun('one'), ...spoken('m1', 'Hello', 2_000_000_000_000)])
    const response = await fetch(`${baseOf(studio)}/api/runs/one/events`, { headers: bearer(studio) })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    let text = ''
    for await (const piece of response.body ?? []) {
      text += new TextDecoder().decode(piece)
      if (text.includes('Hello')) break
    }
    expect(text).toMatch(/^retry: \d+\nid: 0\ndata: \{"t":"hi"/)
  })
})

describe('a bad client', () => {
  test('cannot end the process', async () => {
    await using studio = await opened()
    const raw = (text: string) =>
      new Promise((resolve) => {
        const socket = connect(studio.port, '127.0.0.1', () => socket.write(text))
        socket
          .on('error', () => undefined)
          .on('close', resolve)
          .resume()
        setTimeout(() => socket.destroy(), 50)
      })
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nHost: localhost\r\n'
    await raw('nonsense\r\n\r\n')
    await raw('GET / HTTP/1.1\r\n\r\n')
    await raw(`GET http://[:/live HTTP/1.1\r\n${upgrade}\r\n`)
    await raw(`GET /live HTTP/1.1\r\n${upgrade}Authorization: Bearer ${studio.token}\r\n\r\n`)
    await raw('POST /api/settings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n')
    expect((await fetch(`${baseOf(studio)}/api/health`)).status).toBe(200)
  })

  test('that leaves in the middle of a body does no harm', async () => {
    await using studio = await opened()
    const headers = { ...bearer(studio), 'content-type': 'application/json' }
    const sent = request(`${baseOf(studio)}/api/settings`, { method: 'PUT', headers })
    const closed = new Promise((resolve) => sent.on('close', resolve).on('error', () => undefined))
    sent.write('{"currency":')
    await new Promise((resolve) => sent.on('socket', resolve))
    sent.destroy()
    await closed
    expect(await read(studio, '/api/settings')).toMatchObject({ currency: 'USD' })
  })
})

describe('a program elsewhere', () => {
  test('logs its run here, and is lost when it goes without a word, until it reports', async () => {
    await using studio = await opened()
    const { heard, send, socket } = await tab(studio)
    send({ t: 'list', on: true })
    const journal = remoteJournal(studio.url, 'far')
    await journal.append([begun('far'), ...spoken('m1', 'From afar', 2_000_000_000_000)])
    await heard('From afar')
    await journal.close()
    await heard('"lost"')
    expect(await read(studio, '/api/runs/far')).toMatchObject({ status: 'lost' })
    const back = remoteJournal(studio.url, 'far')
    await back.append([...spoken('m2', 'Back', 2_000_000_001_000), ended(2_000_000_002_000)])
    await heard('"done"')
    await back.close()
    expect(await read(studio, '/api/runs/far')).toMatchObject({ status: 'done', lastLine: 'Back' })
    socket.terminate()
  })
})

/** Passes requests on and refuses upgrades. */
async function refusingProxy(studio: Studio) {
  const proxy = createServer((asked, answer) => {
    const { method, url, headers } = asked
    const passed = request(`${baseOf(studio)}${url}`, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
    })
    passed.on('error', () => answer.destroy())
    answer.on('close', () => passed.destroy())
    asked.pipe(passed)
  })
  proxy.on('upgrade', (_, socket) => socket.end('HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n'))
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return proxy
}

describe('a program behind a proxy that lets no WebSocket through', () => {
  test('logs its run all the same, hears that it should stop, and is lost when it goes without a word', async () => {
    await using studio = await opened()
    const proxy = await refusingProxy(studio)
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/#token=${studio.token}`
    const journal = remoteJournal(url, 'far', { connectMs: 5000, warn: () => undefined })
    const wish = new Promise((resolve) => journal.onCommand(resolve))
    await journal.append([begun('far'), ...spoken('m1', 'From afar', 2_000_000_000_000)])
    expect(studio.answers.command('far', { type: 'stop', reason: 'enough' })).toBe(true)
    expect(await wish).toEqual({ type: 'stop', reason: 'enough' })
    await journal.close()
    await expect.poll(async () => (await read(studio, '/api/runs/far')).status).toBe('lost')
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
  })
})

test('a tab that came after the last word of a run hears that it is lost', async () => {
  await using studio = await opened()
  const journal = remoteJournal(studio.url, 'far')
  await journal.append([begun('far'), ...spoken('m1', 'From afar', 2_000_000_000_000)])
  const { heard, send, socket } = await tab(studio)
  send({ t: 'list', on: true })
  await heard('From afar')
  await journal.close()
  expect(await heard('"lost"')).toContain('"far"')
  socket.terminate()
})

describe('the data', () => {
  test('survives a restart with the token, and a run that was speaking is lost until it reports', async () => {
    const data = join(folder, 'restart.sqlite')
    const first = await openStudio({ port: 0, data })
    await first.journals.open('old').append([begun('old', 'old'), ...spoken('m1', 'Done', 1000), ended(2000)])
    const half = spoken('m2', 'Half a sentence', 2_000_000_000_000).slice(0, 3)
    await first.journals.open('live').append([begun('live', 'live'), ...half])
    await first.journals.open('asks').append([begun('asks', 'asks'), asked('q', 'Which?', 1000)])
    await first.close()
    await using second = await opened({ data })
    expect(second.token).toBe(first.token)
    const { heard, send, socket } = await tab(second)
    send({ t: 'sub', run: 'live', seq: 0, have: {} })
    await heard('"lost"')
    expect((await read(second, '/api/runs?status=done')).runs).toMatchObject([{ id: 'old', lastLine: 'Done' }])
    expect((await read(second, '/api/inbox')).requests).toMatchObject([{ runId: 'asks', request: { id: 'q' } }])
    expect((await read(second, '/api/runs/live/messages')).messages).toMatchObject([{ id: 'm2', open: true }])
    await second.journals.open('live').append(spoken('m2', 'x', 2_000_000_001_000).slice(2))
    await heard('"running"')
    socket.terminate()
  })

  test('is readable for its owner only', async () => {
    const data = join(folder, 'private', 'studio.sqlite')
    await using _studio = await opened({ data })
    for (const file of [data, `${data}.index`]) expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})

test('a Studio that is closed in the middle of what a program of its process says closes without a word', async () => {
  const warnings: Error[] = []
  const hear = (warning: Error) => void warnings.push(warning)
  process.on('warning', hear)
  const studio = await opened()
  const journal = studio.journals.open('cut')
  const pieces = spoken('m', 'Half a sentence', 2_000_000_000_000)
  await journal.append([begun('cut', 'cut'), ...pieces.slice(0, 3)])
  const closing = studio.close()
  const during = journal.append(pieces.slice(3)).catch(() => undefined)
  await Promise.all([closing, during])
  await expect(journal.append(pieces.slice(3))).rejects.toThrow(/closed/)
  // Warnings are told on a later turn.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', hear)
  expect(warnings).toEqual([])
})
