// Who may be spoken to in a run: the agents that have spoken, and first whoever speaks now.
import type { RunMessage } from '../../protocol/model.ts'

export interface Hearer {
  /** The agent's id. */
  id: string
  name: string
}

/** Those who speak come first, then who spoke last. Whoever has only the words of a person is no agent. */
export function hearersOf(messages: readonly RunMessage[]): Hearer[] {
  const newestFirst = messages.toReversed().filter(({ head }) => head.role === 'assistant')
  const speaking = newestFirst.filter(({ head }) => head.status === 'open')
  const hearers = new Map<string, Hearer>()
  for (const { head } of [...speaking, ...newestFirst]) {
    const { agentId: id, agent: name } = head
    if (id !== undefined && name !== undefined && !hearers.has(id)) hearers.set(id, { id, name })
  }
  return [...hearers.values()]
}
