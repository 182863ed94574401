// Starts the real Chromium that browser tests, screenshots and measurements look through.
import { type Browser, chromium } from 'playwright-core'
import { findChromium, howToGetChromium } from '../../scripts/chromium.mjs'

export const chromiumPath = findChromium()
export const missing = `There is no Chromium here. ${howToGetChromium}`

// Nothing but the test's own pages: no first-run work, no calls home, no second protocol beside TCP.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A Chromium with an empty user data folder of its own, which goes away with it. */
export function launch(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(missing)
  return chromium.launch({ executablePath: chromiumPath, args: flags, headless: true })
}
