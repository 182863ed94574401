// An environment in which every wrapper reaches a simulator, without a key of anybody's.
import { anthropic } from '../models/anthropic.ts'
import { dashscope } from '../models/dashscope.ts'
import { gemini } from '../models/gemini.ts'
import { proxy, routes } from '../models/litellm-routes.ts'
import { ollama } from '../models/ollama.ts'
import { openai } from '../models/openai.ts'
import { zhipuai } from '../models/zhipuai.ts'
import type { Simulator, WireName } from '../simulator/index.ts'

type Environment = Readonly<Record<string, string | undefined>>

interface Variables {
  readonly keyVariables: readonly string[]
  readonly baseUrlVariables: readonly string[]
}

/** What LiteLLM's names lead to goes through a proxy, which takes them all. */
const wires: Readonly<Record<WireName, Variables>> = {
  openai,
  dashscope,
  gemini,
  zhipuai,
  ollama,
  anthropic,
  litellm: proxy,
}

/** Something that stands where a key stands; the simulator takes any. */
export const noKey = 'simulated'

/** The environment with every key and address replaced: no key is left that could be sent somewhere. */
export function simulatedEnvironment(environment: Environment, simulator: Simulator): Record<string, string> {
  const simulated: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) simulated[name] = value
  for (const { data } of routes)
    for (const name of [...data.keyVariables, ...data.baseUrlVariables]) delete simulated[name]
  for (const [wire, { keyVariables, baseUrlVariables }] of Object.entries(wires)) {
    for (const name of keyVariables) simulated[name] = noKey
    for (const name of baseUrlVariables) simulated[name] = simulator.baseUrl(wire as WireName)
  }
  return simulated
}

/** The first variable that leads to a model that can really answer. */
export function realVariable(environment: Environment): string | undefined {
  const all = [...Object.values(wires), ...routes.map(({ data }) => data)]
  const names = all.flatMap(({ keyVariables, baseUrlVariables }) => [...keyVariables, ...baseUrlVariables])
  // Where an Ollama is said to be, one still has to be running.
  return names.find((name) => environment[name] && !ollama.baseUrlVariables.includes(name))
}
