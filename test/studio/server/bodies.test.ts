// Bodies that a Studio does not take: of another kind, too large, too deep, bombs. Each is answered, and life goes on.
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { roomWithApp } from './studio-app.ts'

const json = { 'content-type': 'application/json' }

describe('a body', () => {
  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])(
    'of the kind %j is refused: a page of another site could send it',
    async (kind) => {
      await using studio = await roomWithApp()
      const response = await studio.ask('/api/settings', {
        method: 'PUT',
        body: '{}',
        headers: { 'content-type': kind },
      })
      expect(response.status).toBe(415)
    },
  )

  test('of more than 10 MB is refused', async () => {
    await using studio = await roomWithApp()
    const body = JSON.stringify({ prices: 'x'.repeat(11_000_000) })
    expect((await studio.ask('/api/settings', { method: 'PUT', body, headers: json })).status).toBe(413)
  })

  test('that becomes too large when it is unpacked is refused', async () => {
    await using studio = await roomWithApp()
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(200_000_000, ' ')))
    expect(bomb.byteLength).toBeLessThan(1_000_000)
    const headers = { ...json, 'content-encoding': 'gzip' }
    expect((await studio.ask('/api/settings', { method: 'PUT', body: bomb, headers })).status).toBe(413)
  })

  test('that says gzip and is none, or names another packing, is refused', async () => {
    await using studio = await roomWithApp()
    const put = (packing: string) =>
      studio.ask('/api/settings', { method: 'PUT', body: '{}', headers: { ...json, 'content-encoding': packing } })
    expect((await put('gzip')).status).toBe(400)
    expect((await put('br')).status).toBe(415)
  })

  test('that is packed is taken', async () => {
    await using studio = await roomWithApp()
    const body = new Uint8Array(gzipSync(JSON.stringify({ currency: 'EUR' })))
    const headers = { ...json, 'content-encoding': 'gzip' }
    expect((await studio.ask('/api/settings', { method: 'PUT', body, headers })).status).toBe(200)
    expect(await studio.read('/api/settings')).toMatchObject({ currency: 'EUR' })
  })

  test.each(['['.repeat(1000) + ']'.repeat(1000), '{"a":', 'nonsense', '[]', 'null', ''])(
    'that is no settings is answered with 400: %#',
    async (body) => {
      await using studio = await roomWithApp()
      expect((await studio.ask('/api/settings', { method: 'PUT', body, headers: json })).status).toBe(400)
      expect((await studio.ask('/api/settings')).status).toBe(200)
    },
  )
})
