// What a Studio keeps and for how long: settings, and runs by age.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sqliteJournals } from '../../../src/journal/sqlite.ts'
import { defaultDataFile } from '../../../src/studio/index.ts'
import { retain } from '../../../src/studio/server/retention.ts'
import { openRoom } from '../../../src/studio/server/room.ts'
import { begun, ended, roomWithApp, spoken } from './studio-app.ts'

describe('settings', () => {
  test('are changed field by field', async () => {
    await using studio = await roomWithApp()
    const prices = { 'qwen-max': { input: 1.6, output: 6.4, cachedInput: 0.3 } }
    await studio.read('/api/settings', { method: 'PUT', json: { prices } })
    await studio.read('/api/settings', { method: 'PUT', json: { retentionDays: 7, windows: { 'qwen*': 131_072 } } })
    const kept = await studio.read('/api/settings')
    expect(kept).toEqual({
      prices,
      windows: { 'qwen*': 131_072 },
      retentionDays: 7,
      retentionMegabytes: 2048,
      currency: 'USD',
      redact: [],
      data: 'memory',
      token: true,
    })
  })

  test.each([
    { token: false },
    { data: '/etc/passwd' },
    { __proto__x: 1 },
    { retentionDays: 0 },
    { retentionDays: '7' },
    { currency: '<b>' },
    { prices: { a: { input: -1, output: 1 } } },
    { prices: { a: { input: 1, output: 1, more: 1 } } },
    { windows: { a: 0 } },
    { windows: { a: 1.5 } },
    { windows: { a: '128000' } },
    { windows: [128_000] },
    { redact: 'sk-*' },
    { redact: ['*'] },
    { redact: ['a*b*c*d*e'] },
    { redact: Array(51).fill('secret') },
  ])('do not take %j', async (json) => {
    await using studio = await roomWithApp()
    const before = await studio.read('/api/settings')
    expect((await studio.ask('/api/settings', { method: 'PUT', json })).status).toBe(400)
    expect(await studio.read('/api/settings')).toEqual(before)
  })

  test('say what they take when they refuse', async () => {
    await using studio = await roomWithApp()
    const refused = await studio.ask('/api/settings', { method: 'PUT', json: { redact: ['*'] } })
    expect(await refused.text()).toContain('up to 50 patterns')
  })
})

describe('a run', () => {
  test('goes when it ended too many days ago; one that is running stays', async () => {
    await using studio = await roomWithApp()
    const day = 86_400_000
    const now = 40 * day + Date.parse('2026-01-02T03:04:05.000Z')
    await studio.log('old', begun('old'), ended(now - 31 * day))
    await studio.log('new', begun('new'), ended(now - 29 * day))
    await studio.log('long', begun('long'), ...spoken('m', 'Still here', now - 39 * day))
    const { journals, store, settings } = studio.parts
    await retain({ journals, store, settings }, now)
    expect((await journals.runs()).sort()).toEqual(['long', 'new'])
  })

  test('goes when the files are too large, the oldest first, until they are small enough', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentscope-retention-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'studio.sqlite')
    const room = await openRoom(sqliteJournals(file), file, () => ({ hosts: new Set() }))
    const words = 'so many words '.repeat(30_000)
    for (let nth = 1; nth <= 6; nth += 1) {
      const records = [begun(`run-${nth}`), ...spoken('m', words, nth * 1000), ended(nth * 1000)]
      await room.parts.store.reached(`run-${nth}`, await room.journals.open(`run-${nth}`).append(records))
    }
    const { store, settings } = room.parts
    store.flush()
    settings.keep('settings', JSON.stringify({ retentionMegabytes: 5, retentionDays: 1e6 }))
    await retain({ journals: room.journals, store, settings, file })
    const left = await room.journals.runs()
    expect(left.length).toBeGreaterThan(0)
    expect(left.length).toBeLessThan(6)
    expect(left).toEqual(['run-6', 'run-5', 'run-4', 'run-3', 'run-2'].slice(0, left.length))
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(5_100_000)
    await room.close()
  })
})

describe('the data file', () => {
  test('lies in the folder for data of the system', () => {
    expect(defaultDataFile({ XDG_DATA_HOME: '/data' })).toBe('/data/agentscope/studio.sqlite')
    expect(defaultDataFile({ XDG_DATA_HOME: 'relative' })).toMatch(/\.local.share.agentscope.studio\.sqlite$/)
    expect(defaultDataFile({})).toMatch(/\.local.share.agentscope.studio\.sqlite$/)
  })
})
