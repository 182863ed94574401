// Where the terminal writes to: keeps back-pressure, survives a pipe that nobody reads any more.

/** What the terminal needs of an output; `process.stdout` has it. */
export interface OutputStream {
  write(text: string): boolean
  once(event: 'drain' | 'close' | 'error', listener: () => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'resize', listener: () => void): unknown
  off(event: 'drain' | 'close' | 'error' | 'resize', listener: () => void): unknown
  readonly isTTY?: boolean
  /** Of a terminal: how wide and how high it is. */
  readonly columns?: number
  readonly rows?: number
  readonly destroyed?: boolean
}

const outputs = new WeakMap<OutputStream, Output>()

/** The one writer of a stream, however many terminals share it. */
export function outputOf(stream: OutputStream): Output {
  const output = outputs.get(stream) ?? new Output(stream)
  outputs.set(stream, output)
  return output
}

export class Output {
  readonly stream: OutputStream
  #waiting: Promise<void> | undefined
  #closed = false

  constructor(stream: OutputStream) {
    this.stream = stream
    // Without a listener a closed pipe (EPIPE) would end the whole program. A full disk is nobody's wish: it is told.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!this.#closed && error.code !== 'EPIPE') {
        process.emitWarning(`What is spoken can no longer be shown: ${error.message}`, 'AgentScopeWarning')
      }
      this.#closed = true
    })
  }

  /** While the reader is behind: resolves when there is room again. */
  get waiting(): Promise<void> | undefined {
    return this.#waiting
  }

  /** Writes at once. Returns a promise when the reader is behind: it resolves when there is room again. */
  write(text: string): void | Promise<void> {
    if (text === '' || this.#closed || this.stream.destroyed) return this.#waiting
    try {
      if (this.stream.write(text)) return this.#waiting
    } catch {
      this.#closed = true
      return undefined
    }
    this.#waiting ??= this.#room()
    return this.#waiting
  }

  #room(): Promise<void> {
    const { stream } = this
    return new Promise((resolve) => {
      const events = ['drain', 'close', 'error'] as const
      const done = () => {
        for (const event of events) stream.off(event, done)
        this.#waiting = undefined
        resolve()
      }
      for (const event of events) stream.once(event, done)
    })
  }
}
