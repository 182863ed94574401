// How an agent that acts sees the conversation: with roles between two, with names among several.
import type { Msg } from '../core/message.ts'

/**
 * `chat` when one user and the agent itself are all who speak; `multi-agent` when another agent, or a second user, takes
 * part: then the model must see the names.
 */
export function perspectiveFor(heard: readonly Msg[], own: string): 'chat' | 'multi-agent' {
  const users = new Set(heard.filter(({ role }) => role === 'user').map(({ name }) => name))
  const others = heard.some(({ role, name }) => role === 'assistant' && name !== own)
  return others || users.size > 1 ? 'multi-agent' : 'chat'
}
