// When the page is painted: once a frame for everybody, on a slow timer in a hidden tab, in one frame on return.

/** `paint` writes to the page; `scroll` runs behind all of it, when the heights are known. */
export type Phase = 'paint' | 'scroll'

/** Milliseconds between paints that nobody sees: the page stays right without costing anything. */
const hiddenMs = 1_000

export class Painter {
  readonly #jobs: Record<Phase, Set<() => void>> = { paint: new Set(), scroll: new Set() }
  #frame: number | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    document.addEventListener('visibilitychange', this.#visibility)
  }

  /** Runs the job once, with the next frame; asking again before then changes nothing. */
  request(job: () => void, phase: Phase = 'paint'): void {
    this.#jobs[phase].add(job)
    this.#plan()
  }

  cancel(job: () => void): void {
    this.#jobs.paint.delete(job)
    this.#jobs.scroll.delete(job)
  }

  /** Lets go of the page. Jobs that were asked for are not run. */
  close(): void {
    document.removeEventListener('visibilitychange', this.#visibility)
    this.#unplan()
    this.#jobs.paint.clear()
    this.#jobs.scroll.clear()
  }

  #plan(): void {
    if (this.#frame !== undefined || this.#timer !== undefined) return
    if (document.hidden) this.#timer = setTimeout(this.#paint, hiddenMs)
    else this.#frame = requestAnimationFrame(this.#paint)
  }

  #unplan(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame)
    clearTimeout(this.#timer)
    this.#frame = undefined
    this.#timer = undefined
  }

  readonly #paint = (): void => {
    this.#unplan()
    this.#run('paint')
    this.#run('scroll')
    if (this.#jobs.paint.size + this.#jobs.scroll.size > 0) this.#plan()
  }

  /** A job that throws is reported and stops no other. Jobs asked for meanwhile wait for the next frame. */
  #run(phase: Phase): void {
    const jobs = [...this.#jobs[phase]]
    this.#jobs[phase].clear()
    for (const job of jobs) {
      try {
        job()
      } catch (error) {
        reportError(error)
      }
    }
  }

  /** Frames stop in a hidden tab and a timer is slow in a visible one: what was planned is planned anew. */
  readonly #visibility = (): void => {
    if (this.#frame === undefined && this.#timer === undefined) return
    this.#unplan()
    this.#plan()
  }
}
