// Writes text behind what stands in the files of one directory: in order, without holding up whoever speaks.
import { open } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { codeOf } from './run-directory.ts'

/** So much may wait to be written before whoever brings more is asked to wait; characters, one mebi. */
const bound = 1 << 20

/**
 * One writer for all files of a directory. It begins at once and takes everything that has come meanwhile with the next
 * write, so that a file is opened once for many lines, and what a crash costs is what came during one write. Lines
 * are whole or not there: when a disk is full in the middle of one, its part is taken back.
 *
 * What cannot be written is lost, and one warning says so; it never reaches whoever speaks. Later text is tried again,
 * so that a run goes on when there is room again.
 */
export class Appender {
  readonly #directory: string
  #next = newBatch()
  #waiting = 0
  #writing: Promise<void> | undefined
  #warned = false

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Returns at once, or, when too much is waiting already, a promise of when this is written. It never rejects. */
  append(file: string, text: string): void | Promise<void> {
    const { texts, written } = this.#next
    const before = texts.get(file)
    if (before === undefined) texts.set(file, [text])
    else before.push(text)
    this.#waiting += text.length
    this.#writing ??= this.#write()
    if (this.#waiting > bound) return written.promise
  }

  /** Resolves when all that has been handed over until then is on the disk, or was lost with the warning. */
  async flushed(): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    while (this.#next.texts.size > 0) {
      const batch = this.#next
      this.#next = newBatch()
      for (const [file, texts] of batch.texts) {
        const text = texts.join('')
        await appendWhole(join(this.#directory, file), text).catch((error) => this.#warn(error))
        this.#waiting -= text.length
      }
      batch.written.resolve()
    }
    this.#writing = undefined
  }

  #warn(error: unknown): void {
    if (this.#warned) return
    this.#warned = true
    const why = codeOf(error) ?? 'for an unknown reason'
    process.emitWarning(
      `The run directory ${basename(this.#directory)} cannot be written (${why}). The agents go on; what they say may be missing there.`,
      { code: 'AGENTSCOPE_RUN' },
    )
  }
}

/** What is written next, file by file. */
interface Batch {
  texts: Map<string, string[]>
  written: PromiseWithResolvers<void>
}

function newBatch(): Batch {
  return { texts: new Map(), written: Promise.withResolvers() }
}

async function appendWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'a')
  try {
    const { size } = await file.stat()
    try {
      await file.appendFile(text)
    } catch (error) {
      // A torn line would spoil the next one too. What cannot even be cut off stays.
      await file.truncate(size).catch(() => undefined)
      throw error
    }
  } finally {
    await file.close()
  }
}
