// Builds Studio's page: `npm run build:web` into dist/studio/web, or into the folder named by STUDIO_WEB_OUT.
import { resolve } from 'node:path'
import { defineConfig } from 'vite'

const root = import.meta.dirname

export default defineConfig({
  root: resolve(root, 'src/studio/web'),
  cacheDir: resolve(root, 'node_modules/.cache/vite-web'),
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
