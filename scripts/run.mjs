// Sets up what is missing, then runs one of the project's jobs on the Node that the project brings along.
// Plain JavaScript for Node 20 and later, without imports from node_modules: it runs before they exist.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './chromium.mjs'
import { ensureWeb, viteBuild } from './web.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const bundledNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const bin = (name, file) => join(modules, name, file)

const jobs = {
  start: [['src/cli/main.ts', 'demo']],
  agentscope: [['src/cli/main.ts']],
  test: [[bin('vitest', 'vitest.mjs'), 'run']],
  format: [[bin('@biomejs/biome', 'bin/biome'), 'check', '--write', '.']],
  lint: [[bin('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings', '.']],
  types: [
    [bin('typescript', 'bin/tsc'), '--project', 'tsconfig.json'],
    [bin('typescript', 'bin/tsc'), '--project', 'src/studio/web/tsconfig.json'],
  ],
  build: [
    [bin('vite', 'bin/vite.js'), 'build', '--config', 'vite.package.config.ts'],
    [bin('typescript', 'bin/tsc'), '--project', 'tsconfig.build.json'],
    ['scripts/types.mjs'],
    viteBuild(root),
    ['scripts/packed-web.mjs'],
  ],
  'build:web': [viteBuild(root)],
  'soak:hub': [['--expose-gc', 'bench/hub.ts']],
  soak: [['--expose-gc', 'bench/soak.ts']],
  chaos: [[bin('vitest', 'vitest.mjs'), 'run', 'test/chaos']],
  'bench:studio': [['bench/studio.ts']],
  screenshots: [['--conditions=agentscope-source', 'test/browser/screenshots.ts']],
}
/** The bench measures the package as it would be published now. */
jobs.bench = [...jobs.build, ['bench/bench.ts']]
jobs.check = [...jobs.lint, ...jobs.types, ...jobs.build, ...jobs.test]
/** Jobs that open Studio, so that its page must be there; and those that look at it in a browser. */
const withPage = ['start', 'agentscope', 'test', 'check', 'bench:studio', 'screenshots']
const withBrowser = ['test', 'check', 'bench:studio', 'screenshots']

await main()

async function main() {
  const [job, ...rest] = process.argv.slice(2)
  const steps = jobs[job]
  if (steps === undefined) fail(`Unknown job ${JSON.stringify(job)}. Known: ${Object.keys(jobs).join(', ')}.`)
  setUp()
  const node = usableNode()
  if (job === 'chaos') process.env.CHAOS_STREAMS ??= '100000'
  if (withPage.includes(job)) {
    const failure = ensureWeb(root, node)
    if (failure !== undefined) fail(`Studio's page could not be built:\n${failure}`)
  }
  if (withBrowser.includes(job)) ensureChromium()
  if (job === 'bench') ensurePeers()
  for (const [index, step] of steps.entries()) {
    const code = await run(node, [...step, ...(index === steps.length - 1 ? rest : [])])
    if (code !== 0) process.exit(code)
  }
}

/**
 * Runs one step in this terminal and gives its exit code. Ctrl-C reaches the step directly and is its own to answer (the
 * chat stops a reply and goes on); a signal sent to this process alone is handed on, so that no step outlives it.
 */
function run(node, step) {
  return new Promise((resolve) => {
    const child = spawn(node, step, { cwd: root, stdio: 'inherit' })
    const handOn = (signal) => child.kill(signal)
    const ignore = () => {}
    process.on('SIGINT', ignore).on('SIGTERM', handOn).on('SIGHUP', handOn)
    child.on('error', (error) => fail(`Could not run ${step[0]}: ${error.message}`))
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', handOn).off('SIGHUP', handOn)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143))
    })
  })
}

/** Installs what this project needs; without it nothing runs. */
function setUp() {
  const failure = ensureInstalled(root, 'installing the locked dependencies (once)', existsSync(bundledNode))
  if (failure !== undefined) fail(failure)
}

/** Installs the packages that the bench compares with; those that are missing are named by the bench itself. */
function ensurePeers() {
  const failure = ensureInstalled(join(root, 'bench'), 'installing what the bench compares with (once)', true)
  if (failure !== undefined) process.stderr.write(`${failure}\nGoing on without.\n`)
}

/** Installs a folder's locked dependencies once per lock file; a later run finds the stamp and goes straight on. */
function ensureInstalled(folder, what, complete) {
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  const stamp = join(folder, 'node_modules', '.agentscope-setup')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && complete) return undefined
  process.stderr.write(`Setting up: ${what} ...\n`)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (done.error) return `npm could not be started: ${done.error.message}. Install npm 10 or later and try again.`
  if (done.status !== 0) return 'npm ci failed; its own message stands above. Is the package registry reachable?'
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  writeFileSync(stamp, lock)
  return undefined
}

/** The Node of the `node` package; the running one when that is new enough and the package has none for this system. */
function usableNode() {
  if (existsSync(bundledNode)) return bundledNode
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  fail(`Node ${process.versions.node} is too old (22.18 is needed) and the bundled one is missing. Try: npm ci`)
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
