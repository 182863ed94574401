// A Studio as a process of its own: its memory can be read, and it can be stalled, killed and started again.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Journal, Journals } from '../../src/journal/journal.ts'
import { remoteJournal } from '../../src/journal/remote.ts'

export interface StudioProcess extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** Resident memory in bytes (Linux). */
  residentBytes(): number
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void
}

/** Resolves when it listens. Disposing of it ends the process. */
export async function studioProcess(data: string, port = 0): Promise<StudioProcess> {
  const script = new URL('./studio.child.ts', import.meta.url).pathname
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [script, data, String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [url] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(([code]) => Promise.reject(new Error(`The Studio ended with ${code} before it listened.`))),
  ])
  const pid = child.pid as number
  return {
    url: String(url),
    pid,
    residentBytes: () => 1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
    signal: (name) => child.kill(name),
    async [Symbol.asyncDispose]() {
      child.kill('SIGCONT')
      child.stdin.end()
      await exited
    },
  }
}

/** Journals in that Studio, as programs elsewhere hold them. */
export function journalsAt(url: string): Journals {
  const open = new Map<string, Journal>()
  return {
    open(run) {
      const journal = open.get(run) ?? remoteJournal(url, run)
      open.set(run, journal)
      return journal
    },
    runs: async () => [...open.keys()],
    delete: () => Promise.reject(new Error('A program does not delete runs.')),
    deletedAt: () => undefined,
    readmit: () => undefined,
    async close() {
      await Promise.all([...open.values()].map((journal) => journal.close()))
    },
  }
}
