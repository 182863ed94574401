// What of a conversation belongs together: a tool call, its result, and whatever stands between them.
import { type Block, blocksOf, type Msg } from '../core/message.ts'

/** Neighbours that stay or go together. `orphan`: nothing but results whose calls are not there. */
export interface Group {
  messages: Msg[]
  orphan: boolean
}

/**
 * Messages in groups, in order, in one pass. A result belongs to the latest call of its id before it; everything from
 * the call's message to the result's is one group, and groups that overlap are one.
 */
export function groupsOf(messages: readonly Msg[]): Group[] {
  const starts: number[] = []
  const calls = new Map<string, number>()
  const orphans = new Set<Msg>()
  messages.forEach((message, at) => {
    starts.push(at)
    if (typeof message.content === 'string') return
    let belongs = false
    for (const block of message.content) {
      if (block.type === 'tool_use') calls.set(block.id, at)
      if (block.type !== 'tool_result') continue
      const call = calls.get(block.id)
      if (call === undefined) continue
      belongs = true
      while ((starts.at(-1) as number) > call) starts.pop()
    }
    if (!belongs && isOnlyResults(message)) orphans.add(message)
  })
  return starts.map((start, index) => {
    const group = messages.slice(start, starts[index + 1])
    return { messages: group, orphan: group.every((message) => orphans.has(message)) }
  })
}

/** A system message that leads the conversation. Results have the role `system` too, and are none. */
export function isSystem(message: Msg): boolean {
  return message.role === 'system' && !blocksOf(message).some(isResult)
}

function isOnlyResults({ content }: Msg): boolean {
  return typeof content !== 'string' && content.length > 0 && content.every(isResult)
}

function isResult(block: Block): boolean {
  return block.type === 'tool_result'
}
