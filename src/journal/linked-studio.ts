// The Studio at the other end of a link: in this process, or elsewhere.
import type { Journal, StudioCommand } from './journal.ts'
import { type RemoteJournalOptions, remoteJournal } from './remote.ts'
import type { StudioInProcess } from './studio-link.ts'

export interface LinkedStudio {
  readonly journal: Journal
  /** Whether it is elsewhere, and connected. */
  readonly isThere: boolean
  onCommand(hear: (command: StudioCommand) => void): void
  /** Somebody waits for a command: the process must not end before. */
  hold(): () => void
  close(): Promise<void>
}

/** @throws ConfigError when the target is an address and cannot be read. */
export function linkedStudio(
  target: string | URL | StudioInProcess,
  options: RemoteJournalOptions & { run: { runId: string } },
): LinkedStudio {
  const { runId } = options.run
  if (typeof target !== 'string' && !(target instanceof URL)) return inProcess(target, runId)
  const journal = remoteJournal(target, runId, options)
  return {
    journal,
    get isThere() {
      return journal.isConnected
    },
    onCommand: (hear) => void journal.onCommand(hear),
    hold: () => journal.hold(),
    close: () => journal.close(),
  }
}

function inProcess({ journals, answers }: StudioInProcess, runId: string): LinkedStudio {
  const over = new AbortController()
  return {
    journal: journals.open(runId),
    isThere: false,
    onCommand: (hear) => void tell(answers.commands(runId, over.signal), hear),
    // The Studio itself keeps the process alive.
    hold: () => () => undefined,
    // The journal is the Studio's: others read it.
    close: async () => over.abort(),
  }
}

async function tell(commands: AsyncIterable<StudioCommand>, hear: (command: StudioCommand) => void): Promise<void> {
  for await (const command of commands) hear(command)
}
