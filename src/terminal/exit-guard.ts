// Leaves the screen clean when the program ends, whichever way it ends.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Watches only while there is something to clean up, so that it changes nothing for a program that shows nothing. */
export class ExitGuard {
  readonly #leave: () => void
  #watchesExit = false
  #watchesSignals = false

  /** `leave` must do its work at once. */
  constructor(leave: () => void) {
    this.#leave = leave
  }

  /** `exit`: something is not written yet. `signals`: what stands on the screen has to be taken away. */
  watch(exit: boolean, alsoSignals: boolean): void {
    if (exit !== this.#watchesExit) {
      this.#watchesExit = exit
      if (exit) process.on('exit', this.#leave)
      else process.off('exit', this.#leave)
    }
    if (alsoSignals === this.#watchesSignals) return
    this.#watchesSignals = alsoSignals
    for (const signal of signals) {
      if (alsoSignals) process.on(signal, this.#killed)
      else process.off(signal, this.#killed)
    }
  }

  /** When nobody else listens, the signal ends the program as it would have without us; `exit` does not come then. */
  readonly #killed = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return
    this.#leave()
    this.watch(false, false)
    process.kill(process.pid, signal)
  }
}
