// Model configurations: objects, or a JSON file of them, from which wrappers are made by name.
import { inspect } from 'node:util'
import { AgentScopeError, ConfigError } from '../core/error.ts'
import { isPlainObject, kindOf } from '../core/kind.ts'
import { secretForms } from '../core/redact.ts'
import { camelCase, didYouMean } from '../core/spelling.ts'
import { readConfigs } from './config-file.ts'
import type { OptionContext } from './options.ts'
import { defaultRegistry, type WrapperRegistry } from './registry.ts'
import { emitWarning } from './resolve-options.ts'
import { writtenSecrets } from './secrets.ts'
import { type ChatWrapper, secretFormsOf } from './wrapper.ts'

/** A name, a type and the options of that type's wrapper; AgentScope's own JSON works as it is. */
export type ModelConfig = { [option: string]: unknown } & (
  | { config_name: string; model_type: string }
  | { configName: string; modelType: string }
)

export interface CreateModelsOptions extends OptionContext {
  /** Where a relative path begins. Default: the working directory. */
  baseFolder?: string | undefined
  /** Which class answers for which type. Default: the one that `registerModelWrapper` fills. */
  registry?: WrapperRegistry | undefined
}

interface Entry {
  /** The file or list that it stands in, and its position. */
  where: string
  type: string
  options: Record<string, unknown>
}

/**
 * Reads configurations: one, a list, or the path of a JSON file that holds either. The first of a repeated name stays,
 * with a warning. Throws `ConfigError` that names the place and what to do.
 */
export function createModels(
  configs: ModelConfig | readonly ModelConfig[] | string | URL,
  options: CreateModelsOptions = {},
): Models {
  const { place, value } = readConfigs(configs, options.baseFolder)
  const warn = options.warn ?? emitWarning
  const entries = new Map<string, Entry>()
  const list: unknown[] = Array.isArray(value) ? value : [value]
  for (const [index, item] of list.entries()) {
    const where = Array.isArray(value) ? `${place}[${index}]` : place
    const { name, entry } = readEntry(item, where)
    if (entries.has(name)) warn(`${where}: there is a model configuration "${name}" already; this one is left out.`)
    else entries.set(name, entry)
  }
  return new Models(entries, { ...options, warn })
}

/**
 * Everything that must never be seen of all the configured models, also of those that nobody has asked for yet: for
 * `redact`, and for nothing else.
 */
export let secretFormsIn: (models: Models) => string[]

/** Wrappers by configuration name. What the configurations hold stays private: no dump of this object shows a key. */
export class Models {
  readonly #entries: ReadonlyMap<string, Entry>
  readonly #context: CreateModelsOptions

  static {
    secretFormsIn = (models) => [...models.#entries.values()].flatMap((entry) => models.#secretFormsIn(entry))
  }

  constructor(entries: ReadonlyMap<string, Entry>, context: CreateModelsOptions) {
    this.#entries = entries
    this.#context = context
  }

  /** The configuration names, in order. */
  get names(): string[] {
    return [...this.#entries.keys()]
  }

  has(configName: string): boolean {
    return this.#entries.has(configName)
  }

  /** A new wrapper each time. Throws `ConfigError` for a name or a type that is not known, and as the wrapper does. */
  model(configName: string): ChatWrapper {
    const entry = this.#entries.get(configName)
    if (entry === undefined) throw unknownName(configName, this.names)
    try {
      return this.#make(entry, this.#context)
    } catch (cause) {
      throw inConfig(entry.where, configName, cause)
    }
  }

  #make(entry: Entry, context: OptionContext): ChatWrapper {
    const Wrapper = (this.#context.registry ?? defaultRegistry).get(entry.type)
    return new Wrapper({ ...entry.options } as never, { model: (name: string) => this.model(name), ...context })
  }

  /** A wrapper knows its key also when it stands in the environment; what is wrong with it is told when it is used. */
  #secretFormsIn(entry: Entry): readonly string[] {
    try {
      return secretFormsOf(this.#make(entry, { ...this.#context, warn: () => undefined }))
    } catch {
      return secretForms(writtenSecrets(entry.options))
    }
  }

  toJSON(): { names: string[] } {
    return { names: this.names }
  }

  [inspect.custom](): string {
    return `Models { ${this.names.join(', ')} }`
  }
}

const itsForm =
  'Each configuration has config_name (the name that agents use) and model_type (for example openai_chat).'

function readEntry(item: unknown, where: string): { name: string; entry: Entry } {
  if (!isPlainObject(item)) {
    throw new ConfigError(`${where}: expected a model configuration, got ${kindOf(item)}.`, { advice: itsForm })
  }
  const name = required(item, 'config_name', where)
  const type = required(item, 'model_type', `${where} ("${name}")`)
  const rest = Object.entries(item).filter(([key]) => !['configName', 'modelType'].includes(camelCase(key)))
  return { name, entry: { where, type, options: { ...Object.fromEntries(rest), configName: name } } }
}

function required(item: Record<string, unknown>, name: string, where: string): string {
  const key = Object.keys(item).find((written) => camelCase(written) === camelCase(name) && item[written] != null)
  const value = key === undefined ? undefined : item[key]
  if (typeof value === 'string' && value.trim() !== '') return value
  const what = key === undefined ? `has no ${name}` : `needs a string in ${key}, got ${kindOf(value)}`
  throw new ConfigError(`${where}: the model configuration ${what}.`, {
    advice: itsForm,
  })
}

function unknownName(name: string, names: readonly string[]): ConfigError {
  const known = names.length === 0 ? 'There are no model configurations yet.' : `There are ${names.join(', ')}.`
  return new ConfigError(`There is no model configuration "${name}".${didYouMean(name, names)}`, {
    advice: `${known} Configurations are given to init({ modelConfigs }).`,
  })
}

/**
 * The registry's or the wrapper's complaint, with the configuration it is about and where that stands. The message says
 * all that the cause does, so only the cause's own cause goes along.
 */
function inConfig(where: string, name: string, cause: unknown): unknown {
  if (!(cause instanceof AgentScopeError) || cause.type !== 'config') return cause
  return new ConfigError(`${where}: model configuration "${name}": ${cause.message}`, {
    ...(cause.provider !== undefined && { provider: cause.provider }),
    ...(cause.advice !== undefined && { advice: cause.advice }),
    ...(cause.cause !== undefined && { cause: cause.cause }),
  })
}
