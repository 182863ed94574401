// A process of its own that writes to a journal, so that it can be killed.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Starts a writer: it appends `1 `, `2 `, ... one by one to `run`, and tells each number when it was acknowledged. */
export function journalChild(kind: 'sqlite' | 'remote', target: string) {
  const child = fork(join(import.meta.dirname, 'journal.child.ts'), [kind, target], { execArgv: ['--no-warnings'] })
  const ended = once(child, 'exit')
  return {
    /** Kills it (SIGKILL) when so many are acknowledged; gives how many it had told of. */
    async killAfter(count: number): Promise<number> {
      let last = 0
      child.on('message', (told: { acknowledged?: number; failure?: string }) => {
        if (told.failure !== undefined) throw new Error(told.failure)
        last = told.acknowledged ?? last
        if (last === count) child.kill('SIGKILL')
      })
      await ended
      return last
    },
    /** Why it could not even begin. */
    async failure(): Promise<string | undefined> {
      const [told] = await once(child, 'message')
      await ended
      return told.failure
    },
  }
}
