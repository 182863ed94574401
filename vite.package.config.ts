// The published JavaScript: a few files instead of one for each module, so that an import has little to find and link.
import { join, resolve } from 'node:path'
import { defineConfig, type MinifyOptions, minifySync, type Plugin } from 'vite'
import about from './package.json' with { type: 'json' }
import { notices } from './scripts/notices.mjs'

const root = import.meta.dirname
const dist = resolve(process.env['AGENTSCOPE_DIST'] ?? join(root, 'dist'))

/** What is started or loaded by the name of its file, beside what `package.json` exports. */
const started = ['cli/main', 'cli/run-program', 'cli/record-program', 'studio/index']
const exported = Object.values(about.exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [entry['agentscope-source'].slice('./src/'.length, -'.ts'.length)],
)
const entries = [...exported, ...started].map((name) => [name, join(root, 'src', `${name}.ts`)])

/** Where these are, a file becomes one line; elsewhere lines stay: Node shows that of an error, however long it is. */
const isInside = /\/src\/(cli|studio)\//

const wrappers = join(root, 'src/models/index.ts')
const isModel = /\/src\/(models|dialects)\//
const isCore = /\/src\/(core\/|stream\/text\.ts)/
/** What every wire needs when an answer comes; and what of that others need too. */
const isDecoding =
  /\/src\/(core\/json-template|dialects\/(findings|tool-calls|spoken-audio|think-tags)|models\/(attempt|no-answer|repeats)|stream\/(body|ndjson|repeated-frames|whole))\.ts/
const isFraming = /\/src\/(core\/(json-depth|tags|usage)|stream\/(frames|lines|sse|text))\.ts/

/** What the bundler knows of its modules. */
interface Modules {
  getModuleInfo(id: string): { importers: readonly string[] } | null
}

/** Whether a module is loaded at once with that one: an application leaves the rest in files of their own. */
function comesWith(id: string, entry: string, context: Modules, seen = new Set<string>()): boolean {
  if (id === entry) return true
  if (seen.has(id)) return false
  seen.add(id)
  const importers = context.getModuleInfo(id)?.importers ?? []
  return importers.some((each) => comesWith(each, entry, context, seen))
}

/** Smaller, but for the names of functions and classes, which stand in stacks; with the licences of what is taken in. */
function smaller(): Plugin {
  const keepNames = { function: true, class: true }
  return {
    name: 'agentscope-smaller',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      for (const chunk of chunks) {
        const removeWhitespace = chunk.moduleIds.some((id) => isInside.test(id))
        const options: MinifyOptions = { compress: { keepNames }, mangle: { keepNames }, codegen: { removeWhitespace } }
        chunk.code = minifySync(chunk.fileName, chunk.code, { ...options, module: true }).code
      }
      const source = notices(chunks.flatMap(({ moduleIds }) => moduleIds))
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY.txt', source })
    },
  }
}

export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  plugins: [smaller()],
  ssr: { target: 'node', noExternal: true, external: Object.keys(about.peerDependencies) },
  build: {
    ssr: true,
    outDir: dist,
    emptyOutDir: true,
    target: 'node22',
    minify: false,
    rollupOptions: {
      input: Object.fromEntries(entries),
      // Two packages that ws tries to load and can do without.
      external: ['bufferutil', 'utf-8-validate'],
      output: {
        entryFileNames: '[name].js',
        // One folder deep, like all who look for a file beside them.
        chunkFileNames: 'chunks/[name].js',
        comments: { annotation: true, jsdoc: false, legal: false },
        // Left alone, a part that two chunks share goes into either, and drags in the rest of that.
        codeSplitting: {
          // A group is what its test says: what that imports on its side may be for another one, or for later.
          includeDependenciesRecursively: false,
          groups: [
            {
              debugName: 'core',
              name: (id, context) => (isCore.test(id) && comesWith(id, wrappers, context) ? 'core' : null),
            },
            {
              debugName: 'wrappers',
              name: (id, context) => (isModel.test(id) && comesWith(id, wrappers, context) ? 'wrappers' : null),
            },
            { name: 'decoding', test: isDecoding },
            { name: 'framing', test: isFraming },
            { name: 'structured', test: /\/src\/(models\/structured-[a-z]+|dialects\/closed-schema)\.ts/ },
            { name: 'growing-json', test: /\/src\/core\/json-(in-text|incremental|string|number)\.ts/ },
            { name: 'core-later', test: /\/src\/core\// },
            { name: 'schema', test: /\/src\/schema\/|\/node_modules\/@cfworker\// },
          ],
        },
      },
    },
  },
})
