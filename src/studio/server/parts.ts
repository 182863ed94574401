// What the routes of a Studio are built on.
import type { Op } from '../protocol/frames.ts'
import type { Answers } from './answers.ts'
import type { Blobs } from './blobs.ts'
import type { Guard } from './security.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'
import type { WatchedJournals } from './watched-journals.ts'

export interface StudioParts {
  /** Whoever writes to them is indexed. */
  journals: WatchedJournals
  answers: Answers
  store: Store
  blobs: Blobs
  settings: Settings
  guard: Guard
  /** The messages before that place, as operations of the live protocol. */
  messagesBefore(run: string, place: number, limit: number): Promise<Op[]>
  /** Where the data lies, in words for people. */
  data: string
}
