// The composition root: puts models, the run, the terminal and other listeners together into the scope that agents live in.
import { type LinkRun, scopeFrom } from './create-scope.ts'
import type { Spelled } from './models/options.ts'
import { type IdleOptions, type OwnScopeOptions, readScopeOptions } from './scope.options.ts'
import { assembleScope, type Scope, useAsDefault } from './scope.ts'
import { type TerminalOptions, terminal } from './terminal/index.ts'

interface ShownOptions {
  /** `false` for a program that shows nothing in the terminal and asks nothing there. Default true. */
  terminal?: boolean | TerminalOptions | undefined
}

interface StudioOption {
  /**
   * `true` opens a Studio in this process and prints its address; it closes with the scope. An address (with its token
   * in the fragment) links to one that runs already. AgentScope: `studio_url`. Default: the one that
   * `agentscope run --studio` names in `AGENTSCOPE_STUDIO`, else none.
   */
  studio?: boolean | string | URL | undefined
  studioUrl?: string | URL | null | undefined
}

/** Those of `createScope`, the terminal, and Studio. AgentScope's snake_case names are accepted too (`model_configs`, ...). */
export type InitOptions = Spelled<OwnScopeOptions & ShownOptions & StudioOption & IdleOptions>

/**
 * Makes the scope of every agent that names none, and returns it. A later call takes the earlier one's place; what the
 * earlier one keeps is then closed by whoever holds it. An option that it does not know has no effect, and a warning
 * says so.
 *
 * @throws ConfigError for a configuration or an option that cannot be read or understood, and for a run directory that
 * cannot be made.
 */
export async function init(options: InitOptions = {}): Promise<Scope> {
  const own = ['terminal', 'studio', 'studioUrl'] as const
  const all = readScopeOptions<ShownOptions & StudioOption>('init()', options, own)
  const { terminal: shown = true, studio, studioUrl, ...read } = all
  const named = namedStudio()
  const link = await studioLinkTo(studio ?? studioUrl ?? named ?? false)
  const screen = shown === false ? [] : [terminal(shown === true ? {} : shown)]
  const { sinks = [], inputs = [] } = read
  const told = { ...read, sinks: [...screen, ...sinks], inputs: [...screen, ...inputs] }
  const scope = scopeFrom('init()', told, link)
  useAsDefault(scope)
  return scope
}

/** Where agents live before `init`: the terminal, and no models. */
export function plainScope(): Scope {
  const screen = terminal()
  return assembleScope({ sinks: [screen], inputs: [screen] })
}

/** In which `agentscope run` names the Studio of the program that it runs: its address, with the token. */
export const studioVariable = 'AGENTSCOPE_STUDIO'

let handedOver: string | undefined

/** The variable is taken out: what a tool starts needs no token. */
function namedStudio(): string | undefined {
  handedOver = process.env[studioVariable] || handedOver
  delete process.env[studioVariable]
  return handedOver
}

/** Loaded when it is wanted: it brings a server and a database along. */
async function studioLinkTo(studio: boolean | string | URL): Promise<LinkRun | undefined> {
  if (studio === false) return undefined
  const { studioLink } = await import('./journal/studio-link.ts')
  if (studio !== true) return (run, secrets) => studioLink(studio, { run, secrets })
  const { openStudio } = await import('./studio/index.ts')
  const opened = await openStudio()
  process.stderr.write(`Studio: ${opened.url}\n`)
  return (run, secrets) => {
    const link = studioLink(opened, { run, secrets })
    const close = async () => {
      await link.sink.close?.()
      await opened.close()
    }
    return { ...link, obey: (scope) => link.obey(scope), close: link.close.bind(link), sink: { ...link.sink, close } }
  }
}
