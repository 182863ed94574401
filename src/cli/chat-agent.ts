// The agent of a chat: a fresh one, or one that goes on where a saved chat ended.
import { ReActAgent } from '../agents/index.ts'
import type { Scope } from '../scope.ts'
import type { Toolkit } from '../tools/index.ts'
import type { ChatModels } from './chat-models.ts'
import type { SavedChat } from './saved-chat.ts'

export interface ChatAgentOptions {
  /** One of them is open. */
  models: ChatModels
  /** What the agent is called. Default: as in `saved`, else Assistant. */
  name?: string | undefined
  sysPrompt?: string | undefined
  kit?: Toolkit | undefined
  maxIters?: number | undefined
  /** Goes on from here. */
  saved?: SavedChat | undefined
}

/** @throws InputError when what was saved is no state. */
export function chatAgent(given: ChatAgentOptions, scope: Scope): ReActAgent {
  const { models, name, sysPrompt, kit, maxIters, saved } = given
  const options = {
    model: models.model,
    scope,
    ...(sysPrompt !== undefined && { sysPrompt }),
    ...(kit !== undefined && { toolkit: kit }),
    ...(maxIters !== undefined && { maxIters }),
  }
  if (saved === undefined) return new ReActAgent({ name: name ?? 'Assistant', ...options })
  const agent = ReActAgent.fromJSON(saved.state, { ...options, ...(name !== undefined && { name }) })
  // The state knows nothing of groups that were not there when it was written.
  const fresh = agent.toolkit.groups.filter((group) => !saved.groups.includes(group.name))
  agent.toolkit.activate(...fresh.map((group) => group.name))
  return agent
}
