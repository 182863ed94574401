// Reads options by name, in either spelling, checks their kind, and says which ones nobody asked for.
import { isDeepStrictEqual } from 'node:util'
import { ConfigError } from '../core/error.ts'
import { camelCase } from '../core/spelling.ts'
import { isPlainObject, type Kind, kindOf, settings } from './option-kinds.ts'

interface Written {
  as: string
  value: unknown
}

/** One value that may be written in several places; `where` is how the user wrote the place. */
export interface Reading<T> {
  where: string
  value: T
}

/** `null` and `undefined` count as not written, as Python's `None` does in a configuration. */
export class OptionReader {
  readonly #provider: string
  readonly #path: string
  readonly #written = new Map<string, Written>()
  readonly #asked = new Set<string>()

  /** Throws `ConfigError` when `options` is no object or says two different things in two spellings. */
  constructor(provider: string, options: object, path = '') {
    this.#provider = provider
    this.#path = path
    if (!isPlainObject(options)) {
      throw new ConfigError(`${provider}: the options must be an object, got ${kindOf(options)}.`, { provider })
    }
    for (const [as, value] of Object.entries(options)) this.#add(as, value)
  }

  /** The value of `name`, or `undefined` when it was not written. Throws `ConfigError` when it is of the wrong kind. */
  read<T>(name: string, kind: Kind<T>): T | undefined {
    return this.reading(name, kind)?.value
  }

  /** The same, with the place where it stands. */
  reading<T>(name: string, kind: Kind<T>): Reading<T> | undefined {
    this.#asked.add(name)
    const written = this.#written.get(name)
    if (written === undefined) return undefined
    const where = this.#path + written.as
    if (kind.is(written.value)) return { where, value: written.value }
    throw new ConfigError(`${this.#provider}: ${where} must be ${kind.expected}, got ${kindOf(written.value)}.`, {
      provider: this.#provider,
    })
  }

  /** Where `name` stands, if it was written at all; says nothing about its value. */
  written(name: string): string | undefined {
    const written = this.#written.get(name)
    return written && this.#path + written.as
  }

  /** Says that `name` is known, though it is read elsewhere. */
  see(name: string): void {
    this.#asked.add(name)
  }

  /** A reader for the object that `name` holds; an empty one when it was not written. */
  inside(name: string): OptionReader {
    const found = this.reading(name, settings)
    return new OptionReader(this.#provider, found?.value ?? {}, `${found?.where ?? name}.`)
  }

  /** What was written and never asked for, as it was written. */
  unread(): { as: string; name: string }[] {
    return [...this.#written]
      .filter(([name]) => !this.#asked.has(name))
      .map(([name, written]) => ({ as: this.#path + written.as, name }))
  }

  #add(as: string, value: unknown): void {
    if (value === undefined || value === null) return
    const name = camelCase(as)
    const before = this.#written.get(name)
    if (before === undefined) this.#written.set(name, { as, value })
    else agreed(this.#provider, [before, { as, value }].map(place))
  }
}

/** The one value that all readings agree on. Throws `ConfigError` when two places say different things. */
export function agreed<T>(provider: string, readings: readonly (Reading<T> | undefined)[]): T | undefined {
  const found = readings.filter((reading) => reading !== undefined)
  const [first, ...others] = found
  const other = others.find((reading) => !isDeepStrictEqual(reading.value, first?.value))
  if (first === undefined || other === undefined) return first?.value
  throw new ConfigError(
    `${provider}: ${first.where} and ${other.where} are the same option but do not have the same value.`,
    { provider, advice: `Keep one of the two.` },
  )
}

function place(written: Written): Reading<unknown> {
  return { where: written.as, value: written.value }
}
