// What `createScope` and `init` take, in this package's spelling or in AgentScope's, read and checked.
import { ConfigError } from './core/error.ts'
import { isPlainObject, kindOf } from './core/kind.ts'
import { camelCase, didYouMean } from './core/spelling.ts'
import type { Budget, BudgetOptions } from './models/budget.ts'
import type { ModelConfig } from './models/config.ts'
import type { Spelled } from './models/options.ts'
import type { Input, ModelSource, Sink } from './scope.ts'

export interface OwnScopeOptions {
  /** One configuration, a list of them, or the path of a JSON file that holds either. */
  modelConfigs?: ModelConfig | readonly ModelConfig[] | string | URL | undefined
  /** Instead of `modelConfigs`: whatever finds a model by its name. */
  models?: ModelSource | undefined
  /** Who listens. */
  sinks?: readonly Sink[] | undefined
  /** Who answers questions: all are asked, the first answer wins. */
  inputs?: readonly Input[] | undefined
  /** Stops every reply of every agent that lives here. */
  signal?: AbortSignal | undefined
  /** What all agents that live here may spend together, or a `Budget` that others share too. Default: anything. */
  budget?: Budget | BudgetOptions | undefined
  /** What the run belongs to. Default: `default`. */
  project?: string | undefined
  /** The run's own name. Default: six random letters and digits. */
  name?: string | undefined
  /** Where to make the run's directory, `run_<YYYYmmdd-HHMMSS>_<name>`. Default: the run is kept nowhere. */
  saveDir?: string | URL | undefined
  /** Whether `logging.chat` and `logging.log` are written. Default true. */
  saveLog?: boolean | undefined
  /** Whether each question to a model is written into a file of its own, with the whole prompt. Default false. */
  saveApiInvoke?: boolean | undefined
  /** `true` writes nothing at all, whatever the others say. */
  disableSaving?: boolean | undefined
}

/** What AgentScope's `init` takes besides; it has no meaning here, and a warning says so. */
export interface IdleOptions {
  loggerLevel?: unknown
  saveCode?: unknown
  cacheDir?: unknown
  useMonitor?: unknown
  runtimeId?: unknown
  agentConfigs?: unknown
}

/** AgentScope's snake_case names are accepted too (`model_configs`, `save_dir`, ...). */
export type ScopeOptions = Spelled<OwnScopeOptions & IdleOptions>

const text = { is: (value: unknown) => typeof value === 'string' && value.trim() !== '', expected: 'a word or more' }
const place = {
  is: (value: unknown) => (value instanceof URL ? value.protocol === 'file:' : text.is(value)),
  expected: 'a path or a file: URL',
}
const flag = { is: (value: unknown) => typeof value === 'boolean', expected: 'true or false' }
const listOf = (act: string) => ({
  is: (value: unknown) => Array.isArray(value) && value.every((each) => typeof each?.[act] === 'function'),
  expected: `a list of objects with a function ${act}()`,
})
/** Checked where it is used. */
const any = { is: () => true, expected: '' }

const kinds: Readonly<Record<keyof OwnScopeOptions, { is(value: unknown): boolean; expected: string }>> = {
  modelConfigs: any,
  models: any,
  sinks: listOf('event'),
  inputs: listOf('ask'),
  signal: { is: (value) => value instanceof AbortSignal, expected: 'an AbortSignal' },
  budget: {
    is: (value) => isPlainObject(value) || (typeof value === 'object' && value !== null),
    expected: 'an object',
  },
  project: text,
  name: text,
  saveDir: place,
  saveLog: flag,
  saveApiInvoke: flag,
  disableSaving: flag,
}
const idle = ['loggerLevel', 'saveCode', 'cacheDir', 'useMonitor', 'runtimeId', 'agentConfigs']

/**
 * The options under their camelCase names; `null` counts as not written. One that is not known has no effect, and a
 * warning says so. `who` is the function that was called; `own` are options that it has besides.
 *
 * @throws ConfigError for an option of the wrong kind, or one that stands there in two spellings with two values.
 */
export function readScopeOptions<Own = unknown>(who: string, written: unknown, own: readonly (keyof Own & string)[]) {
  if (!isPlainObject(written)) {
    throw new ConfigError(`${who} takes an object of options, but got ${kindOf(written)}.`, {
      advice: `Write it as ${who.replace('()', "({ modelConfigs: './models.json' })")}.`,
    })
  }
  const read: Record<string, unknown> = {}
  const without: string[] = []
  for (const [as, value] of Object.entries(written)) {
    const name = camelCase(as)
    if (idle.includes(name)) without.push(as)
    else if (!(name in kinds || own.includes(name as keyof Own & string))) warnOfUnknown(who, as, own)
    else if (value !== undefined && value !== null) take(who, read, as, value)
  }
  warnOfIdle(who, without)
  return read as OwnScopeOptions & Own
}

function take(who: string, read: Record<string, unknown>, as: string, value: unknown): void {
  const name = camelCase(as)
  const kind = kinds[name as keyof OwnScopeOptions]
  if (kind !== undefined && !kind.is(value)) {
    throw new ConfigError(`${who}: ${as} must be ${kind.expected}, got ${kindOf(value)}.`)
  }
  if (name in read && read[name] !== value) throw new ConfigError(`${who} was given two values for ${name}.`)
  read[name] = value
}

function warnOfUnknown(who: string, as: string, own: readonly string[]): void {
  const meant = didYouMean(as, [...Object.keys(kinds), ...own])
  process.emitWarning(`${who}: the option ${as} has no effect.${meant}`, 'AgentScopeWarning')
}

function warnOfIdle(who: string, names: readonly string[]): void {
  if (names.length === 0) return
  const what = `${names.join(', ')} ${names.length === 1 ? 'has' : 'have'}`
  process.emitWarning(`${who}: ${what} a meaning in AgentScope for Python, but none here.`, 'AgentScopeWarning')
}
