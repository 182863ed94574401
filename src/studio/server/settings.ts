// The settings of a Studio: prices, how long runs are kept, what is kept out of them. They lie beside the index.
import type { DatabaseSync } from 'node:sqlite'
import { isPlainObject } from '../../core/kind.ts'
import type { StudioSettings } from '../protocol/rest.ts'
import { arePatterns, type Redaction, redactionOf, redactTakes } from './redaction.ts'

export type ChangeableSettings = Omit<StudioSettings, 'data' | 'token'>

const defaults: ChangeableSettings = {
  retentionDays: 30,
  retentionMegabytes: 2048,
  currency: 'USD',
  prices: {},
  windows: {},
  redact: [],
}

const checks: Record<keyof ChangeableSettings, (value: unknown) => boolean> = {
  retentionDays: (value) => isAmount(value) && value >= 1,
  retentionMegabytes: (value) => isAmount(value) && value >= 16,
  currency: (value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value),
  prices: (value) => isPlainObject(value) && Object.keys(value).length <= 1000 && Object.values(value).every(isPrice),
  windows: (value) => isPlainObject(value) && Object.keys(value).length <= 1000 && Object.values(value).every(isWindow),
  redact: arePatterns,
}

/** What a setting takes, for people who gave it something else. */
const takes: Record<keyof ChangeableSettings, string> = {
  retentionDays: 'a number of days from 1 up',
  retentionMegabytes: 'a number of megabytes from 16 up',
  currency: 'three capital letters, such as USD',
  prices: 'for each model an input and an output from 0 up, and cachedInput if it differs; up to 1000 models',
  windows: 'for each model a whole number of tokens from 1 to 1000000000; up to 1000 models',
  redact: redactTakes,
}

export class Settings {
  readonly #database: DatabaseSync
  #redaction: Redaction | undefined

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#redaction = redactionOf(this.read().redact ?? [])
  }

  /** What is taken out of every record before it is stored; `undefined` when nothing is asked for. */
  get redaction(): Redaction | undefined {
    return this.#redaction
  }

  read(): ChangeableSettings {
    const stored = this.value('settings')
    return { ...defaults, ...(stored === undefined ? {} : JSON.parse(stored)) }
  }

  /** Takes the fields that are written. Returns what is wrong with them, in words; then nothing is changed. */
  change(written: unknown): string | undefined {
    if (!isPlainObject(written)) return 'Settings are an object.'
    for (const [name, value] of Object.entries(written)) {
      const fits = Object.hasOwn(checks, name) ? checks[name as keyof ChangeableSettings] : undefined
      if (fits === undefined) return `There is no setting ${JSON.stringify(name.slice(0, 60))} that can be changed.`
      if (!fits(value))
        return `The setting ${name} cannot have this value. It takes ${takes[name as keyof ChangeableSettings]}.`
    }
    this.keep('settings', JSON.stringify({ ...this.read(), ...written }))
    this.#redaction = redactionOf(this.read().redact ?? [])
    return undefined
  }

  value(name: string): string | undefined {
    const row = this.#database.prepare('SELECT value FROM studio_settings WHERE name = ?').get(name)
    return row === undefined ? undefined : String(row['value'])
  }

  keep(name: string, value: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO studio_settings VALUES (?, ?)').run(name, value)
  }
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

/** No window is 0: what nobody knows is left out. */
function isWindow(value: unknown): boolean {
  return Number.isInteger(value) && isAmount(value) && value >= 1 && value <= 1_000_000_000
}

function isPrice(value: unknown): boolean {
  if (!isPlainObject(value)) return false
  const { input, output, cachedInput, ...rest } = value as Record<string, unknown>
  const cachedFits = cachedInput === undefined || isAmount(cachedInput)
  return isAmount(input) && isAmount(output) && cachedFits && Object.keys(rest).length === 0
}
