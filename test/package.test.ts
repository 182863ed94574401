// What is published: built once into a folder of its own, and looked at as a program meets it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build as bundle } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import about from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'agentscope-package-'))
const dist = join(folder, 'dist')
const page = join(folder, 'page')
const exported = Object.values(about.exports).flatMap((each) =>
  typeof each === 'string' ? [] : [each.default.slice('./dist/'.length)],
)
const entries = [...exported, 'cli/main.js', 'cli/run-program.js', 'cli/record-program.js', 'studio/index.js']

beforeAll(() => {
  build('vite.package.config.ts', { AGENTSCOPE_DIST: dist })
  writeFileSync(join(dist, 'package.json'), JSON.stringify({ type: 'module', sideEffects: about.sideEffects }))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function build(config: string, places: Record<string, string>): void {
  const vite = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', config, '--logLevel', 'error']
  execFileSync(process.execPath, vite, { cwd: root, env: { ...process.env, ...places } })
}

/** The packages whose licences stand in the folder's THIRD-PARTY.txt. */
function licensed(place: string): string[] {
  const text = readFileSync(join(place, 'THIRD-PARTY.txt'), 'utf8')
  return [...text.matchAll(/^(\S+) \d.*\((?:MIT|BSD-3-Clause)\)$/gm)].map(([, name]) => String(name))
}

/** Runs a program that has the entries by their file names as `modules`, and gives what it prints as JSON. */
function inProgram(code: string): unknown {
  const urls = exported.map((name) => [name, pathToFileURL(join(dist, name)).href])
  const start = `const modules = {}; for (const [name, url] of ${JSON.stringify(urls)}) modules[name] = await import(url);`
  const args = ['--input-type=module', '--eval', `${start}\nconsole.log(JSON.stringify(${code}))`]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
}

const isBeside = (name: string) => name.startsWith('.')

/** What a file imports, at once or on demand. */
function importsOf(file: string, onDemand: boolean): string[] {
  const code = readFileSync(file, 'utf8')
  const found = [...code.matchAll(/\b(?:from|import)\s*["'`]([@\w./:-]+)["'`]/g)]
  const later = onDemand ? [...code.matchAll(/\bimport\(["'`]([@\w./:-]+)["'`]\)/g)] : []
  return [...found, ...later].map(([, name]) => String(name))
}

/** The files that are loaded with this one. */
function loadedWith(file: string, files = new Set<string>()): Set<string> {
  if (files.has(file)) return files
  files.add(file)
  for (const name of importsOf(file, false).filter(isBeside)) loadedWith(join(dirname(file), name), files)
  return files
}

/** What an application loads at once that imports this alone: bytes, minified and compressed. */
async function bundledAtOnce(file: string): Promise<number> {
  const application = join(folder, 'application.js')
  writeFileSync(application, `export * from ${JSON.stringify(file)}`)
  const built = await bundle({
    ...{ root: folder, configFile: false as const, logLevel: 'silent' as const, ssr: { noExternal: true } },
    build: { ssr: application, write: false, minify: true, target: 'es2024' },
  })
  const chunks = [built].flat().flatMap((each) => ('output' in each ? each.output : []))
  const named = new Map(chunks.flatMap((chunk) => (chunk.type === 'chunk' ? [[chunk.fileName, chunk] as const] : [])))
  const first = new Set([...named.values()].filter((chunk) => chunk.isEntry))
  for (const { imports } of first) for (const name of imports) if (named.has(name)) first.add(named.get(name)!)
  return gzipSync([...first].map(({ code }) => code).join('\n'), { level: 9 }).length
}

describe('the published JavaScript', () => {
  test('has one class for everybody, whichever way it is imported', () => {
    const same = inProgram(`Object.entries(modules).flatMap(([, names]) => Object.entries(names))
      .filter(([name, value]) => name in modules['index.js'] && modules['index.js'][name] !== value)
      .map(([name]) => name)`)
    expect(same).toEqual([])
  })

  test('keeps the names of classes and functions, which stand in stacks', () => {
    const renamed = inProgram(`Object.values(modules).flatMap((names) => Object.entries(names))
      .filter(([name, value]) => typeof value === 'function' && value.name !== name)
      .map(([name, value]) => [name, value.name])`)
    expect(renamed).toEqual([])
  })

  test('loads the seven wrappers from a few files', () => {
    expect(loadedWith(join(dist, 'models/index.js')).size).toBeLessThanOrEqual(10)
  })

  test('leaves to later what no first answer waits for, also in the bundle of an application', async () => {
    expect(await bundledAtOnce(join(dist, 'models/index.js'))).toBeLessThan(42_000)
  })

  test('needs no package beside the optional ones', () => {
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
    const peers = Object.keys(about.peerDependencies)
    const others = files
      .flatMap((name) => importsOf(join(dist, name), true))
      .filter((name) => !isBeside(name) && !name.startsWith('node:'))
      .filter((name) => !peers.some((peer) => name === peer || name.startsWith(`${peer}/`)))
    expect(others).toEqual([])
  })

  test('has every file that is started by its name, and no map', () => {
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    expect(files).toEqual(expect.arrayContaining(entries))
    expect(files.filter((name) => name.endsWith('.map'))).toEqual([])
  })

  test('brings the licences of what was taken in', () => {
    const taken = ['hono', '@hono/node-server', 'ws', 'string-width', '@cfworker/json-schema']
    expect(licensed(dist)).toEqual(expect.arrayContaining(taken))
  })

  test("brings the licences of what Studio's page is made of", () => {
    build('vite.web.config.ts', { STUDIO_WEB_OUT: page })
    const taken = ['preact', '@preact/signals', '@preact/signals-core', 'marked', 'highlight.js', 'katex', 'uplot']
    expect(licensed(page)).toEqual(taken.toSorted())
  })
})
