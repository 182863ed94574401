// Finds the Chromium that the browser tests run in, and installs it where that can be done without asking.
// Plain JavaScript without imports from node_modules, like run.mjs.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

export const howToGetChromium =
  'Install Chromium (Debian: apt-get install -y --no-install-recommends chromium), or set CHROMIUM_PATH to one.'

/** The path of a Chromium or Chrome: CHROMIUM_PATH when it is set, else one at a usual place; undefined without one. */
export function findChromium() {
  const given = process.env.CHROMIUM_PATH
  if (given) return existsSync(given) ? given : undefined
  return places.find((place) => existsSync(place))
}

/**
 * Makes sure that there is a Chromium: as root on Debian or Ubuntu it is installed, quietly and once. Elsewhere, or when
 * that fails, a message says how to get one, and the browser tests say themselves that they are left out.
 */
export function ensureChromium() {
  if (findChromium() !== undefined || process.env.CHROMIUM_PATH) return
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`There is no Chromium, so the browser tests cannot run. ${howToGetChromium}\n`)
    return
  }
  process.stderr.write('Setting up: installing Chromium for the browser tests (once) ...\n')
  const failure = aptGet(['update', '-qq']) ?? aptGet(['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
  if (failure !== undefined) {
    process.stderr.write(`Chromium could not be installed: ${failure}\n${howToGetChromium}\n`)
  }
}

/** Undefined when it went well, else the last words of what went wrong. */
function aptGet(args) {
  const done = spawnSync('apt-get', args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (done.error) return done.error.message
  return done.status === 0 ? undefined : done.stderr.trim().split('\n').slice(-3).join('\n')
}
