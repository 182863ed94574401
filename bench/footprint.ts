// What a package weighs: installed bytes and packages with all it depends on, and minified and compressed in a bundle.
import { execFile } from 'node:child_process'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { modulesOf, peers } from './roster.ts'
import type { Figures, Samples } from './samples.ts'

const root = join(import.meta.dirname, '..')

interface Locked {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

/** The folders of these packages and of all that they depend on, as the lock file of that folder resolves them. */
function closureOf(folder: string, names: readonly string[]): string[] {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Locked>
  }
  const found = new Set<string>()
  const visit = (name: string, from: string): void => {
    const path = resolved(lock.packages, name, from)
    if (path === undefined || found.has(path)) return
    found.add(path)
    const { dependencies, optionalDependencies } = lock.packages[path] as Locked
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) visit(next, path)
  }
  for (const name of names) visit(name, '')
  return [...found].map((path) => join(folder, path)).filter((path) => lstatSync(path, { throwIfNoEntry: false }))
}

/** As Node looks for it: beside, and then in every folder above. */
function resolved(packages: Record<string, Locked>, name: string, from: string): string | undefined {
  const path = `${from === '' ? '' : `${from}/`}node_modules/${name}`
  if (path in packages) return path
  if (from === '') return undefined
  const above = from.lastIndexOf('/node_modules/')
  return resolved(packages, name, above === -1 ? '' : from.slice(0, above))
}

/** Bytes in the files of a package, without packages installed inside it, which count for themselves. */
function bytesIn(folder: string): number {
  let bytes = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) bytes += entry.name === 'node_modules' ? 0 : bytesIn(path)
    else if (entry.isFile()) bytes += lstatSync(path).size
  }
  return bytes
}

function installed(folder: string, names: readonly string[]): { bytes: number; packages: number } {
  const folders = closureOf(folder, names)
  return { bytes: folders.reduce((sum, path) => sum + bytesIn(path), 0), packages: folders.length }
}

/** Ours as it would be packed now, with what it depends on. */
async function ownFootprint(): Promise<Figures> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const { stdout } = await promisify(execFile)(npm, args, { cwd: root, maxBuffer: 16 * 1024 * 1024 })
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { unpackedSize: number }>)
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Locked
  const needed = installed(root, Object.keys(about.dependencies ?? {}))
  return { mb: ((packed?.unpackedSize ?? Number.NaN) + needed.bytes) / 1e6, packages: needed.packages + 1 }
}

/** KB of what an application ships when it imports this and nothing else: at once, and on demand. */
async function bundled(code: string, folder: string): Promise<{ bundleKb: number; lazyKb: number }> {
  const { build } = await import('vite')
  const entry = '\0entry'
  const plugin = {
    name: 'entry',
    resolveId: (id: string) => (id === entry ? id : undefined),
    load: (id: string) => (id === entry ? code : undefined),
  }
  const output = await build({
    ...{ root: folder, configFile: false as const, logLevel: 'silent' as const, plugins: [plugin] },
    ssr: { noExternal: true, target: 'node' },
    build: { ssr: true, write: false, minify: true, target: 'es2024', rollupOptions: { input: entry } },
  })
  const chunks = [output].flat().flatMap((one) => ('output' in one ? one.output : []))
  return compressed(chunks.filter((chunk) => chunk.type === 'chunk'))
}

interface Chunk {
  fileName: string
  code: string
  isEntry: boolean
  imports: string[]
}

function compressed(chunks: readonly Chunk[]): { bundleKb: number; lazyKb: number } {
  const first = new Set<Chunk>()
  const visit = (chunk: Chunk | undefined): void => {
    if (chunk === undefined || first.has(chunk)) return
    first.add(chunk)
    for (const name of chunk.imports) visit(chunks.find(({ fileName }) => fileName === name))
  }
  for (const chunk of chunks) if (chunk.isEntry) visit(chunk)
  const kb = (some: readonly Chunk[]) => gzipSync(some.map(({ code }) => code).join('\n'), { level: 9 }).length / 1000
  const later = chunks.filter((chunk) => !first.has(chunk))
  return { bundleKb: kb([...first]), lazyKb: later.length === 0 ? 0 : kb(later) }
}

const unbundled = { bundleKb: Number.NaN, lazyKb: Number.NaN }

/** Under `footprint <client>`: `mb`, `packages`, `bundleKb` and `lazyKb`. */
export async function weigh(build: string, samples: Samples): Promise<void> {
  const seven = `export * from ${JSON.stringify(join(build, 'models/index.js'))}`
  const own = { what: 'footprint', client: 'events', args: [] }
  await noted(samples, own, async () => ({ ...(await ownFootprint()), ...(await bundled(seven, root)) }))
  for (const peer of peers) {
    const { client, packages } = peer
    const code = modulesOf(peer)
      .map((name, at) => `export * as p${at} from '${name}'`)
      .join('\n')
    const of = { what: 'footprint', client, args: [] }
    await noted(samples, of, async () => {
      const { bytes, packages: count } = installed(import.meta.dirname, packages)
      const bundle = await bundled(code, import.meta.dirname).catch(() => unbundled)
      return { mb: bytes / 1e6, packages: count, ...bundle }
    })
  }
}

async function noted(samples: Samples, of: Parameters<Samples['add']>[0], figures: () => Promise<Figures>) {
  try {
    samples.add(of, await figures())
  } catch (error) {
    samples.fail(of, error instanceof Error ? error.message : String(error))
  }
}
