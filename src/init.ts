// The composition root: puts models, the terminal and other listeners together into the scope that agents live in.
import { createModels, type ModelConfig } from './models/index.ts'
import { createScope, type Input, type Scope, type Sink, useAsDefault } from './scope.ts'
import { type TerminalOptions, terminal } from './terminal/index.ts'

export interface InitOptions {
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

/**
 * Makes the scope of every agent that names none, and returns it. A later call takes the earlier one's place.
 *
 * @throws ConfigError for a configuration that cannot be read or understood.
 */
export async function init(options: InitOptions = {}): Promise<Scope> {
  const { modelConfigs, sinks = [], inputs = [], signal } = options
  const screen = options.terminal === false ? [] : [terminal(options.terminal === true ? {} : options.terminal)]
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
