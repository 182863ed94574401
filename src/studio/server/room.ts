// What a Studio knows and remembers, without its server: journals that are watched, the index, the hub.
import type { Journals } from '../../journal/journal.ts'
import { Answers } from './answers.ts'
import { Blobs } from './blobs.ts'
import { LiveHub } from './hub.ts'
import { hubCommands, type LiveParts } from './live.ts'
import { Lives } from './lives.ts'
import type { StudioParts } from './parts.ts'
import { keepRetaining } from './retention.ts'
import type { Guard } from './security.ts'
import { Settings } from './settings.ts'
import { Store } from './store.ts'
import { type WatchedJournals, watchedJournals } from './watched-journals.ts'

export interface Room extends LiveParts {
  parts: StudioParts
  guard: Guard
  /** Closes the index and the journals. */
  close(): Promise<void>
}

/** The hub and the index read the journals themselves; everybody else writes to the watched ones. */
export async function openRoom(
  own: Journals,
  data: string | undefined,
  guardOf: (settings: Settings) => Guard,
): Promise<Room> {
  const answers = new Answers((run, requestId, answer) => hub.answered(run, requestId, answer))
  const store = new Store({ journals: own, answers, path: data && `${data}.index` })
  const settings = new Settings(store.database)
  const guard = guardOf(settings)
  const blobs = new Blobs(store.database)
  const lives = new Lives(own, (run) => hub.noticed(run))
  const hub = new LiveHub(own, {
    commands: hubCommands(answers),
    answerOf: (run, requestId) => answers.given(run, requestId),
    heads: async () => newestOf(store),
    blob: (url, run) => blobs.keep(url, run),
  })
  const journals = watched(own, { answers, lives, store, hub, settings })
  await store.start((run, status) => lives.found(run, status))
  const stopRetaining = keepRetaining({ journals, store, settings, file: data })
  const close = async () => {
    stopRetaining()
    await hub.close()
    store.close()
    await own.close()
  }
  const messagesBefore = (run: string, place: number, limit: number) => hub.messagesBefore(run, place, limit)
  const parts = { journals, answers, store, blobs, settings, guard, data: data ?? 'memory', messagesBefore }
  return { parts, hub, journals, answers, lives, guard, close }
}

interface Watching {
  answers: Answers
  lives: Lives
  store: Store
  hub: LiveHub
  settings: Settings
}

function watched(own: Journals, { answers, lives, store, hub, settings }: Watching): WatchedJournals {
  return watchedJournals(own, {
    redaction: () => settings.redaction,
    writing(run, records) {
      lives.heard(run, records)
      store.follow(run)
      hub.noticed(run)
    },
    async deleted(run, options) {
      lives.forget(run)
      store.remove(run)
      if (options?.forGood) answers.command(run, { type: 'deleted' })
      await hub.forget(run)
    },
    dropped: (run) => void answers.command(run, { type: 'deleted' }),
  })
}

function newestOf(store: Store) {
  return store
    .heads()
    .sort((one, other) => other.lastAt - one.lastAt)
    .slice(0, 200)
}
