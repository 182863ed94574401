// Builds Studio's page: `npm run build:web` into dist/studio/web, or into the folder named by STUDIO_WEB_OUT.
import { resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vite'
import { notices } from './scripts/notices.mjs'

const root = import.meta.dirname

/** THIRD-PARTY.txt beside the page: the licences of the packages that went into it. */
const licences: Plugin = {
  name: 'agentscope-licences',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
    this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY.txt', source: notices(modules) })
  },
}

export default defineConfig({
  root: resolve(root, 'src/studio/web'),
  cacheDir: resolve(root, 'node_modules/.cache/vite-web'),
  plugins: [licences],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: process.env['STUDIO_WEB_OUT'] ?? resolve(root, 'dist/studio/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The page allows no inline script and no data: scripts; small files stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
})
