// The file of a recording: written line by line, and given up at the first failure, which is nobody's business but its own.
import { closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs'
import { ConfigError, messageOf } from '../core/error.ts'

const { O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } = constants

export class RecordingFile {
  readonly #path: string
  #descriptor: number | undefined

  /** @throws ConfigError when it cannot be opened */
  constructor(path: string) {
    this.#path = path
    try {
      this.#descriptor = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o600)
    } catch (cause) {
      throw new ConfigError(`The cassette ${path} cannot be written: ${messageOf(cause)}`, { cause })
    }
  }

  /** @throws ConfigError when the disk is full, or gone; what has been written is then closed and stays */
  append(text: string): void {
    this.#guarded((descriptor) => {
      const bytes = Buffer.from(text, 'utf8')
      // A disk that is nearly full takes a part of it, and fails at the rest.
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
    })
  }

  /** Puts this in the place of all that stands in it. @throws ConfigError */
  replace(text: string): void {
    // All is written at the end of the file, which is its beginning now.
    this.#guarded((descriptor) => ftruncateSync(descriptor, 0))
    this.append(text)
  }

  #guarded(act: (descriptor: number) => void): void {
    if (this.#descriptor === undefined) return
    try {
      act(this.#descriptor)
    } catch (cause) {
      this.close()
      throw new ConfigError(`The cassette ${this.#path} cannot be written any more: ${messageOf(cause)}`, {
        cause,
        advice: 'What stands in it stays readable, as a partial cassette. Make room and record once more.',
      })
    }
  }

  close(): void {
    if (this.#descriptor === undefined) return
    const descriptor = this.#descriptor
    this.#descriptor = undefined
    closeSync(descriptor)
  }
}
