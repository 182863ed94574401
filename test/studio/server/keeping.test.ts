// What a Studio keeps and for how long: settings, and runs by age.
import { describe, expect, test } from 'vitest'
import { defaultDataFile } from '../../../src/studio/index.ts'
import { retain } from '../../../src/studio/server/retention.ts'
import { begun, ended, roomWithApp, spoken } from './studio-app.ts'

describe('settings', () => {
  test('are changed field by field', async () => {
    await using studio = await roomWithApp()
    const prices = { 'qwen-max': { input: 1.6, output: 6.4, cachedInput: 0.3 } }
    await studio.read('/api/settings', { method: 'PUT', json: { prices } })
    await studio.read('/api/settings', { method: 'PUT', json: { retentionDays: 7 } })
    const kept = await studio.read('/api/settings')
    expect(kept).toEqual({
      prices,
      retentionDays: 7,
      retentionMegabytes: 2048,
      currency: 'USD',
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
  ])('do not take %j', async (json) => {
    await using studio = await roomWithApp()
    const before = await studio.read('/api/settings')
    expect((await studio.ask('/api/settings', { method: 'PUT', json })).status).toBe(400)
    expect(await studio.read('/api/settings')).toEqual(before)
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
})

describe('the data file', () => {
  test('lies in the folder for data of the system', () => {
    expect(defaultDataFile({ XDG_DATA_HOME: '/data' })).toBe('/data/agentscope/studio.sqlite')
    expect(defaultDataFile({ XDG_DATA_HOME: 'relative' })).toMatch(/\.local.share.agentscope.studio\.sqlite$/)
    expect(defaultDataFile({})).toMatch(/\.local.share.agentscope.studio\.sqlite$/)
  })
})
