// Which models can be used here: by the keys in the environment, from an Ollama on this machine, or simulated.
import { ollamaModels } from './find-real.ts'
import { participants } from './participants.ts'

export interface UsableModel {
  /** `provider/model`, as `--model` takes it. */
  readonly name: string
  /** How it was found, for people: a variable's name, an address. Never a key. */
  readonly found: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Speaks without a key, so there is always something to talk to. */
export const simulatedModel: UsableModel = { name: 'simulator/openai', found: 'simulated, needs no key' }

/** Those that can really answer, the first one being the one to take when nobody chooses. */
export async function realModels(environment: Environment): Promise<UsableModel[]> {
  const found = participants.flatMap(({ wire, keys }) =>
    keys
      .filter(([variable]) => environment[variable])
      .map(([variable, modelName]) => ({ name: nameOf(wire, modelName), found: variable })),
  )
  const { names, baseUrl } = await ollamaModels(environment)
  const local = names.map((name) => ({ name: `ollama/${name}`, found: baseUrl }))
  return onlyOnce([...found, ...local])
}

function nameOf(wire: string, modelName: string): string {
  if (wire !== 'litellm') return `${wire}/${modelName}`
  return modelName.includes('/') ? modelName : `litellm_proxy/${modelName}`
}

function onlyOnce(models: readonly UsableModel[]): UsableModel[] {
  return [...new Map(models.map((model) => [model.name, model])).values()]
}
