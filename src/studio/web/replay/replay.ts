// The replay of a run: loads its journal, and moves what is shown along its line.
// Longer than most files: where it is, what is loaded and whether it waits for more change together.
import { signal } from '@preact/signals'
import type { JournalEntry } from '../../../journal/journal.ts'
import { painter } from '../state/frame.ts'
import { rest } from '../state/rest.ts'
import { BlobNames } from './blob-names.ts'
import { Pacing, type ShortenedPause } from './pacing.ts'
import { ReplayClock, type Speed } from './replay-clock.ts'
import { ReplayRun } from './replay-run.ts'
import { shownAt } from './shown-at.ts'

/** All places and lengths in milliseconds of replay. */
export interface ReplayState {
  place: number
  length: number
  playing: boolean
  speed: Speed
  /** The shortened pause that it is in. */
  pause: ShortenedPause | undefined
}

/** The run as it is now, beneath its replay. */
export interface Present {
  /** The journal offset up to which it is known. */
  seq(): number
  /** Whether more may come. */
  isLive(): boolean
}

const pageSize = 5000
/** Entries of a live run are asked for when fewer milliseconds than this are left to show. */
const aheadMs = 3000
const momentMs = 250

export class Replay {
  readonly run: ReplayRun
  readonly pacing = new Pacing()
  readonly state = signal<ReplayState>({ place: 0, length: 0, playing: false, speed: 1, pause: undefined })
  readonly error = signal<Error>()
  readonly ready = signal(false)
  readonly #entries: JournalEntry[] = []
  readonly #clock = new ReplayClock()
  readonly #blobs = new BlobNames()
  readonly #present: Present
  readonly #left = new AbortController()
  #loading: Promise<void> | undefined
  /** It has come to the end of a run that goes on, and goes on when more comes. */
  #waits = false
  #wake: ReturnType<typeof setTimeout> | undefined
  #momentAt = 0

  constructor(runId: string, present: Present) {
    this.#present = present
    this.run = new ReplayRun(runId, this.#entries, (uri) => this.#blobs.nameOf(uri))
  }

  /** Loads the journal and begins to play. What goes wrong is in `error`. */
  async start(): Promise<void> {
    this.error.value = undefined
    await this.#load()
    if (this.#left.signal.aborted || this.error.value !== undefined) return
    this.ready.value = true
    this.play()
  }

  play(): void {
    const now = performance.now()
    if (this.#clock.at(now, this.pacing.length) >= this.pacing.length) this.#clock.seek(0, now)
    this.#clock.play(now)
    this.#soon()
  }

  pause(): void {
    this.#waits = false
    this.#clock.pause(performance.now(), this.pacing.length)
    this.#soon()
  }

  seek(place: number): void {
    this.#waits = false
    this.#clock.seek(Math.min(place, this.pacing.length), performance.now())
    this.#soon()
  }

  setSpeed(speed: Speed): void {
    this.#clock.setSpeed(speed, performance.now(), this.pacing.length)
    this.#soon()
  }

  close(): void {
    this.#left.abort()
    clearTimeout(this.#wake)
    painter.cancel(this.#tick)
    shownAt.value = undefined
  }

  #soon(): void {
    if (!this.#left.signal.aborted) painter.request(this.#tick)
  }

  readonly #tick = (): void => {
    const now = performance.now()
    const { length } = this.pacing
    const wasPlaying = this.#clock.playing
    const place = this.#clock.at(now, length)
    this.run.show(this.pacing.countAt(place))
    this.#waits ||= wasPlaying && !this.#clock.playing && this.#present.isLive()
    if (length - place < aheadMs && this.#hasMore) void this.#load()
    else if (this.#waits) this.#later()
    this.#tell(place, now)
    if (this.#clock.playing) this.#soon()
  }

  #tell(place: number, now: number): void {
    const { length } = this.pacing
    const { playing, speed } = this.#clock
    this.state.value = { place, length, playing: playing || this.#waits, speed, pause: this.pacing.pauseAt(place) }
    if (playing && now - this.#momentAt < momentMs) return
    this.#momentAt = now
    shownAt.value = this.pacing.timeAt(place)
  }

  get #hasMore(): boolean {
    return this.#present.seq() > (this.#entries.at(-1)?.offset ?? 0)
  }

  #load(): Promise<void> {
    this.#loading ??= this.#loadPages()
      .catch((error: Error) => {
        if (!this.#left.signal.aborted) this.error.value = error
      })
      .finally(() => {
        this.#loading = undefined
        if (this.#waits && this.error.value === undefined) this.#goOn()
      })
    return this.#loading
  }

  /** What came while it waited at the end is played at its pace. */
  #goOn(): void {
    // It is told live before it can be read back.
    if (this.pacing.length <= this.state.value.place) return this.#later()
    this.#waits = false
    this.#clock.play(performance.now())
    this.#soon()
  }

  #later(): void {
    clearTimeout(this.#wake)
    this.#wake = setTimeout(() => this.#soon(), momentMs)
  }

  async #loadPages(): Promise<void> {
    for (;;) {
      const after = this.#entries.at(-1)?.offset ?? 0
      const path = `/api/runs/${encodeURIComponent(this.run.id)}/raw?after=${after}&limit=${pageSize}`
      const page = await rest<JournalEntry[]>(path, { signal: this.#left.signal })
      await this.#blobs.learn(page)
      for (const entry of page) {
        this.#entries.push(entry)
        this.pacing.add(entry.record.at)
      }
      if (page.length < pageSize) return
    }
  }
}
