// What a person answered before, for the cursor keys, and in a file when that is wanted.

import { appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '../core/error.ts'

/** How many answers are kept. */
const longest = 1000

/**
 * Each answer once, the newest first, at most 1000. In the file: one JSON string a line, the newest last; only its
 * owner may read it (0600). When it cannot be read or written a warning says so, and this session's history goes on.
 */
export class History {
  readonly #file: string | undefined
  #entries: string[] | undefined
  /** Lines in the file, those that say something twice included. */
  #lines = 0

  constructor(file?: string) {
    this.#file = file
  }

  /** The newest first. */
  get entries(): readonly string[] {
    this.#entries ??= this.#read()
    return this.#entries
  }

  add(text: string): void {
    if (text.trim() === '' || this.entries[0] === text) return
    this.#entries = [text, ...this.entries.filter((each) => each !== text)].slice(0, longest)
    if (this.#file === undefined) return
    try {
      this.#write(this.#file, text)
    } catch (error) {
      warn('written', this.#file, error)
    }
  }

  #read(): string[] {
    if (this.#file === undefined) return []
    try {
      const lines = readFileSync(this.#file, 'utf8').split('\n').filter(Boolean)
      this.#lines = lines.length
      chmodSync(this.#file, 0o600)
      return [...new Set(lines.reverse().flatMap(entryOf))].slice(0, longest)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') warn('read', this.#file, error)
      return []
    }
  }

  #write(file: string, text: string): void {
    const line = (entry: string) => `${JSON.stringify(entry)}\n`
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    this.#lines += 1
    if (this.#lines <= 2 * longest) return appendFileSync(file, line(text), { mode: 0o600 })
    // Another program must never find half of it.
    const fresh = `${file}.${process.pid}.new`
    writeFileSync(fresh, [...this.entries].reverse().map(line).join(''), { mode: 0o600 })
    renameSync(fresh, file)
    this.#lines = this.entries.length
  }
}

/** A line that is no JSON string was not written by us. */
function entryOf(line: string): string[] {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'string' ? [entry] : []
  } catch {
    return []
  }
}

function warn(what: 'read' | 'written', file: string, error: unknown): void {
  const why = messageOf(error)
  process.emitWarning(`The history ${file} cannot be ${what}: ${why}`, 'AgentScopeWarning')
}
