// Studio's server as one file: a module of its own for each of its parts costs an idle Studio ten megabytes of memory.
import { join, resolve } from 'node:path'
import { defineConfig } from 'vite'

const dist = resolve(process.env['AGENTSCOPE_DIST'] ?? join(import.meta.dirname, 'dist'))
const folder = join(dist, 'studio/server')

/** What others import too stays apart, so that a class is the same class for everybody; so do packages of others. */
const isApart = /(^|\/)(core|journal)\/[\w.-]+\.js$|^[@\w]/

export default defineConfig({
  publicDir: false,
  logLevel: 'warn',
  build: {
    ssr: join(folder, 'studio.js'),
    outDir: folder,
    emptyOutDir: false,
    sourcemap: true,
    // Less text to hold and to compile: one more megabyte.
    minify: true,
    target: 'node22',
    rollupOptions: { external: (id) => isApart.test(id), output: { entryFileNames: 'studio.js' } },
  },
})
