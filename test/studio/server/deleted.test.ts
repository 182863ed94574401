// A run that was deleted stays deleted, whatever its program still says; its program goes on and is told once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RunIdentity } from '../../../src/core/run-name.ts'
import { remoteJournal } from '../../../src/journal/remote.ts'
import { studioLink } from '../../../src/journal/studio-link.ts'
import { assembleScope } from '../../../src/scope.ts'
import type { Studio } from '../../../src/studio/index.ts'
import { baseOf, bearer, opened, read } from './opened.ts'
import { begun, ended, spoken } from './studio-app.ts'

const at = 2_000_000_000_000
const json = { 'content-type': 'application/json' }
const identity: RunIdentity = { project: 'tests', name: 'demo', runId: 'one', runDirectory: undefined }

function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agentscope-deleted-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'studio.sqlite')
}

async function send(studio: Studio, method: string, path: string, body: unknown): Promise<Response> {
  const headers = { ...bearer(studio), ...json }
  return fetch(`${baseOf(studio)}${path}`, { method, headers, body: JSON.stringify(body) })
}

const remove = (studio: Studio, ...ids: string[]) => send(studio, 'DELETE', '/api/runs', { ids })
const idsOf = async (studio: Studio) =>
  (await read(studio, '/api/runs')).runs.map(({ id }: { id: string }) => id).toSorted()

/** Resolves when all that Studio was told before is in its lists too. */
async function told(studio: Studio): Promise<void> {
  await studio.journals.open('last').append([begun('last'), ended(at)])
  await expect.poll(() => idsOf(studio)).toContain('last')
}

/** A program somewhere that has said something, with what it was warned of. */
async function program(studio: Studio, where: 'elsewhere' | 'in this process') {
  const warnings: string[] = []
  const target = where === 'elsewhere' ? studio.url : studio
  const options = { run: identity, connectMs: 5000, warn: (text: string) => void warnings.push(text) }
  const link = studioLink(target, options)
  const scope = assembleScope({ sinks: [link.sink], inputs: [link.input] })
  onTestFinished(() => link.close())
  const say = (id: string) =>
    scope.publish({ name: 'Ada', id: 'a' }, { type: 'message-start', id, role: 'assistant', name: 'Ada' })
  await say('m1')
  await expect.poll(() => idsOf(studio)).toContain('one')
  return { link, scope, say, warnings }
}

describe.each(['elsewhere', 'in this process'] as const)('the program %s of a run that is deleted', (where) => {
  test('goes on, is told once, and its run does not come back', async () => {
    await using studio = await opened()
    const { link, say, warnings } = await program(studio, where)
    await remove(studio, 'one')
    await expect.poll(() => warnings).toEqual([expect.stringContaining('was deleted in Studio')])
    await say('m2')
    await link.close()
    await told(studio)
    expect(await idsOf(studio)).toEqual(['last'])
    expect(warnings).toHaveLength(1)
  })

  test('does not wait for an answer that nobody can give any more', async () => {
    await using studio = await opened()
    const { scope } = await program(studio, where)
    const ask = (id: string) => scope.ask({ name: 'Ada', id: 'a' }, { type: 'input-request', id, name: 'Ada' })
    const waiting = ask('q')
    const refused = expect(waiting).rejects.toThrow(/was deleted in Studio/)
    await expect.poll(async () => (await read(studio, '/api/inbox')).requests.length).toBe(1)
    await remove(studio, 'one')
    await refused
    await expect(ask('later')).rejects.toThrow(/was deleted in Studio/)
  })
})

test('it stays deleted when Studio is started anew, and what the program sends is acknowledged', async () => {
  const data = freshFile()
  const first = await opened({ data })
  const { url, port } = first
  const journal = remoteJournal(url, 'one', { connectMs: 5000, warn: () => undefined })
  onTestFinished(() => journal.close())
  await journal.append([begun('one'), ...spoken('m1', 'Hello', at)])
  await remove(first, 'one')
  await first.close()
  const unheard = journal.append(spoken('m2', 'again', at))
  await using second = await opened({ data, port })
  await unheard
  await journal.append(ended(at))
  await told(second)
  expect(await idsOf(second)).toEqual(['last'])
  expect(await second.journals.runs()).toEqual(['last'])
})

