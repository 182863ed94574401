// A Studio for one test, on a port of its own and with a data file that goes away with it, and tabs that look at it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeEach } from 'vitest'
import { openStudio, type Studio } from '../../src/studio/server/studio.ts'
import type { Chromium } from './chromium.ts'
import { Program } from './program.ts'
import { type TcpProxy, tcpProxy } from './proxy.ts'

export interface House {
  readonly studio: Studio
  /** Between the tabs and the Studio; `tab` goes through it. */
  readonly proxy: TcpProxy
  /** `http://127.0.0.1:<port>` of the Studio itself. */
  readonly origin: string
  readonly token: string
  /** Where its data lies. */
  readonly folder: string
  /** A program whose run is known already. */
  program(run: string): Promise<Program>
  /** A tab at that path, logged in; in the given context, or in one of its own. What goes wrong in it fails the test. */
  tab(path: string, context?: BrowserContext): Promise<Page>
}

/** To be called once at the top of a `describeInChromium`: each test has a Studio of its own. */
export function useStudio(chromium: Chromium): House {
  let folder: string
  let studio: Studio
  let proxy: TcpProxy
  let faults: string[]
  beforeEach(async () => {
    faults = []
    folder = await mkdtemp(join(tmpdir(), 'agentscope-studio-'))
    studio = await openStudio({ port: 0, data: join(folder, 'studio.sqlite'), client: process.env['STUDIO_WEB_OUT'] })
    proxy = await tcpProxy(studio.url)
  })
  afterEach(async () => {
    await proxy[Symbol.asyncDispose]()
    await studio.close()
    await rm(folder, { recursive: true, force: true })
    if (faults.length > 0) throw new Error(`Faults in the page:\n${faults.join('\n')}`)
  })
  return {
    get studio() {
      return studio
    },
    get proxy() {
      return proxy
    },
    get origin() {
      return new URL(studio.url).origin
    },
    get token() {
      return new URLSearchParams(new URL(studio.url).hash.slice(1)).get('token') ?? ''
    },
    get folder() {
      return folder
    },
    async program(run) {
      const program = new Program(studio.journals, run)
      await program.begin()
      return program
    },
    async tab(path, context) {
      const page = await (context ?? (await chromium.context())).newPage()
      page.on('pageerror', (error) => faults.push(String(error)))
      page.on('console', (message) => {
        if (/Content Security Policy|TrustedHTML/.test(message.text())) faults.push(message.text())
      })
      const address = new URL(path, proxy.url)
      address.hash = new URL(proxy.url).hash
      await page.goto(address.href)
      return page
    },
  }
}
