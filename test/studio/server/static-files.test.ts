// The client's files: of the right kind, kept as long as they may be, and nothing else of this machine.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { staticFiles } from '../../../src/studio/server/static-files.ts'

const root = mkdtempSync(join(tmpdir(), 'agentscope-client-'))
const folder = join(root, 'web')
const script = 'console.log("hello")\n'.repeat(200)
mkdirSync(join(folder, 'assets'), { recursive: true })
writeFileSync(join(root, 'secret.txt'), 'secret')
writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Studio</title>')
writeFileSync(join(folder, 'assets', 'main-a1b2c3d4.js'), script)
writeFileSync(join(folder, 'assets', 'page-a1b2c3d4.css.gz'), gzipSync('a { color: red }'))
writeFileSync(join(folder, 'theme.js'), '1')
writeFileSync(join(folder, 'odd.sh'), 'rm')
afterAll(() => rmSync(root, { recursive: true, force: true }))

const ask = (path: string, headers: Record<string, string> = {}) => staticFiles(folder).request(path, { headers })

describe('the client', () => {
  test.each(['/', '/run/one', '/traces', '/run/run.with.dots'])('answers %s with its page', async (path) => {
    const response = await ask(path, { accept: 'text/html,*/*' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('no-cache')
  })

  test('keeps what has a hash in its name for ever, packed where that is taken', async () => {
    const response = await ask('/assets/main-a1b2c3d4.js', { 'accept-encoding': 'gzip, br' })
    expect(response.headers.get('cache-control')).toContain('immutable')
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(gunzipSync(await response.arrayBuffer()).toString()).toBe(script)
    expect(await (await ask('/assets/main-a1b2c3d4.js')).text()).toBe(script)
  })

  test('lies packed in the package, and is unpacked for those who do not take that', async () => {
    const packed = await ask('/assets/page-a1b2c3d4.css', { 'accept-encoding': 'gzip' })
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(gunzipSync(await packed.arrayBuffer()).toString()).toBe('a { color: red }')
    const plain = await ask('/assets/page-a1b2c3d4.css')
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(await plain.text()).toBe('a { color: red }')
    expect((await ask('/assets/page-a1b2c3d4.css.gz')).status).toBe(404)
  })

  test('says when a file is what it was', async () => {
    const tag = (await ask('/theme.js')).headers.get('etag') ?? ''
    expect((await ask('/theme.js', { 'if-none-match': tag })).status).toBe(304)
    expect((await ask('/theme.js', { 'if-none-match': '"other"' })).status).toBe(200)
  })

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%00',
    '/%ff.js',
  ])('gives nothing else of this machine: %s', async (path) => {
    const response = await ask(path)
    expect(await response.text()).not.toContain('secret')
    expect(response.status === 404 || response.headers.get('content-type')?.startsWith('text/html')).toBe(true)
  })

  test('gives no file of a kind that it does not know', async () => {
    expect((await ask('/odd.sh')).status).toBe(404)
  })

  test('says how to build it when it is not there', async () => {
    const response = await staticFiles(join(root, 'nothing')).request('/')
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('npm run build:web')
  })
})
