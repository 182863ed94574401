// Makes a scope from options: the models from their configurations, and the run's directory when one is asked for.
import { ConfigError } from './core/error.ts'
import { nameRun, type RunIdentity, randomName } from './core/run-name.ts'
import type { StudioLink } from './journal/studio-link.ts'
import { budgetOf } from './models/after-break.ts'
import { createModels, Models, secretFormsIn } from './models/config.ts'
import { secretFormsOf } from './models/wrapper.ts'
import { openRun, type Run } from './runs/index.ts'
import { type OwnScopeOptions, readScopeOptions, type ScopeOptions } from './scope.options.ts'
import { assembleScope, type ModelSource, type Scope } from './scope.ts'

/**
 * Makes a scope of one's own, for instance one per request of a server: agents that are given it know nothing of any
 * other. Whoever makes it closes it (`await scope.close()`, or `await using`), which ends its run.
 *
 * @throws ConfigError for a configuration or an option that cannot be understood, and for a run directory that cannot be
 * made.
 */
export function createScope(options: ScopeOptions = {}): Scope {
  return scopeFrom('createScope()', readScopeOptions('createScope()', options, []))
}

/** Makes a run's link to a Studio; it is told what must never go there. */
export type LinkRun = (run: RunIdentity, secrets: () => readonly string[]) => StudioLink

/** The same from options that have been read. `who` read them. */
export function scopeFrom(who: string, options: OwnScopeOptions, link?: LinkRun): Scope {
  const { sinks = [], inputs = [], signal, budget, project, name } = options
  const models = modelsIn(who, options)
  const secrets = new Secrets()
  const run = runIn(who, { ...options, models }, secrets)
  const identity = run?.identity ?? nameRun(project, name)
  if (link !== undefined && models instanceof Models) secrets.learn(secretFormsIn(models))
  const linked = link?.(identity, () => secrets.forms)
  const scope = assembleScope({
    models,
    sinks: [...(run === undefined ? [] : [run.sink]), ...sinks, ...(linked === undefined ? [] : [linked.sink])],
    inputs: [...inputs, ...(linked === undefined ? [] : [linked.input])],
    signal,
    budget: budget && budgetOf(budget),
    run: identity,
    protect: (model) => secrets.learn(secretFormsOf(model)),
  })
  linked?.obey(scope)
  return scope
}

function modelsIn(who: string, { models, modelConfigs }: OwnScopeOptions): ModelSource | undefined {
  if (models !== undefined && modelConfigs !== undefined) {
    throw new ConfigError(`${who} was given both models and modelConfigs.`, { advice: 'Keep one of the two.' })
  }
  return modelConfigs === undefined ? models : createModels(modelConfigs)
}

function runIn(who: string, options: OwnScopeOptions, secrets: Secrets): Run | undefined {
  const { models, saveDir, saveLog, saveApiInvoke, disableSaving = false } = options
  const { project = 'default', name = randomName() } = options
  if (disableSaving) return undefined
  if (saveDir !== undefined) {
    // Only what is written needs to know them: asking makes every wrapper once.
    if (models instanceof Models) secrets.learn(secretFormsIn(models))
    return openRun({ saveDir, project, name, saveLog, saveApiInvoke, secrets: () => secrets.forms })
  }
  if (saveApiInvoke) {
    const warning = `${who}: saveApiInvoke has no effect without saveDir, for instance saveDir: './runs'.`
    process.emitWarning(warning, 'AgentScopeWarning')
  }
  return undefined
}

/** Words that stand where secrets do and are none; in a conversation they are words like any other. */
const noSecret = /^(bearer|basic|digest|token|api-?key|ollama|lm-?studio|litellm|not-?needed|anything|nothing)$/i

/** What must be written nowhere: all that the models of a scope hold, as they come to be known. */
class Secrets {
  readonly #known = new Set<string>()
  /** In every form in which they may come back. */
  forms: readonly string[] = []

  learn(forms: readonly string[]): void {
    const before = this.#known.size
    for (const form of forms) if (!noSecret.test(form)) this.#known.add(form)
    if (this.#known.size > before) this.forms = [...this.#known]
  }
}
