// The composition root: puts models, the run, the terminal and other listeners together into the scope that agents live in.
import { scopeFrom } from './create-scope.ts'
import type { Spelled } from './models/options.ts'
import { type IdleOptions, type OwnScopeOptions, readScopeOptions } from './scope.options.ts'
import { assembleScope, type Scope, useAsDefault } from './scope.ts'
import { type TerminalOptions, terminal } from './terminal/index.ts'

interface ShownOptions {
  /** `false` for a program that shows nothing in the terminal and asks nothing there. Default true. */
  terminal?: boolean | TerminalOptions | undefined
}

/** Those of `createScope`, and the terminal. AgentScope's snake_case names are accepted too (`model_configs`, ...). */
export type InitOptions = Spelled<OwnScopeOptions & ShownOptions & IdleOptions>

/**
 * Makes the scope of every agent that names none, and returns it. A later call takes the earlier one's place; what the
 * earlier one keeps is then closed by whoever holds it. An option that it does not know has no effect, and a warning
 * says so.
 *
 * @throws ConfigError for a configuration or an option that cannot be read or understood, and for a run directory that
 * cannot be made.
 */
export async function init(options: InitOptions = {}): Promise<Scope> {
  const { terminal: shown = true, ...read } = readScopeOptions<ShownOptions>('init()', options, ['terminal'])
  const screen = shown === false ? [] : [terminal(shown === true ? {} : shown)]
  const { sinks = [], inputs = [] } = read
  const scope = scopeFrom('init()', { ...read, sinks: [...screen, ...sinks], inputs: [...screen, ...inputs] })
  useAsDefault(scope)
  return scope
}

/** Where agents live before `init`: the terminal, and no models. */
export function plainScope(): Scope {
  const screen = terminal()
  return assembleScope({ sinks: [screen], inputs: [screen] })
}
