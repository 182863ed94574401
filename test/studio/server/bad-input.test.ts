// What no honest client sends, at every door of a real Studio: it is answered, the process lives, and others hear on.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStudio, type Studio } from '../../../src/studio/index.ts'
import { bearer, tab } from './opened.ts'
import { begun, spoken } from './studio-app.ts'

let studio: Studio
let witness: Awaited<ReturnType<typeof tab>>

beforeAll(async () => {
  studio = await openStudio({ port: 0 })
  witness = await tab(studio)
  await studio.journals.open('good').append(begun('good'))
  witness.send({ t: 'sub', run: 'good', seq: 0, have: {} })
})
afterAll(async () => {
  witness.socket.terminate()
  await studio.close()
})

let words = 0

/** The tab that did nothing wrong still hears what is said. */
async function othersHearOn(): Promise<void> {
  words += 1
  await studio.journals.open('good').append(spoken(`m${words}`, `word ${words}.`, 2_000_000_000_000))
  await witness.heard(`word ${words}.`)
}

const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`
const base = () => `http://127.0.0.1:${studio.port}`

async function post(path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<number> {
  const kind = { 'content-type': 'application/json', ...bearer(studio), ...headers }
  return (await fetch(`${base()}${path}`, { method: 'POST', headers: kind, body })).status
}

describe('a tab', () => {
  test.each([
    ['nothing', ''],
    ['half a frame', '{"t":"sub"'],
    ['a number', '5'],
    ['null', 'null'],
    ['a thousand levels', deep],
    ['a thousand levels in a field', `{"t":"sub","run":"good","seq":0,"have":{"a":${deep}}}`],
    ['a kind that is none', '{"t":"constructor"}'],
    ['a negative place', '{"t":"sub","run":"good","seq":-1,"have":{}}'],
    ['a negative length', '{"t":"sub","run":"good","seq":0,"have":{"m.0":-5}}'],
    ['a length beyond numbers', '{"t":"sub","run":"good","seq":0,"have":{"m.0":1e300}}'],
    ['a run that is an object', '{"t":"stop","run":{"id":"good"}}'],
    ['an answer without a key', '{"t":"answer","run":"good","req":"q","value":{}}'],
  ])('that sends %s is told so', async (_, text) => {
    const bad = await tab(studio)
    bad.socket.send(text)
    expect(JSON.parse(await bad.heard('"t":"no"'))).toMatchObject({ t: 'no', code: expect.any(String) })
    bad.send({ t: 'ping', id: 3 })
    await bad.heard('{"t":"ok","id":3}')
    bad.socket.terminate()
    await othersHearOn()
  })

  test('whose place and lengths are beyond what there is gets everything anew', async () => {
    const bad = await tab(studio)
    bad.send({ t: 'sub', run: 'good', seq: 9_000_000, have: { 'm1.0': 400_000, 'none.7': 3 }, id: 1 })
    expect(await bad.heard('"reset":true')).toContain('word 1.')
    bad.socket.terminate()
  })

  test('that watches more runs than one can watch is refused the rest', async () => {
    const bad = await tab(studio)
    for (let at = 1; at <= 201; at += 1) bad.send({ t: 'sub', run: `r${at}`, seq: 0, have: {}, id: at })
    expect(JSON.parse(await bad.heard('"too-many"'))).toMatchObject({ t: 'no', id: 201, code: 'too-many' })
    bad.socket.terminate()
    await othersHearOn()
  })

  test.each([
    ['bytes', Buffer.from([1, 2, 3]), 1003],
    ['a frame of nine megabytes', 'x'.repeat(9_000_000), 1009],
    ['a frame that unpacks to 40 megabytes', `"${'a'.repeat(40_000_000)}"`, 1009],
  ])('that sends %s is hung up on', async (_, data, code) => {
    const bad = await tab(studio)
    bad.socket.on('error', () => undefined)
    bad.socket.send(data, { compress: true })
    // A peer that is hung up on while it still sends may not get to read why.
    expect([code, 1006]).toContain(await bad.closed)
    await othersHearOn()
  })
})

describe('a program', () => {
  const hello = '{"t":"hello","proto":1,"writer":"w"}'
  const record = JSON.stringify(begun('bad'))

  test.each([
    ['no hello', [`{"t":"append","seq":1}\n${record}`]],
    ['no JSON', ['{']],
    ['another version', ['{"t":"hello","proto":99,"writer":"w"}']],
    ['a negative number', [hello, `{"t":"append","seq":-4}\n${record}`]],
    ['a thousand levels for a header', [hello, deep.repeat(2)]],
    [
      'a reader that is there already',
      [hello, ...Array(2).fill('{"t":"read","id":1,"after":0,"credit":9,"acknowledged":false}')],
    ],
  ])('that sends %s is told so', async (_, frames) => {
    const bad = await tab(studio, '/ingest?run=bad')
    for (const frame of frames) bad.socket.send(frame)
    expect(await bad.heard('"t":"no"')).toContain('"text":')
    bad.socket.terminate()
    await othersHearOn()
  })

  const event = (each: object) => ({ type: 'event', at: 1, speaker: { name: 'A', id: 'a' }, event: each })
  const nonsense: [string, object][] = [
    ['a block without a block', event({ type: 'block-start', id: 'm', index: 0 })],
    ['a negative index', event({ type: 'text-delta', id: 'm', index: -3, delta: 'x' })],
    ['a piece of no block', event({ type: 'text-delta', id: 'nobody', index: 7, delta: 'x' })],
    ['an end without an ending', event({ type: 'message-end', id: 'm' })],
    ['a question without a name', event({ type: 'input-request', id: 'q' })],
    [
      'a question of numbers',
      event({ type: 'input-request', id: 'q', name: 5, text: 5, schema: 5, approval: { tool: 5 } }),
    ],
    ['an error without facts', event({ type: 'error' })],
    ['an error of numbers', event({ type: 'error', id: 'm', error: { message: 5 } })],
    ['a speaker without a name', { type: 'event', at: 1, speaker: {}, event: { type: 'message-start', id: 'm' } }],
    ['an answer that is a number', event({ type: 'input-answer', id: 'q', content: 5 })],
    ['a span without attributes', { type: 'span', at: 1, span: { traceId: 't', spanId: 's' } }],
    [
      'an invocation without a model',
      { type: 'invocation', at: 1, invocation: { id: 'i', speaker: { name: 'A', id: 'a' } } },
    ],
    ['facts of the wrong kinds', { type: 'run', at: 1, run: { status: { a: 1 }, name: 5, startedAt: [] } }],
  ]

  test.each(nonsense)('that logs %s spoils nothing behind it', async (what, bad) => {
    const run = `odd ${what}`
    const program = await tab(studio, `/ingest?run=${encodeURIComponent(run)}`)
    const records = [bad, ...spoken('after', 'Said afterwards.', 2_000_000_000_000)].map((each) => JSON.stringify(each))
    program.socket.send(hello)
    program.socket.send(`{"t":"append","seq":1}\n${records.join('\n')}`)
    await program.heard('"t":"ack"')
    const reader = await tab(studio)
    reader.send({ t: 'sub', run, seq: 0, have: {} })
    await reader.heard('Said afterwards.')
    const path = `${base()}/api/runs/${encodeURIComponent(run)}/messages`
    await expect.poll(async () => (await fetch(path, { headers: bearer(studio) })).text()).toContain('Said afterwards.')
    for (const { socket } of [program, reader]) socket.terminate()
    await othersHearOn()
  })
})

describe('a request', () => {
  const bomb = gzipSync(Buffer.alloc(60_000_000, '['))
  const gzip = { 'content-encoding': 'gzip' }

  test.each(['/trpc/registerRun', '/trpc/pushMessage', '/v1/traces', '/api/import', '/api/session'])(
    'to %s that is no JSON, too deep, too large or a bomb is answered',
    async (path) => {
      for (const body of ['{', deep, 'null', '[]', '5', '{"run":{}}']) expect(await post(path, body)).toBeLessThan(500)
      expect(await post(path, bomb, gzip)).toBeGreaterThanOrEqual(400)
      expect(await post(path, 'no gzip', gzip)).toBeGreaterThanOrEqual(400)
      const huge = await post(path, `"${'x'.repeat(11_000_000)}"`).catch(() => 413)
      expect(huge).toBeGreaterThanOrEqual(400)
      await othersHearOn()
    },
  )

  test.each(['-1', '1e999', 'NaN', '5;DROP', '%00'])('with %s for a number is answered', async (number) => {
    const query = `limit=${number}&before=${number}&after=${number}&since=${number}&minMs=${number}`
    for (const path of ['/api/runs', '/api/runs/good/messages', '/api/runs/good/raw', '/api/traces', '/api/metrics']) {
      const { status } = await fetch(`${base()}${path}?${query}`, { headers: bearer(studio) })
      expect([path, status]).toEqual([path, 200])
    }
    await othersHearOn()
  })
})
