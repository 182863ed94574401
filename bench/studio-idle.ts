// Memory of an idle Studio, of the compiled program as it is published: sources would be compiled in the process itself.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Gate } from './studio-table.ts'

const root = join(import.meta.dirname, '..')

function node(args: readonly string[], env: Record<string, string> = {}): string {
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } })
}

/** What `npm run build` makes of the sources, in a folder of its own. */
function compile(dist: string): void {
  const config = ['--config', 'vite.package.config.ts']
  node(['node_modules/vite/bin/vite.js', 'build', ...config], { AGENTSCOPE_DIST: dist })
  writeFileSync(join(dist, 'package.json'), '{"type":"module"}')
}

export function idleGate(): Gate {
  const dist = mkdtempSync(join(tmpdir(), 'agentscope-dist-'))
  try {
    compile(dist)
    const child = join(import.meta.dirname, 'studio-idle.child.mjs')
    const measured = Number(node(['--expose-gc', child, dist, join(dist, 'idle.sqlite')])) / 2 ** 20
    return { what: "Studio's memory, idle", theirs: '92 MB', limit: 70, unit: 'MB', measured }
  } finally {
    rmSync(dist, { recursive: true, force: true })
  }
}
