// A program that was started in place of this one: signals go to it, its end is ours.
import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'

/** Hands signals on and waits for the end: the exit code, or 128 and the number of the signal that ended it. */
export async function ended(child: ChildProcess): Promise<number> {
  // In a terminal Ctrl-C reaches the program by itself; sent twice it would count as twice.
  const isShared = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY)
  const handOn = (signal: NodeJS.Signals) => void (signal === 'SIGINT' && isShared ? undefined : child.kill(signal))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, handOn)
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
    })
  } finally {
    for (const signal of signals) process.off(signal, handOn)
  }
}
