// A clock that stands still until a test moves it.
import type { TerminalClock } from '../../src/terminal/clock.ts'

export class StillClock implements TerminalClock {
  #now = 0
  #alarms: { at: number; act: () => void }[] = []

  readonly now = () => this.#now

  after(ms: number, act: () => void): () => void {
    const alarm = { at: this.#now + ms, act }
    this.#alarms.push(alarm)
    return () => {
      this.#alarms = this.#alarms.filter((each) => each !== alarm)
    }
  }

  /** How many wait. */
  get waiting(): number {
    return this.#alarms.length
  }

  /** Lets time pass; whatever is due happens in its order and at its moment. */
  pass(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#due(end); next !== undefined; next = this.#due(end)) {
      this.#alarms = this.#alarms.filter((each) => each !== next)
      this.#now = Math.max(this.#now, next.at)
      next.act()
    }
    this.#now = end
  }

  #due(end: number): { at: number; act: () => void } | undefined {
    return this.#alarms.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
  }
}
