// What is published: built once into a folder of its own, and looked at as a program meets it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import about from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')
const dist = mkdtempSync(join(tmpdir(), 'agentscope-package-'))
const exported = Object.values(about.exports).flatMap((each) =>
  typeof each === 'string' ? [] : [each.default.slice('./dist/'.length)],
)
const entries = [...exported, 'cli/main.js', 'cli/run-program.js', 'cli/record-program.js', 'studio/index.js']

beforeAll(() => {
  const vite = [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'vite.package.config.ts']
  execFileSync(process.execPath, vite, { cwd: root, env: { ...process.env, AGENTSCOPE_DIST: dist } })
  writeFileSync(join(dist, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(dist, { recursive: true, force: true }))

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
    const notices = readFileSync(join(dist, 'THIRD-PARTY.txt'), 'utf8')
    for (const name of ['hono', '@hono/node-server', 'ws', 'string-width', '@cfworker/json-schema']) {
      expect(notices).toMatch(new RegExp(`^${name} \\d.*\\(MIT\\)$`, 'm'))
    }
  })
})
