// Where long texts lie while their run is being watched, so that they take no memory: a file without a name.
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Spill } from '../protocol/growing-text.ts'

/** Made with the first text, readable by its owner only, and gone with the process at the latest. */
export class SpillFile implements Spill {
  #file: number | undefined
  #end = 0
  readonly #places: { at: number; bytes: number }[] = []

  /** @throws what the disk says when there is no room. */
  write(text: string): number {
    this.#file ??= nameless()
    // UTF-16, because a piece may end in half a character.
    const bytes = Buffer.from(text, 'utf16le')
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, this.#end + done)
    }
    this.#places.push({ at: this.#end, bytes: bytes.length })
    this.#end += bytes.length
    return this.#places.length - 1
  }

  read(place: number): string {
    const { at, bytes } = this.#places[place] as { at: number; bytes: number }
    const buffer = Buffer.alloc(bytes)
    for (let done = 0; done < bytes; ) {
      const read = readSync(this.#file as number, buffer, done, bytes - done, at + done)
      if (read === 0) break
      done += read
    }
    return buffer.toString('utf16le')
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}

function nameless(): number {
  const directory = mkdtempSync(join(tmpdir(), 'agentscope-studio-'))
  const file = openSync(join(directory, 'spill'), 'w+', 0o600)
  // On systems that let an open file lose its name; elsewhere it stays until the folder for such files is cleared.
  try {
    rmSync(directory, { recursive: true, force: true })
  } catch {
    return file
  }
  return file
}
