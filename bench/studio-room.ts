// The room in which Studio is measured: a Studio process, a browser, a counting proxy between them, programs that speak.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import type { Journals } from '../src/journal/journal.ts'
import { launch } from '../test/browser/launch.ts'
import { Program } from '../test/browser/program.ts'
import { type TcpProxy, tcpProxy } from '../test/browser/proxy.ts'
import { journalsAt, type StudioProcess, studioProcess } from '../test/browser/studio-process.ts'

export interface Room extends AsyncDisposable {
  readonly studio: StudioProcess
  readonly proxy: TcpProxy
  readonly journals: Journals
  /** A program whose run is known already; its run is named after what is measured. */
  program(name: string): Promise<Program>
  /** A tab of a fresh profile, logged in, at that path. */
  tab(path: string): Promise<Page>
}

export async function openRoom(): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), 'agentscope-bench-'))
  const studio = await studioProcess(join(folder, 'studio.sqlite'))
  const proxy = await tcpProxy(studio.url)
  const journals = journalsAt(studio.url)
  const browser: Browser = await launch()
  let runs = 0
  return {
    studio,
    proxy,
    journals,
    async program(name) {
      const program = new Program(journals, `${name}-${++runs}`)
      await program.begin(name)
      return program
    },
    async tab(path) {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
      const address = new URL(path, proxy.url)
      address.hash = new URL(proxy.url).hash
      await page.goto(address.href)
      await page.waitForSelector('main')
      return page
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await journals.close()
      await proxy[Symbol.asyncDispose]()
      await studio[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
