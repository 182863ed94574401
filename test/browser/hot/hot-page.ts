// The hot path in a real Chromium: built in memory, served on loopback under Studio's policy, and watched for requests.
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { launch } from '../launch.ts'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

export interface HotPage {
  page: Page
  /** Addresses that the page asked for since it was loaded. */
  requests: string[]
  /** What the page reported: errors, and violations of the policy. */
  faults: string[]
  close(): Promise<void>
}

export async function openHotPage(): Promise<HotPage> {
  const files = await builtFiles()
  const server = createServer((request, response) => serve(files, request.url ?? '/', response))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const browser = await launch()
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } })
  const watched = await watch(page, `http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  const close = async () => {
    await browser.close()
    await closed(server)
  }
  return { page, ...watched, close }
}

async function watch(page: Page, url: string): Promise<Pick<HotPage, 'faults' | 'requests'>> {
  const faults: string[] = []
  const requests: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  await page.goto(url)
  await page.waitForFunction(() => window.hot !== undefined)
  page.context().on('request', (request) => requests.push(request.url()))
  return { requests, faults }
}

async function builtFiles(): Promise<Map<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    root: import.meta.dirname,
    build: {
      write: false,
      minify: false,
      modulePreload: false,
      rolldownOptions: { input: join(import.meta.dirname, 'page.html') },
    },
  })
  const outputs = 'output' in built ? built.output : []
  return new Map(outputs.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : String(file.source)]))
}

const types: Record<string, string> = { js: 'text/javascript', css: 'text/css', html: 'text/html' }

function serve(files: ReadonlyMap<string, string>, url: string, response: ServerResponse): void {
  const name = url === '/' ? '/page.html' : url
  const body = files.get(name)
  const type = types[name.split('.').at(-1) ?? ''] ?? 'text/plain'
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
  })
  response.end(body)
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done())
    server.closeAllConnections()
  })
}
