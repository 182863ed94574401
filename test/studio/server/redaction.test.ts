// What must not be stored is nowhere in the files: keys that programs tell by mistake, and what the settings name.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { JournalRecord } from '../../../src/journal/journal.ts'
import { redactionOf } from '../../../src/studio/server/redaction.ts'
import { withoutSecrets } from '../../../src/studio/server/secrets.ts'
import { baseOf, bearer, opened, read } from './opened.ts'
import { begun, ended, roomWithApp, spoken } from './studio-app.ts'

const at = 2_000_000_000_000
const span = (attributes: Record<string, unknown>): JournalRecord => {
  return { type: 'span', at, span: { traceId: 't', spanId: 's', name: 'call', kind: 'other', startMs: at, attributes } }
}

/** Everything in the files of a Studio, those beside the journal too. */
function stored(folder: string): string {
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('')
}

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'agentscope-kept-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const record = (text: string) => spoken('m1', text, at)

describe('a pattern of the settings', () => {
  test.each<[string, unknown, unknown]>([
    ['acme-*', 'the key acme-1234, and "acme-5"', 'the key [redacted], and "[redacted]"'],
    ['ACME-*', ['acme-1'], ['[redacted]']],
    ['customer_no', { customer_no: 77, other: 77 }, { customer_no: '[redacted]', other: 77 }],
    ['customer*', { customer: { name: 'Ada' } }, { customer: '[redacted]' }],
    ['a.b(c', 'a.b(c axb(c', '[redacted] axb(c'],
    ['tel: *', 'tel: 0571 ', '[redacted] '],
  ])('%s', (pattern, value, clean) => {
    expect(redactionOf([pattern])?.clean(value)).toEqual(clean)
  })

  test('leaves what holds records together, and everything when there is none', () => {
    const [start] = record('x')
    const redaction = redactionOf(['assistant', 'message-start'])
    expect(withoutSecrets(start as JournalRecord, redaction)).toEqual(start)
    expect(redactionOf([])).toBeUndefined()
  })
})

describe('what is stored', () => {
  test('has no key of a header, and nothing that the settings name, in any file', async () => {
    const folder = freshFolder()
    const studio = await opened({ data: join(folder, 'studio.sqlite') })
    const body = JSON.stringify({ redact: ['canary-*'] })
    const headers = { ...bearer(studio), 'content-type': 'application/json' }
    const changed = await fetch(`${baseOf(studio)}/api/settings`, { method: 'PUT', headers, body })
    expect(await changed.json()).toMatchObject({ redact: ['canary-*'] })
    const keys = { authorization: 'Bearer sk-secret-one', 'x-api-key': 'sk-secret-two' }
    await studio.journals.open('one').append([
      begun('one'),
      ...record('I found canary-four here'),
      span({
        'http.request.header.authorization': 'sk-secret-three',
        access_token: 'sk-secret-four',
        headers: keys,
        note: 'canary-five',
      }),
      ended(at),
    ])
    expect((await read(studio, '/api/runs/one/messages')).messages).toMatchObject([
      { content: [{ text: 'I found [redacted] here' }] },
    ])
    expect(stored(folder)).not.toMatch(/sk-secret|canary-(four|five)/)
    await studio.close()
    expect(stored(folder)).not.toMatch(/sk-secret|canary-(four|five)/)
    expect(stored(folder)).toContain('[redacted]')
  })

  test('is gone from every file when its run is deleted, and the files are smaller', async () => {
    const folder = freshFolder()
    await using studio = await opened({ data: join(folder, 'studio.sqlite') })
    const picture = `data:image/png;base64,${Buffer.from('secret-picture'.repeat(1000)).toString('base64')}`
    const shown = { type: 'block-start', id: 'm2', index: 0, block: { type: 'image', url: picture } } as const
    const [start, , , , end] = spoken('m2', '', at) as [JournalRecord, ...JournalRecord[]]
    const speaker = { name: 'Planner', id: 'agent-1' }
    const many = Array.from({ length: 300 }, (_, nth) => spoken(`n${nth}`, 'unspeakable words '.repeat(100), at)).flat()
    await studio.journals.open('other').append([begun('other'), ...record('stays'), ended(at)])
    const image: JournalRecord[] = [start, { type: 'event', at, speaker, event: shown }, end as JournalRecord]
    await studio.journals.open('one').append([begun('one'), ...many, ...image, ended(at)])
    await expect.poll(async () => (await read(studio, '/api/search?q=unspeakable')).messages.length).toBeGreaterThan(0)
    const before = stored(folder).length
    const headers = { ...bearer(studio), 'content-type': 'application/json' }
    const body = JSON.stringify({ ids: ['one'] })
    expect((await fetch(`${baseOf(studio)}/api/runs`, { method: 'DELETE', headers, body })).status).toBe(200)
    const after = stored(folder)
    expect(after).not.toMatch(/unspeakable|secret-picture/)
    expect(after).toContain('stays')
    expect(after.length).toBeLessThan(before / 4)
    expect((await read(studio, '/api/runs')).runs).toMatchObject([{ id: 'other' }])
  })
})

test('a run that is deleted while its program is away stays deleted for everybody who reads', async () => {
  await using studio = await roomWithApp()
  await studio.log('one', begun('one'), ...record('Hello'), ended(at))
  await studio.ask('/api/runs', { method: 'DELETE', json: { ids: ['one'] } })
  for (const path of ['', '/messages', '/spans', '/raw', '/export']) {
    expect((await studio.ask(`/api/runs/one${path}`)).status).toBe(404)
  }
  expect(await studio.read('/api/search?q=Hello')).toMatchObject({ runs: [], messages: [] })
  expect(await studio.journals.runs()).toEqual([])
})
