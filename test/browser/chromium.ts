// The real Chromium of the browser tests: one for each test file, closed with everything it started.
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, describe, it } from 'vitest'
import { chromiumPath, launch, missing } from './launch.ts'

/** Like `describe`. Without a Chromium the tests are skipped and say why; in CI, where that hides faults, they fail. */
export function describeInChromium(name: string, body: () => void): void {
  if (chromiumPath !== undefined) describe(name, body)
  else if (process.env.CI) {
    describe(name, () => {
      it('has a Chromium to run in', () => {
        throw new Error(missing)
      })
    })
  } else describe.skip(`${name}: ${missing}`, body)
}

export interface Chromium {
  /** A fresh profile: no cookies, no storage. It is closed when the test ends. */
  context(options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>
}

/** To be called once at the top of a `describeInChromium`: the browser starts with the first context. */
export function useChromium(): Chromium {
  let browser: Promise<Browser> | undefined
  const contexts = new Set<BrowserContext>()
  afterEach(async () => {
    await Promise.all([...contexts].map((context) => context.close()))
    contexts.clear()
  })
  afterAll(async () => (await browser)?.close())
  return {
    async context(options = {}) {
      browser ??= launch()
      const context = await (await browser).newContext({ viewport: { width: 1280, height: 800 }, ...options })
      contexts.add(context)
      return context
    },
  }
}
