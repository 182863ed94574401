// The table of who may import whom (docs/architecture.md), read from the imports themselves.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const source = resolve(import.meta.dirname, '../src')

/** A folder or root file of src, and what it may import beside itself. `node` stands for the platform's modules. */
const allowed: Record<string, readonly string[]> = {
  core: [],
  stream: ['core', 'node (types)'],
  dialects: ['stream', 'core'],
  schema: ['core', 'package:@cfworker/json-schema'],
  models: ['dialects', 'stream', 'core', 'node', 'schema (types)', 'schema (on demand)'],
  tools: [
    'schema',
    'core',
    'node (types)',
    'node (on demand)',
    'package:@modelcontextprotocol/sdk (types)',
    'package:@modelcontextprotocol/sdk (on demand)',
  ],
  parsers: ['core', 'schema', 'models (types)'],
  pipelines: ['agents', 'core', 'scope.ts (types)'],
  'scope.ts': ['core', 'scope.inputs.ts', 'scope.sinks.ts', 'models (types)', 'init.ts (on demand)'],
  'scope.inputs.ts': ['core', 'scope.ts (types)'],
  'scope.mailbox.ts': ['core', 'scope.ts (types)'],
  'scope.sinks.ts': ['core', 'scope.mailbox.ts', 'scope.ts (types)'],
  'scope.options.ts': ['core', 'scope.ts (types)', 'models (types)'],
  'create-scope.ts': ['scope.ts', 'scope.options.ts', 'models', 'runs', 'journal (types)', 'core'],
  memory: ['core', 'models (types)', 'node', 'package:gpt-tokenizer (on demand)'],
  agents: ['scope.ts', 'memory', 'tools', 'parsers', 'schema', 'core', 'models (types)', 'node'],
  terminal: ['scope.ts', 'schema', 'stream', 'core', 'node', 'package:string-width'],
  simulator: ['scope.ts', 'stream', 'core', 'node'],
  'events.ts': ['core', 'stream'],
  'init.ts': [
    'create-scope.ts',
    'scope.ts',
    'scope.options.ts',
    'models (types)',
    'terminal',
    'journal (on demand)',
    'studio (on demand)',
  ],
  runs: ['scope.ts', 'core', 'node'],
  journal: ['scope.ts (types)', 'stream', 'core', 'node', 'package:ws'],
  'studio/protocol': ['journal (types)', 'scope.ts (types)', 'core'],
  'studio/web': [
    'studio/protocol',
    'journal (types)',
    'stream',
    'core',
    'package:preact',
    'package:preact (types)',
    'package:@preact/signals',
    'package:marked',
    'package:highlight.js',
    'package:highlight.js (on demand)',
    'package:katex (on demand)',
    'package:katex (types)',
    'package:uplot (on demand)',
    'package:uplot (types)',
  ],
  studio: [
    'studio/protocol',
    'journal',
    'scope.ts (types)',
    'schema',
    'stream',
    'core',
    'node',
    'package:@hono/node-server',
    'package:hono',
    'package:socket.io (on demand)',
    'package:socket.io (types)',
    'package:ws',
  ],
  doctor: ['models', 'dialects (types)', 'stream', 'core'],
  'index.ts': [
    'agents',
    'core',
    'create-scope.ts',
    'events.ts',
    'init.ts',
    'memory',
    'models',
    'parsers',
    'pipelines',
    'schema',
    'scope.options.ts',
    'scope.ts',
    'terminal',
    'tools',
  ],
  cli: [
    'agents',
    'core',
    'create-scope.ts',
    'dialects',
    'doctor',
    'index.ts',
    'init.ts',
    'journal',
    'memory',
    'models',
    'node',
    'parsers',
    'pipelines',
    'runs',
    'schema',
    'scope.ts',
    'simulator',
    'stream',
    'studio',
    'terminal',
    'tools',
  ],
}

interface Import {
  from: string
  to: string
  how: '' | ' (types)' | ' (on demand)'
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
const imports = files.flatMap(importsOf)

describe('the architecture', () => {
  test('every folder of src is in the table', () => {
    expect([...new Set(files.map(partOf))].sort()).toEqual(Object.keys(allowed).sort())
  })

  test.each(Object.keys(allowed))('%s imports only what the table allows', (part) => {
    const wrong = imports
      .filter(({ from, to }) => partOf(from) === part && partOf(to) !== part)
      .filter(({ to, how }) => !allows(part, partOf(to), how))
    expect(wrong.map(({ from, to, how }) => `${from} -> ${to}${how}`)).toEqual([])
  })

  test('there are no cycles among the files', () => {
    const next = new Map<string, string[]>()
    for (const { from, to, how } of imports) if (how === '') next.set(from, [...(next.get(from) ?? []), to])
    expect(cycleIn(next)).toBeUndefined()
  })

  test('no file bears a name that says nothing', () => {
    expect(files.filter((name) => /\b(utils?|helpers?|common|manager|base|misc)\.ts$/.test(name))).toEqual([])
  })

  test('every file begins with a sentence that says what it is', () => {
    const silent = files.filter((name) => !/^\/\/ \S.*\S/.test(readFileSync(join(source, name), 'utf8')))
    expect(silent).toEqual([])
  })
})

function allows(part: string, target: string, how: Import['how']): boolean {
  const list = allowed[part] ?? []
  return list.includes(target) || (how !== '' && list.includes(target + how))
}

function partOf(file: string): string {
  if (file.startsWith('package:')) return file.split('/', file.startsWith('package:@') ? 2 : 1).join('/')
  if (file.startsWith('node:')) return 'node'
  const [folder, inside] = file.split('/') as [string, string | undefined]
  return folder === 'studio' && (inside === 'web' || inside === 'protocol') ? `${folder}/${inside}` : folder
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8')
  const found: Import[] = []
  for (const [, kind, path] of text.matchAll(/^(?:import|export)(?: (type))?\s(?:[^'"]*?\sfrom\s)?'([^']+)'/gm)) {
    found.push({ from: file, to: target(file, path as string), how: kind === undefined ? '' : ' (types)' })
  }
  for (const [, path] of text.matchAll(/import\('([^']+)'\)/g)) {
    found.push({ from: file, to: target(file, path as string), how: ' (on demand)' })
  }
  return found
}

function target(file: string, path: string): string {
  if (path.startsWith('node:')) return path
  if (!path.startsWith('.')) return `package:${path}`
  return relative(source, resolve(source, dirname(file), path))
}

function cycleIn(next: ReadonlyMap<string, string[]>): string[] | undefined {
  const done = new Set<string>()
  const walk = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const each of next.get(file) ?? []) {
      const cycle = walk(each, [...path, file])
      if (cycle !== undefined) return cycle
    }
    done.add(file)
    return undefined
  }
  for (const file of next.keys()) {
    const cycle = walk(file, [])
    if (cycle !== undefined) return cycle
  }
  return undefined
}
