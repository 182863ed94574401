// Waiting while a client is there: for a gate, for the end of a silence, with signs of life meanwhile.
import { setTimeout as wait } from 'node:timers/promises'
import type { Script } from './script.ts'

/** Waits for something that may never happen, but not longer than the client stays. */
export function unlessGone<Value>(value: Value | Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    Promise.resolve(value)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', leave))
  })
}

/** The same, sending `ping` as often as the script's `keepAlive` asks for. */
export async function* pingsUntil(
  happened: void | Promise<void>,
  { keepAlive }: Script,
  ping: string,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const held = unlessGone(happened, signal)
  const over = new AbortController()
  const end = () => over.abort()
  held.then(end, end)
  while (keepAlive !== undefined && !over.signal.aborted) {
    const isDue = await wait(keepAlive.everyMs, true, { signal: over.signal }).catch(() => false)
    if (isDue) yield ping
  }
  await held
}

/** Says nothing for as long as the script's `silenceMs`, by default until the client leaves. */
export function silence(script: Script, ping: string, signal: AbortSignal): AsyncGenerator<string> {
  const { silenceMs } = script
  const isOver = silenceMs === undefined ? new Promise<void>(() => {}) : wait(silenceMs, undefined, { signal })
  return pingsUntil(isOver, script, ping, signal)
}
