// Where somebody reads, kept over a reload of the tab: whoever had moved up is not pulled to the end by it.
import type { Follow } from '../hot/follow.ts'
import type { VirtualList } from '../hot/virtual-list.ts'
import { painter } from '../state/frame.ts'

interface Place {
  key: string
  /** Pixels of the row that are above the view. */
  above: number
}

export interface KeptPlaceOptions {
  /** Of the transcript, within the tab. */
  name: string
  scroller: HTMLElement
  follow: Follow
  list: VirtualList
}

/** A row gets its text within a few frames; a reader who moves meanwhile is left alone. */
const mostFrames = 30

export class KeptPlace {
  readonly #options: KeptPlaceOptions
  readonly #storageKey: string
  #wanted: Place | undefined
  #keys: readonly string[] = []
  #frames = 0

  constructor(options: KeptPlaceOptions) {
    this.#options = options
    this.#storageKey = `studio.place.${options.name}`
    this.#wanted = this.#take()
    addEventListener('pagehide', this.#keep)
    for (const type of ['wheel', 'keydown', 'pointerdown']) options.scroller.addEventListener(type, this.#leave)
  }

  /** Rows have come: the reader is taken back, when the one being read is among them. */
  arrived(keys: readonly string[]): void {
    this.#keys = keys
    if (this.#wanted !== undefined && keys.includes(this.#wanted.key)) painter.request(this.#goBack, 'scroll')
  }

  close(): void {
    removeEventListener('pagehide', this.#keep)
    painter.cancel(this.#goBack)
    for (const type of ['wheel', 'keydown', 'pointerdown'])
      this.#options.scroller.removeEventListener(type, this.#leave)
  }

  readonly #leave = (): void => {
    this.#wanted = undefined
  }

  readonly #goBack = (): void => {
    const { list, follow } = this.#options
    if (this.#wanted === undefined || !list.goTo(this.#wanted.key)) return
    follow.shift(this.#wanted.above)
    this.#frames += 1
    if (this.#frames < mostFrames) painter.request(this.#goBack, 'scroll')
    else this.#leave()
  }

  readonly #keep = (): void => {
    const { follow, list, scroller } = this.#options
    if (follow.following) return
    const edge = scroller.getBoundingClientRect().top
    for (const key of this.#keys) {
      const box = list.row(key)?.getBoundingClientRect()
      if (box === undefined || box.bottom <= edge + 1) continue
      return this.#store({ key, above: edge - box.top })
    }
  }

  #store(place: Place): void {
    try {
      sessionStorage.setItem(this.#storageKey, JSON.stringify(place))
    } catch {
      // Private windows may refuse: the reload then shows the end.
    }
  }

  /** It counts for one reload. */
  #take(): Place | undefined {
    try {
      const text = sessionStorage.getItem(this.#storageKey)
      sessionStorage.removeItem(this.#storageKey)
      return text === null ? undefined : (JSON.parse(text) as Place)
    } catch {
      return undefined
    }
  }
}
