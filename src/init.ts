// The composition root: puts models, the terminal and other listeners together into the scope that agents live in.
import { ConfigError } from './core/error.ts'
import { isPlainObject, kindOf } from './core/kind.ts'
import { camelCase, didYouMean } from './core/spelling.ts'
import { createModels, type ModelConfig } from './models/index.ts'
import type { Spelled } from './models/options.ts'
import { createScope, type Input, type Scope, type Sink, useAsDefault } from './scope.ts'
import { type TerminalOptions, terminal } from './terminal/index.ts'

interface OwnInitOptions {
  /** One configuration, a list of them, or the path of a JSON file that holds either. */
  modelConfigs?: ModelConfig | readonly ModelConfig[] | string | URL
  /** `false` for a program that shows nothing in the terminal and asks nothing there. Default true. */
  terminal?: boolean | TerminalOptions
  /** Who listens besides the terminal. */
  sinks?: readonly Sink[]
  /** Who answers questions besides the terminal. */
  inputs?: readonly Input[]
  /** Stops every reply. */
  signal?: AbortSignal
}

/** AgentScope's `model_configs` is accepted too. */
export type InitOptions = Spelled<OwnInitOptions>

const known = ['modelConfigs', 'terminal', 'sinks', 'inputs', 'signal']

/**
 * Makes the scope of every agent that names none, and returns it. A later call takes the earlier one's place. An option that it
 * does not know has no effect, and a warning says so.
 *
 * @throws ConfigError for a configuration that cannot be read or understood.
 */
export async function init(options: InitOptions = {}): Promise<Scope> {
  const { modelConfigs, sinks = [], inputs = [], signal, terminal: shown = true } = readOptions(options)
  const screen = shown === false ? [] : [terminal(shown === true ? {} : shown)]
  const scope = createScope({
    ...(modelConfigs !== undefined && { models: createModels(modelConfigs) }),
    sinks: [...screen, ...sinks],
    inputs: [...screen, ...inputs],
    ...(signal !== undefined && { signal }),
  })
  useAsDefault(scope)
  return scope
}

/** Where agents live before `init`: the terminal, and no models. */
export function plainScope(): Scope {
  const screen = terminal()
  return createScope({ sinks: [screen], inputs: [screen] })
}

/** The options under their camelCase names; `null` counts as not written. */
function readOptions(written: unknown): OwnInitOptions {
  if (!isPlainObject(written)) {
    throw new ConfigError(`init() takes an object of options, but got ${kindOf(written)}.`, {
      advice: "Write it as init({ modelConfigs: './models.json' }).",
    })
  }
  const read: Record<string, unknown> = {}
  for (const [as, value] of Object.entries(written)) {
    const name = camelCase(as)
    if (known.includes(name)) read[name] ??= value ?? undefined
    else process.emitWarning(`init(): the option ${as} has no effect.${didYouMean(as, known)}`, 'AgentScopeWarning')
  }
  return read
}
