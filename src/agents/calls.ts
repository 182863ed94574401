// The tool calls in a message: which there are, and whether its ending lets them run.
import type { Ending } from '../core/ending.ts'
import { AgentScopeError } from '../core/error.ts'
import { type Block, blocksOf, type Msg, type ToolUseBlock } from '../core/message.ts'

export function callsIn(message: Pick<Msg, 'content'>): ToolUseBlock[] {
  return blocksOf(message).filter((block: Block) => block.type === 'tool_use')
}

/** A tool runs only when the model had finished what it wanted to say, and wanted tools. */
export function mayRun(ending: Ending | undefined): boolean {
  if (ending === undefined) return true
  return ending.complete && ['tool-calls', 'stop', 'unknown', 'pause'].includes(ending.reason)
}

/** Whether the model will say no more, even though it began to call tools. */
export function isAnswered(ending: Ending | undefined): boolean {
  return ending?.reason === 'content-filter' || ending?.reason === 'refusal'
}

/** What providers say who read the model's calls themselves, and could not: Gemini, Groq. */
const unreadable: readonly unknown[] = ['bad_tool_call', 'tool_use_failed']

/** Whether the answer failed because the model called a tool in a way that its provider could not read. */
export function isUnreadableCall(error: unknown): boolean {
  return error instanceof AgentScopeError && unreadable.includes(error.code)
}

/** The same call as one that must not run. */
export function unproved({ input: _, ...call }: ToolUseBlock): ToolUseBlock {
  return call
}
