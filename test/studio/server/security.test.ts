// Who may come in: every route refuses a wrong Host, another site, a foreign Origin and a missing token.
import { describe, expect, test } from 'vitest'
import { host, roomWithApp, token } from './studio-app.ts'

const routes = [
  ['GET', '/'],
  ['GET', '/api/runs'],
  ['GET', '/api/runs/x'],
  ['GET', '/api/runs/x/events'],
  ['GET', '/api/runs/x/export'],
  ['GET', '/api/inbox'],
  ['GET', '/api/settings'],
  ['GET', '/blob/x'],
  ['PUT', '/api/settings'],
  ['POST', '/api/import'],
  ['POST', '/api/session'],
  ['DELETE', '/api/runs'],
  ['POST', '/trpc/registerRun'],
  ['POST', '/v1/traces'],
  ['GET', '/api/traces'],
  ['GET', '/api/traces/x'],
  ['GET', '/api/metrics'],
  ['GET', '/api/search'],
  ['GET', '/api/runs/x/messages'],
  ['GET', '/api/runs/x/spans'],
  ['GET', '/api/runs/x/raw'],
  ['GET', '/socket.io/'],
  ['GET', '/ingest'],
  ['POST', '/ingest'],
  ['POST', '/trpc/pushMessage'],
] as const
const withToken = routes.filter(([, path]) => path !== '/' && path !== '/api/session')

describe('the guard', () => {
  test.each(routes)('refuses a Host that is not ours: %s %s', async (method, path) => {
    await using studio = await roomWithApp()
    for (const foreign of ['evil.example', 'evil.example:3000', 'localhost.evil.example:3000', '']) {
      expect((await studio.ask(path, { method, headers: { host: foreign } })).status).toBe(403)
    }
  })

  test.each(withToken)('refuses without the token, and with a wrong one: %s %s', async (method, path) => {
    await using studio = await roomWithApp()
    for (const authorization of ['', 'Bearer ', 'Bearer wrong', `Basic ${token}`]) {
      expect((await studio.ask(path, { method, headers: { authorization } })).status).toBe(401)
    }
  })

  test.each(routes)('refuses another site, whatever it asks: %s %s', async (method, path) => {
    await using studio = await roomWithApp()
    for (const site of ['cross-site', 'same-site']) {
      expect((await studio.ask(path, { method, headers: { 'sec-fetch-site': site } })).status).toBe(403)
    }
  })

  test.each(routes.filter(([method]) => method !== 'GET'))(
    'refuses a foreign Origin of what changes something: %s %s',
    async (method, path) => {
      await using studio = await roomWithApp()
      for (const origin of ['http://evil.example', 'null', 'http://localhost:5173', 'https://localhost.evil.example']) {
        expect((await studio.ask(path, { method, headers: { origin } })).status).toBe(403)
      }
    },
  )

  test('never allows another origin to read', async () => {
    await using studio = await roomWithApp()
    const response = await studio.ask('/api/runs', { method: 'OPTIONS', headers: { origin: 'http://evil.example' } })
    expect(response.status).toBe(403)
    const read = await studio.ask('/api/runs', { headers: { origin: 'http://evil.example' } })
    expect([...read.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(read.headers.get('cross-origin-resource-policy')).toBe('same-origin')
  })

  test('gives every answer its headers, refusals and failures too', async () => {
    await using studio = await roomWithApp()
    for (const path of ['/', '/api/runs', '/api/nothing', '/blob/x']) {
      for (const headers of [{}, { host: 'evil.example' }, { authorization: '' }]) {
        const response = await studio.ask(path, { headers })
        expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
        expect(response.headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'")
        expect(response.headers.get('x-content-type-options')).toBe('nosniff')
        expect(response.headers.get('referrer-policy')).toBe('no-referrer')
        expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
      }
    }
  })
})

describe('the session', () => {
  const swap = { method: 'POST', json: { token }, headers: { authorization: '', origin: `http://${host}` } }

  test('swaps the token for a cookie that no script reads and no other site sends', async () => {
    await using studio = await roomWithApp()
    const response = await studio.ask('/api/session', swap)
    expect(response.status).toBe(200)
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^agentscope_studio_3000=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect(cookie).not.toContain(token)
  })

  test('lets in whoever has the cookie, and nobody with another', async () => {
    await using studio = await roomWithApp()
    const cookie = (await studio.ask('/api/session', swap)).headers.get('set-cookie')?.split(';')[0] ?? ''
    const status = async (value: string) => {
      return (await studio.ask('/api/runs', { headers: { authorization: '', cookie: value } })).status
    }
    expect(await status(`a=1; ${cookie}`)).toBe(200)
    expect(await status(cookie.slice(0, -1))).toBe(401)
    expect(await status(cookie.replace('3000', '3001'))).toBe(401)
  })

  test('refuses a cookie that changes something without an Origin', async () => {
    await using studio = await roomWithApp()
    const cookie = (await studio.ask('/api/session', swap)).headers.get('set-cookie')?.split(';')[0] ?? ''
    const put = (more: Record<string, string>) =>
      studio.ask('/api/settings', { method: 'PUT', json: {}, headers: { authorization: '', cookie, ...more } })
    expect((await put({})).status).toBe(403)
    expect((await put({ origin: `http://${host}` })).status).toBe(200)
  })

  test.each([{ token: 'wrong' }, { token: 5 }, [], 'token'])('takes no other token: %j', async (json) => {
    await using studio = await roomWithApp()
    const response = await studio.ask('/api/session', { ...swap, json })
    expect([400, 401]).toContain(response.status)
    expect(response.headers.get('set-cookie')).toBeNull()
  })
})
