// Where and of what a run was made: the date, the machine, and the versions of everything compared.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

export interface Machine {
  date: string
  hardware: string
  ours: string
  peers: string[]
}

export function machineOf(root: string): Machine {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 1024 ** 3)
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string }
  const { platform, arch, versions } = process
  return {
    date: new Date().toISOString().slice(0, 10),
    hardware: `${cpus().length} × ${cpu?.model.trim()}, ${memory} GB, ${platform} ${arch}, Node ${versions.node}`,
    ours: `${about.name} ${about.version} (${commit(root)})`,
    peers: peerVersions(),
  }
}

function peerVersions(): string[] {
  const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))
  const { dependencies } = read('package.json') as { dependencies: Record<string, string> }
  const { packages } = read('package-lock.json') as { packages: Record<string, { version: string }> }
  return Object.keys(dependencies).map((name) => `${name} ${packages[`node_modules/${name}`]?.version ?? '(missing)'}`)
}

function commit(root: string): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim()
  } catch {
    return 'no commit'
  }
}