test('another run of that name begins as any other', async () => {
  await using studio = await opened()
  const journal = () => studio.journals.open('one')
  await journal().append([begun('one'), ended(at)])
  await remove(studio, 'one')
  await journal().append(spoken('m1', 'too late', at))
  const startedAt = new Date(Date.now() + 1000).toISOString()
  await journal().append({ type: 'run', at, run: { id: 'one', name: 'anew', project: 'tests', startedAt } })
  await journal().append(spoken('m2', 'a new beginning', at))
  await expect.poll(() => read(studio, '/api/runs/one')).toMatchObject({ name: 'anew' })
  await expect.poll(async () => (await read(studio, '/api/runs/one/messages')).messages).toMatchObject([{ id: 'm2' }])
})

test('it comes back from its file under its name, and its program is not heard in it', async () => {
  await using studio = await opened()
  const records = [begun('one'), ...spoken('m1', 'Hello', at), ended(at)]
  await studio.journals.open('one').append(records)
  await expect.poll(() => idsOf(studio)).toEqual(['one'])
  const file = await (await fetch(`${baseOf(studio)}/api/runs/one/export`, { headers: bearer(studio) })).text()
  await remove(studio, 'one')
  const imported = await send(studio, 'POST', '/api/import', { text: file })
  expect(await imported.json()).toMatchObject({ run: 'one', entries: records.length })
  await studio.journals.open('one').append(spoken('m2', 'too late', at))
  await told(studio)
  expect((await read(studio, '/api/runs/one/messages')).messages).toMatchObject([{ id: 'm1' }])
  await remove(studio, 'one')
  expect(await idsOf(studio)).toEqual(['last'])
})

test('a file that is broken leaves no trace: a program of that name is heard', async () => {
  await using studio = await opened()
  const text = `{"agentscope":"run","version":1,"run":"one"}\n${JSON.stringify(begun('one'))}\n{"type":"event"}\n`
  expect((await send(studio, 'POST', '/api/import', { text })).status).toBe(400)
  await studio.journals.open('one').append([begun('one'), ended(at)])
  await expect.poll(() => idsOf(studio)).toEqual(['one'])
})

describe('programs of other kinds', () => {
  const run = { id: 'one', project: 'p', name: 'n', timestamp: '2026-01-01 00:00:00', pid: 1, status: 'running' }
  const msg = { id: 'm', name: 'Bob', role: 'assistant', content: 'Hello', metadata: null }
  const pushed = { runId: 'one', replyId: 'm', replyName: 'Bob', replyRole: 'assistant', msg }

  test('of Python AgentScope are answered as ever, also by a Studio that was started anew', async () => {
    const data = freshFile()
    const first = await opened({ data })
    await send(first, 'POST', '/trpc/registerRun', run)
    await send(first, 'POST', '/trpc/pushMessage', pushed)
    await remove(first, 'one')
    expect((await send(first, 'POST', '/trpc/pushMessage', pushed)).status).toBe(200)
    await first.close()
    await using second = await opened({ data })
    expect((await send(second, 'POST', '/trpc/pushMessage', pushed)).status).toBe(200)
    const question = { runId: 'one', requestId: 'q', agentId: 'b', agentName: 'Bob', structuredInput: null }
    expect(await (await send(second, 'POST', '/trpc/requestUserInput', question)).text()).toContain('was deleted')
    await told(second)
    expect(await idsOf(second)).toEqual(['last'])
    await send(second, 'POST', '/trpc/registerRun', run)
    await expect.poll(() => idsOf(second)).toEqual(['last', 'one'])
  })

  test('that send spans hear that they are not taken', async () => {
    await using studio = await opened()
    const attributes = [{ key: 'agentscope.run_id', value: { stringValue: 'one' } }]
    const times = { startTimeUnixNano: '1700000000000000000', endTimeUnixNano: '1700000001000000000' }
    const spans = (spanId: string) => {
      const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId, name: 'chat', kind: 3, attributes, ...times }
      return { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }
    }
    expect(await (await send(studio, 'POST', '/v1/traces', spans('b7ad6b7169203331'))).json()).toEqual({})
    await remove(studio, 'one')
    const answer = await (await send(studio, 'POST', '/v1/traces', spans('b7ad6b7169203332'))).json()
    expect(answer).toMatchObject({ partialSuccess: { rejectedSpans: '1' } })
    await told(studio)
    expect(await idsOf(studio)).toEqual(['last'])
  })
})
