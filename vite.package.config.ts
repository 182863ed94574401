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
          groups: [
            { name: 'core', test: /\/src\/core\// },
            { name: 'schema', test: /\/src\/schema\/|\/node_modules\/@cfworker\// },
          ],
        },
      },
    },
  },
})
