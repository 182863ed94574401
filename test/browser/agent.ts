// A real agent in a process of its own, linked to the test's Studio, and what it tells of itself.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

interface Told {
  got?: unknown
  failed?: string
}

export interface Agent {
  /** The id of its run. */
  readonly run: string
  /** Resolves with what the task gave, or `{ failed }` with what it threw. */
  readonly result: Promise<Told>
  readonly process: ChildProcess
}

/** Begins the task; `studio` is the address with the token. The process ends with the test. */
export async function agent(task: string, studio: string, name: string, provider = ''): Promise<Agent> {
  const child = fork(new URL('./agent.child.ts', import.meta.url), [task, studio, name, provider])
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    if (child.connected) child.disconnect()
    await exited
  })
  const told = { run: Promise.withResolvers<string>(), result: Promise.withResolvers<Told>() }
  child.on('message', (message: { run: string } | Told) => {
    if ('run' in message) told.run.resolve(message.run)
    else told.result.resolve(message)
  })
  exited.then(([code]) => {
    const gone = new Error(`The agent ended with ${code}.`)
    for (const each of [told.run, told.result]) each.reject(gone)
  })
  told.result.promise.catch(() => undefined)
  return { run: await told.run.promise, result: told.result.promise, process: child }
}
