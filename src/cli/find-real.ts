// Looks for models that can really answer: keys in the environment, and an Ollama on this machine.
import { ConfigError } from '../core/error.ts'
import { resolveBaseUrl } from '../models/base-url.ts'
import { ollama } from '../models/ollama.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import type { Participant } from './participants.ts'

export interface RealModel {
  model: ChatWrapper
  unusable?: never
  /** How it was found, for people: the variable's name or the address, and the model. Never a key. */
  found: string
}

/** Something was found, but no model can be made of it. */
export interface Unusable {
  model?: never
  /** Why, for people. Never a key. */
  unusable: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** A real one is asked once more at most and need not be waited for long: the demo goes on without it. */
const patience = { maxRetries: 1, clocks: { headersMs: 10_000, firstContentMs: 30_000, stallMs: 20_000 } }

/** The real model of a participant, why there is none though a key is set, or `undefined` when nothing was found. */
export async function findReal(
  guest: Participant,
  environment: Environment,
): Promise<RealModel | Unusable | undefined> {
  if (guest.wire === 'ollama') return findOllama(guest, environment)
  const key = guest.keys.find(([variable]) => environment[variable])
  if (key === undefined) return undefined
  const [variable, modelName] = key
  return opened(guest, modelName, `${variable}, ${modelName}`)
}

/** Takes the smallest model that can talk. */
async function findOllama(guest: Participant, environment: Environment): Promise<RealModel | Unusable | undefined> {
  const { names, baseUrl } = await ollamaModels(environment)
  const [modelName] = names
  return modelName === undefined ? undefined : opened(guest, modelName, `${modelName} at ${baseUrl}`)
}

/** Asks the server for what it has: models that can talk, the smallest first. Silence of half a second means none. */
export async function ollamaModels(environment: Environment): Promise<{ names: string[]; baseUrl: string }> {
  let baseUrl = ''
  try {
    baseUrl = resolveBaseUrl(ollama, undefined, environment)
    const answer = await fetch(`${baseUrl}/api/tags`, { signal: AbortSignal.timeout(500) })
    return { names: namesIn(await answer.json()), baseUrl }
  } catch {
    return { names: [], baseUrl }
  }
}

/** What is configured wrongly (a key that cannot be sent) is told in the wrapper's own words, which show no key. */
function opened(guest: Participant, modelName: string, found: string): RealModel | Unusable {
  try {
    return { model: guest.open({ modelName, stream: true, ...patience }), found }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { unusable: error.message }
  }
}

function namesIn(tags: unknown): string[] {
  const list: unknown = tags && typeof tags === 'object' && 'models' in tags ? tags.models : undefined
  if (!Array.isArray(list)) return []
  const models = list.filter((each) => typeof each?.name === 'string' && !/embed|bge|minilm/i.test(each.name))
  models.sort((one, other) => Number(one.size ?? 0) - Number(other.size ?? 0))
  return models.map(({ name }) => name)
}
