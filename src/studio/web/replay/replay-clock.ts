// The clock of a replay: where it is on its line, how fast it goes, and whether it goes.

export type Speed = 1 | 2 | 10
export const speeds: readonly Speed[] = [1, 2, 10]

/** All times in milliseconds, and told by whoever asks: it has no timer of its own. */
export class ReplayClock {
  #place = 0
  #since = 0
  #speed: Speed = 1
  #playing = false

  get playing(): boolean {
    return this.#playing
  }

  get speed(): Speed {
    return this.#speed
  }

  /** Where it is now, between 0 and `end`. It stops at the end by itself. */
  at(now: number, end: number): number {
    const place = this.#playing ? this.#place + (now - this.#since) * this.#speed : this.#place
    if (place < end) return Math.max(place, 0)
    this.#place = end
    this.#playing = false
    return end
  }

  play(now: number): void {
    if (this.#playing) return
    this.#since = now
    this.#playing = true
  }

  pause(now: number, end: number): void {
    this.#place = this.at(now, end)
    this.#playing = false
  }

  seek(place: number, now: number): void {
    this.#place = Math.max(place, 0)
    this.#since = now
  }

  setSpeed(speed: Speed, now: number, end: number): void {
    this.#place = this.at(now, end)
    this.#since = now
    this.#speed = speed
  }
}
