// Builds Studio's page into the checkout's cache, once for each state of its sources.
// Plain JavaScript without imports from node_modules, like run.mjs.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the page is made of: its own folder, and what it shares with the server. */
const sources = ['src/studio/web', 'src/studio/protocol', 'src/core', 'src/stream']
const single = ['vite.web.config.ts', 'scripts/notices.mjs', 'package-lock.json']

export const viteBuild = (root) => [
  join(root, 'node_modules/vite/bin/vite.js'),
  'build',
  '--config',
  join(root, 'vite.web.config.ts'),
]

/** Where Studio looks for its page in a checkout. */
export const webCache = (root) => join(root, 'node_modules/.cache/agentscope-studio-web')

/** Builds when a source has changed since the last time. Returns what went wrong, or undefined. */
export function ensureWeb(root, node) {
  const out = webCache(root)
  const stamp = `${out}.stamp`
  const state = stateOf(root)
  if (existsSync(join(out, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === state)
    return undefined
  process.stderr.write("Setting up: building Studio's page ...\n")
  const done = spawnSync(node, [...viteBuild(root), '--logLevel', 'error'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, STUDIO_WEB_OUT: out },
  })
  if (done.status !== 0) return (done.error?.message ?? `${done.stdout}${done.stderr}`).trim()
  mkdirSync(out, { recursive: true })
  writeFileSync(stamp, state)
  return undefined
}

function stateOf(root) {
  const hash = createHash('sha256')
  const files = sources.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  )
  for (const file of [...files.sort(), ...single.map((name) => join(root, name))]) {
    hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}
