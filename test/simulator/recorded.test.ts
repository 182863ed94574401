import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createSimulator, recordedAnswers, simulator, type WireName } from '../../src/simulator/index.ts'
import { requestTo } from './ask.ts'

async function folderWith(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'recorded-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return folder
}

const odd = Buffer.from('data: {"x":"\u4f60\u{1f30d}"}\r\n\r\ndata: half', 'utf8').subarray(0, -1)

test('a recorded body is played byte for byte, with its status, type and headers', async () => {
  const recorded = { body: odd, status: 503, contentType: 'text/html', headers: { 'X-Gateway': 'yes' } }
  await using sim = await simulator({ models: { m: { recorded, pace: { bytes: 1 } } } })
  const response = await fetch(requestTo(sim, 'openai'))
  expect([response.status, response.headers.get('content-type'), response.headers.get('x-gateway')]).toEqual([
    503,
    'text/html',
    'yes',
  ])
  expect(Buffer.from(await response.bytes())).toEqual(Buffer.from(odd))
})

test('a recorded body keeps its line ends unless others are asked for', async () => {
  const recorded = { body: 'data: 1\r\n\r\ndata: 2\n\n' }
  const models = { plain: { recorded }, cr: { recorded, pace: { lineEnd: 'cr' as const } } }
  const sim = createSimulator({ models })
  expect(await (await sim.fetch(requestTo(sim, 'openai', { model: 'plain' }))).text()).toBe(recorded.body)
  expect(await (await sim.fetch(requestTo(sim, 'openai', { model: 'cr' }))).text()).toBe('data: 1\r\rdata: 2\r\r')
})

test('a folder of recordings becomes models named by their case', async () => {
  const folder = await folderWith({
    'hello.sse': odd,
    'hello.expect.json': JSON.stringify({ http: { status: 201, contentType: 'text/event-stream; charset=utf-8' } }),
    'lines.ndjson': '{"done":true}\n',
    'notes.txt': 'not a recording',
  })
  const models = await recordedAnswers(folder)
  expect(Object.keys(models)).toEqual(['hello', 'lines'])
  expect(models['hello']!.recorded).toMatchObject({ status: 201, contentType: 'text/event-stream; charset=utf-8' })
  expect(models['lines']!.recorded.contentType).toBe('application/x-ndjson')
  const sim = createSimulator({ models })
  const response = await sim.fetch(requestTo(sim, 'gemini', { model: 'hello' }))
  expect([response.status, Buffer.from(await response.bytes())]).toEqual([201, Buffer.from(odd)])
})

test('a missing or empty folder and broken JSON are told with their place', async () => {
  await expect(recordedAnswers('/nowhere/at/all')).rejects.toThrow('/nowhere/at/all')
  await expect(recordedAnswers(await folderWith({}))).rejects.toThrow('holds no recorded answer')
  const broken = await folderWith({ 'a.sse': '', 'a.expect.json': '{' })
  await expect(recordedAnswers(broken)).rejects.toThrow('a.expect.json is not JSON')
})

const corpus = resolve(import.meta.dirname, '../../../shared/corpus')
const wireOf: Record<string, WireName> = { 'dashscope-compat': 'openai', zhipu: 'zhipuai' }

test.skipIf(!existsSync(corpus))('the corpus (at ../shared/corpus) is played byte for byte', async () => {
  const groups = (await readdir(corpus, { withFileTypes: true })).filter((each) => each.isDirectory())
  for (const { name } of groups) {
    const models = await recordedAnswers(join(corpus, name))
    const wire = wireOf[name] ?? (name as WireName)
    await using sim = await simulator({ models, pace: { bytes: 997 } })
    for (const [model, { recorded }] of Object.entries(models)) {
      const response = await fetch(requestTo(sim, wire, { model }))
      const file = join(corpus, name, `${model}.${wire === 'ollama' ? 'ndjson' : 'sse'}`)
      expect(Buffer.from(await response.bytes()).equals(await readFile(file)), file).toBe(true)
      expect(response.headers.get('content-type')).toBe(recorded.contentType)
    }
  }
})
