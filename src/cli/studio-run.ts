// One run in Studio that the scopes of a command belong to, one after the other: a conversation, and the chat that follows.
import { nameRun } from '../core/run-name.ts'
import type { LinkRun } from '../create-scope.ts'
import type { RunStatus } from '../journal/journal.ts'
import { type StudioInProcess, studioLink } from '../journal/studio-link.ts'

export interface StudioRun {
  /** For `scopeFrom`. Closing the scope does not end the run. */
  readonly link: LinkRun
  /** Ends the run, and waits until Studio has it. */
  close(status?: RunStatus): Promise<void>
}

/** @throws ConfigError when the target is an address and cannot be read. */
export function studioRun(target: string | URL | StudioInProcess, name: string): StudioRun {
  const secrets: (() => readonly string[])[] = []
  const run = nameRun('agentscope', name)
  const whole = studioLink(target, { run, secrets: () => secrets.flatMap((each) => each()) })
  const { close: _, ...sink } = whole.sink
  return {
    link: (_run, known) => {
      secrets.push(known)
      return { sink, input: whole.input, obey: (scope) => whole.obey(scope), close: async () => undefined }
    },
    close: (status) => whole.close(status),
  }
}

/** How a run ended whose command gave this exit code. */
export function statusOf(code: number): RunStatus {
  if (code === 130) return 'stopped'
  return code === 0 ? 'done' : 'failed'
}
