// Conversations for the tests of memories: messages made short, and random ones with a seed.
import { type Block, Msg } from '../../src/core/message.ts'
import { mulberry32, pick } from '../core/json-oracle.ts'

export { mulberry32, pick }

export function said(id: string, text = id, role: 'user' | 'assistant' | 'system' = 'user'): Msg {
  return new Msg(role, text, role, { id })
}

/** An assistant's message that calls tools by these call ids. */
export function calls(id: string, ...callIds: string[]): Msg {
  const uses = callIds.map((each): Block => ({ type: 'tool_use', id: each, name: 'look', input: {}, rawInput: '{}' }))
  return new Msg('Friday', [{ type: 'thinking', thinking: 'Hm.', signature: 'sig' }, ...uses], 'assistant', { id })
}

/** A message with the results of these calls. */
export function results(id: string, ...callIds: string[]): Msg {
  const blocks = callIds.map((each): Block => ({ type: 'tool_result', id: each, name: 'look', output: `seen ${each}` }))
  return new Msg('tools', blocks, 'system', { id })
}

export const idsOf = (messages: readonly Msg[]) => messages.map(({ id }) => id)

/** Talk, calls answered at once, late, in parts or never, ids used twice, results of nobody's calls. */
export function randomConversation(random: () => number): Msg[] {
  const messages: Msg[] = random() < 0.5 ? [said('sys', 'Be kind.', 'system')] : []
  let open: string[] = []
  const length = 1 + Math.floor(random() * 30)
  for (let at = 0; at < length; at += 1) {
    const id = `m${at}`
    const kind = pick(random, ['user', 'assistant', 'call', 'result', 'result', 'orphan'] as const)
    if (kind === 'call') {
      const ids = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, n) =>
        random() < 0.2 ? 'same' : `${id}-${n}`,
      )
      messages.push(calls(id, ...ids))
      open.push(...ids)
    } else if (kind === 'result' && open.length > 0) {
      const answered = open.filter(() => random() < 0.7)
      open = open.filter((each) => !answered.includes(each))
      if (answered.length > 0) messages.push(results(id, ...answered))
    } else if (kind === 'orphan') messages.push(results(id, `nobody-${at}`))
    else messages.push(said(id, 'x'.repeat(Math.floor(random() * 200)), kind === 'assistant' ? 'assistant' : 'user'))
  }
  return messages
}
