// What an agent is, as plain JSON: enough to go on in another process. It never holds a key.
import { InputError } from '../core/error.ts'
import { isFields, kindOf } from '../core/kind.ts'
import type { MemoryState } from '../memory/index.ts'

/** `agent.toJSON()`. A subclass may add fields of its own. */
export interface AgentState {
  /** The class's name, to be read by people and by whoever brings several agents back. */
  type: string
  name: string
  agentId: string
  sysPrompt?: string
  modelConfigName?: string
  /** Which model it had, for people: a model itself is no part of the state. */
  model?: Record<string, unknown>
  /** What it remembers. */
  memory?: MemoryState
  [more: string]: unknown
}

/** @throws InputError when it is no state. */
export function checkState(state: unknown): asserts state is AgentState {
  const right = isFields(state) && typeof state['name'] === 'string' && typeof state['agentId'] === 'string'
  if (right) return
  throw new InputError(`An agent's state must be what agent.toJSON() gave, but is ${kindOf(state)}.`, {
    advice: 'Write JSON.stringify(agent), and later DialogAgent.fromJSON(JSON.parse(text), { model }).',
  })
}
