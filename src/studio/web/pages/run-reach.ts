// Whether the program of a run can be reached from here: stopped, or told something.
import type { RunHead } from '../../protocol/frames.ts'

/** Why it cannot; programs written for Python AgentScope listen for answers only. */
export type OutOfReach = 'over' | 'lost' | 'python' | 'unknown'

export function isOver({ status }: Partial<RunHead>): boolean {
  return status === 'done' || status === 'failed' || status === 'stopped'
}

/** `undefined` when it can be reached. */
export function outOfReach(head: Partial<RunHead>): OutOfReach | undefined {
  if (head.status === undefined) return 'unknown'
  if (isOver(head)) return 'over'
  if (head.status === 'lost') return 'lost'
  return head.program?.startsWith('agentscope-python') ? 'python' : undefined
}
