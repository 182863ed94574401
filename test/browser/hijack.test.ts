// Nobody but the person at this machine who has the token may look or speak: not other pages, names, or users.
import { execFile } from 'node:child_process'
import { chmod, readdir, stat } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInChromium, useChromium } from './chromium.ts'
import { useStudio } from './studio.ts'

const reads = [
  'runs',
  'runs/r1',
  'runs/r1/messages',
  'runs/r1/events',
  'runs/r1/raw',
  'runs/r1/spans',
  'traces',
  'inbox',
]
  .concat(['metrics', 'search?q=a', 'runs/r1/export', 'settings'])
  .map((path) => ['GET', `/api/${path}`] as const)
const writes = [
  ['POST', '/api/import'],
  ['DELETE', '/api/runs'],
  ['PUT', '/api/settings'],
  ['POST', '/v1/traces'],
  ['POST', '/trpc/registerRun'],
] as const
const upgrades = ['/live', '/ingest']

interface Asked {
  method?: string
  path: string
  headers?: Record<string, string>
}

describeInChromium('a Studio that others want to hijack', () => {
  const chromium = useChromium()
  const house = useStudio(chromium)
  let evil: Server
  beforeAll(async () => {
    evil = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<h1>evil</h1>'))
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => evil.close().closeAllConnections())

  /** The status of the answer; 101 when an upgrade was granted. */
  function ask({ method = 'GET', path, headers = {} }: Asked): Promise<number> {
    return new Promise((resolve, reject) => {
      const asked = request(house.origin + path, { method, headers })
      asked.on('response', (response) => resolve(response.destroy().statusCode ?? 0))
      asked.on('upgrade', (response, socket) => {
        socket.destroy()
        resolve(response.statusCode ?? 0)
      })
      asked.on('error', reject)
      asked.end()
    })
  }
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
  const handshake = { ...upgrade, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
  const bearer = () => ({ authorization: `Bearer ${house.token}` })

  /** A browser that has swapped the token for a cookie. */
  async function loggedIn() {
    const context = await chromium.context()
    const { origin } = new URL(house.proxy.url)
    const answer = await context.request.post(`${origin}/api/session`, {
      data: { token: house.token },
      headers: { origin },
    })
    expect(answer.ok()).toBe(true)
    return context
  }

  it('answers a Host that is not its own with 403, on every route and upgrade, with the token too', async () => {
    const headers = { host: 'rebound.example', ...bearer() }
    for (const [method, path] of [...reads, ...writes, ['GET', '/'] as const, ['POST', '/api/session'] as const]) {
      expect([method, path, await ask({ method, path, headers })]).toEqual([method, path, 403])
    }
    for (const path of upgrades) expect(await ask({ path, headers: { ...handshake, ...headers } })).toBe(403)
  })

  it('answers whoever has no token with 401, on every route and upgrade, and with 101 whoever has it', async () => {
    for (const [method, path] of [...reads, ...writes]) {
      const headers = { 'content-type': 'application/json' }
      expect([method, path, await ask({ method, path, headers })]).toEqual([method, path, 401])
    }
    for (const path of upgrades) {
      expect(await ask({ path, headers: handshake })).toBe(401)
      expect(await ask({ path, headers: { ...handshake, ...bearer() } })).toBe(101)
    }
  })

  it('takes no upgrade and no change from another origin, also with the cookie', async () => {
    const context = await loggedIn()
    const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const host = new URL(house.proxy.url).host
    const headers = { host, cookie: cookies, origin: `http://127.0.0.1:${(evil.address() as AddressInfo).port}` }
    for (const path of upgrades) expect(await ask({ path, headers: { ...handshake, ...headers } })).toBe(403)
    for (const [method, path] of writes) expect(await ask({ method, path, headers })).toBe(403)
  })

  it('lets a page of another port neither read, nor write, nor listen, nor frame it', async () => {
    const context = await loggedIn()
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`)
    const got = await page.evaluate(attack, new URL(house.proxy.url).origin)
    expect(got).toEqual({ read: 'refused', preflighted: 'refused', simple: 'refused', socket: 'refused' })
    await page.setContent(`<iframe src="${new URL(house.proxy.url).origin}/"></iframe>`)
    const frame = page.frames().at(-1)
    await frame?.waitForLoadState()
    expect(await frame?.locator('main').count()).toBe(0)
    expect(frame?.url()).toMatch(/^chrome-error:/)
  })

  it('listens on loopback only, and keeps its data to its user', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal }) => !internal)
    for (const { address } of others)
      await expect(reached(address, house.studio.port)).rejects.toThrow(/ECONNREFUSED|EINVAL/)
    for (const address of ['127.0.0.1', '::1']) expect(await reached(address, house.studio.port)).toBe(true)
    const files = await readdir(house.folder)
    expect(files).toContain('studio.sqlite')
    for (const file of files) expect([file, (await stat(join(house.folder, file))).mode & 0o077]).toEqual([file, 0])
  })

  // Only root can become somebody else.
  it.skipIf(process.getuid?.() !== 0)(
    'lets another user of this machine neither read its files nor ask it',
    async () => {
      await chmod(house.folder, 0o755)
      for (const file of await readdir(house.folder)) {
        const { stdout, stderr } = await asNobody('cat', join(house.folder, file))
        expect([file, stdout, /denied/.test(stderr)]).toEqual([file, '', true])
      }
      const script = `fetch('${house.origin}/api/runs').then(({ status }) => console.log(status))`
      expect(await asNobody(process.execPath, '-e', script)).toEqual({ stdout: '401\n', stderr: '' })
    },
  )
})

/** What a command says when a user without any rights runs it. */
function asNobody(command: string, ...words: string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(command, words, { uid: 65_534, gid: 65_534, cwd: '/', env: {} }, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    )
  })
}

/** Whether a connection to that port of this machine is taken; rejects when it is refused. */
function reached(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => resolve(socket.destroy() !== undefined))
    socket.on('error', reject)
  })
}

/** What a page may try, run inside it. */
async function attack(studio: string): Promise<Record<string, string>> {
  const tried = (promise: Promise<Response>) =>
    promise.then(
      ({ type }) => type as string,
      () => 'refused',
    )
  const init = { credentials: 'include' } as const
  return {
    read: await tried(fetch(`${studio}/api/runs`, init)),
    preflighted: await tried(
      fetch(`${studio}/api/settings`, {
        ...init,
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
    ),
    simple: await tried(fetch(`${studio}/api/import`, { ...init, method: 'POST', mode: 'no-cors', body: '{}' })),
    socket: await new Promise((resolve) => {
      const socket = new WebSocket(`${studio.replace('http', 'ws')}/live`)
      socket.onopen = () => resolve('open')
      socket.onerror = () => resolve('refused')
    }),
  }
}
