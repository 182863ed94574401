// What an agent is made from: the options as they were written, in this package's spelling or in AgentScope's.
import { ConfigError } from '../core/error.ts'
import { camelCase } from '../core/spelling.ts'
import type { Memory } from '../memory/index.ts'
import type { Spelled } from '../models/options.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import type { Scope } from '../scope.ts'

interface OwnAgentOptions {
  /** Who speaks: stands in the agent's messages, and before its lines where they are shown. */
  name: string
  /** Stands before the conversation as a system message in every call of a DialogAgent. Default: none. */
  sysPrompt?: string
  /** The model itself, or the name it has in the scope's model configurations. */
  model?: ChatWrapper
  modelConfigName?: string
  /** `false` for an agent that remembers nothing. Default: a list of its own. */
  memory?: Memory | false
  /** AgentScope's word for the same: `false` means `memory: false`. */
  useMemory?: boolean
  /** Default: a random UUID. */
  agentId?: string
  /** Where the agent lives. Default: the scope that `init()` made. */
  scope?: Scope
}

/** AgentScope's snake_case names are accepted too (`sys_prompt`, `model_config_name`, `use_memory`, ...). */
export type AgentOptions = Spelled<OwnAgentOptions>

/** The options under their camelCase names; what was written as `null` or `undefined` is left out. */
export type ReadOptions = Partial<OwnAgentOptions> & Record<string, unknown>

const known = ['name', 'sysPrompt', 'model', 'modelConfigName', 'memory', 'useMemory', 'agentId', 'scope']

/** @throws ConfigError when one option stands there in two spellings with two values. */
export function readOptions(written: object): ReadOptions {
  const read: ReadOptions = {}
  for (const [as, value] of Object.entries(written ?? {})) {
    if (value === undefined || value === null) continue
    const name = camelCase(as)
    if (name in read && read[name] !== value) throw new ConfigError(`An agent was given two values for ${name}.`)
    read[name] = value
  }
  return read
}

/** What to do for an agent without a model. */
export const giveModel = "Give it one: { model: new OpenAIChatWrapper({ ... }) } or { modelConfigName: 'my-model' }."

/** @throws ConfigError when neither a model nor the name of one was given. */
export function requireModel(who: string, { model, modelConfigName }: ReadOptions): void {
  if (model !== undefined || modelConfigName !== undefined) return
  throw new ConfigError(`${who} needs a model.`, { advice: giveModel })
}

/** Whether an agent is to remember nothing; a memory that was handed over wins over `useMemory`. */
export function isForgetful({ memory, useMemory }: { memory?: unknown; useMemory?: unknown }): boolean {
  return memory === false || (useMemory === false && memory === undefined)
}

/** One warning for each option that has no effect. `own` are those that the agent's class has beside the common ones. */
export function warnOfUnknown(who: string, written: object, own: readonly string[] = []): void {
  const all = [...known, ...own]
  for (const as of Object.keys(written)) {
    if (all.includes(camelCase(as))) continue
    process.emitWarning(`${who}: the option ${as} has no effect. Known are ${all.join(', ')}.`, 'AgentScopeWarning')
  }
}
