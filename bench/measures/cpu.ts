// CPU time of this process alone, from a moment at which it is at rest.
import { floor } from '../floor.ts'

/** CPU microseconds, user and system, since `before`. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/**
 * The idle baseline: the platform's own fetch is loaded and connected, and what importing left behind (compiling in the
 * background, collecting) is over, so that only the work itself is counted.
 */
export async function atRest(server: string): Promise<NodeJS.CpuUsage> {
  await floor('ollama', `${server}/ollama/1`, () => undefined)
  globalThis.gc?.()
  for (let at = 0; at < 40; at += 1) {
    const before = process.cpuUsage()
    await new Promise((resolve) => setTimeout(resolve, 50))
    if (cpuSince(before) < 1000) break
  }
  return process.cpuUsage()
}

/** A client that loses text is not fast. */
export function mustBe(found: number, expected: number, what: string): void {
  if (found !== expected) throw new Error(`${found} ${what} came instead of ${expected}`)
}
