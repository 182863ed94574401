// The file: what is in it, what it survives, what is refused.
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  formatCassette,
  parseCassette,
  readCassette,
  record,
  replay,
  writeCassette,
} from '../../src/simulator/index.ts'
import { asked, eventsOf, taped, weatherman } from './taping.ts'

async function file(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cassette-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'one.cassette.jsonl')
}

function stepping(): () => number {
  let time = 0
  return () => (time += 5)
}

test('the same conversation gives the same file, line for line', async () => {
  const options = () => ({ now: stepping(), recordedAt: new Date(0) })
  const [one, other] = [await taped('anthropic', {}, options()), await taped('anthropic', {}, options())]
  expect(formatCassette(other.cassette)).toBe(formatCassette(one.cassette))
  const lines = formatCassette(one.cassette).split('\n')
  expect(lines[0]).toBe('{"type":"cassette","version":1,"recordedAt":"1970-01-01T00:00:00.000Z"}')
  expect(lines[1]).toMatch(/^{"type":"request","exchange":1,"atMs":5,"method":"POST","url":"http.*\/v1\/messages","h/)
  expect(lines.slice(-3)).toEqual([expect.stringMatching(/^{"type":"end".*"complete"}$/), '{"type":"close"}', ''])
})

test('bytes that are no text are kept too, and so is a byte order mark', async () => {
  const bytes = [Buffer.from('\ufeffdata: \u4f60', 'utf8'), Buffer.from([0xe4, 0xbd]), Buffer.from([0xa0, 0, 255])]
  const body = new ReadableStream({
    start: (controller) => {
      for (const each of bytes) controller.enqueue(new Uint8Array(each))
      controller.close()
    },
  })
  const tape = record(async () => new Response(body))
  await (await tape(asked())).arrayBuffer()
  const text = formatCassette(tape.cassette)
  expect(text.match(/"(text|base64)":/g)).toEqual(['"text":', '"base64":', '"base64":'])
  const pieces = parseCassette(text).exchanges[0]!.pieces
  expect(pieces.map((piece) => Buffer.from(piece.bytes).toString('hex'))).toEqual(
    bytes.map((each) => each.toString('hex')),
  )
})

test('the file grows while it is recorded: what a crash leaves is valid, and marked', async () => {
  const path = await file()
  const simulated = weatherman({
    text: ['one', 'two'],
    gate: ({ index }) => (index > 0 ? new Promise(() => {}) : undefined),
  })
  const tape = record(simulated.fetch, { file: path })
  const reader = (await tape(asked(simulated.baseUrl('openai')))).body!.getReader()
  for (let text = ''; !text.includes('one'); ) text += Buffer.from((await reader.read()).value!).toString()
  const crashed = await readCassette(path)
  expect(crashed.isPartial).toBe(true)
  expect(crashed.exchanges[0]?.end).toBeUndefined()
  const cut = parseCassette(readFileSync(path, 'utf8').slice(0, -20))
  expect(cut).toMatchObject({ isPartial: true })
  expect(cut.exchanges[0]!.pieces.length).toBe(crashed.exchanges[0]!.pieces.length - 1)
  const response = await replay(crashed, { speed: 'max' })(asked(simulated.baseUrl('openai')))
  await expect(response.text()).rejects.toMatchObject({ cause: { code: 'CASSETTE_END' } })
  await reader.cancel()
  tape.close()
  expect((await readCassette(path)).isPartial).toBe(false)
})

test('only its owner may read a cassette, and what was written is what is read', async () => {
  const { cassette } = await taped('gemini')
  const path = await file()
  await writeCassette(path, cassette)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readCassette(path)).toEqual(cassette)
  expect(await eventsOf('gemini', replay(await readCassette(path), { speed: 'max' }))).not.toEqual([])
})

const first = '{"type":"cassette","version":1}\n'

test.each([
  ['', 'line 1: it is empty.'],
  ['{"type":"cass', 'line 1: its first line is not finished.'],
  ['{}\n', 'line 1: it is no object with a type.'],
  ['{"type":"close"}\n', 'line 1: exactly the first line has the type "cassette".'],
  ['{"type":"cassette","version":2}\n', 'line 1: it is of version 2; this agentscope reads up to 1.'],
  [`${first}nonsense\n`, 'line 2: it is no JSON.'],
  [`${first}{"type":"piece","exchange":1,"atMs":0}\n`, 'line 2: it is of exchange 1, whose request is missing.'],
  [`${first}{"type":"request","exchange":1,"atMs":-1}\n`, 'line 2: its field atMs is wrong.'],
  [`${first}{"type":"request","exchange":1,"atMs":1}\n`, 'line 2: its field method is missing.'],
])('%j is no cassette: %s', (text, message) => {
  expect(() => parseCassette(text)).toThrow(`This is no cassette that can be read: ${message}`)
})

test('lines of a type that is not known yet are passed over', () => {
  expect(parseCassette(`${first}{"type":"note","text":"later"}\n{"type":"close"}\n`)).toEqual({
    version: 1,
    exchanges: [],
    isPartial: false,
  })
})

test('a file that is not there, or cannot be written, is told', async () => {
  await expect(readCassette('/nowhere/at/all')).rejects.toThrow('The cassette cannot be read')
  expect(() => record(undefined, { file: '/nowhere/at/all' })).toThrow('cannot be written')
})

test('a byte-order mark before the first line does no harm', async () => {
  const { cassette } = await taped('openai')
  expect(parseCassette(`\ufeff${formatCassette(cassette)}`)).toEqual(cassette)
})
