// Calls that wait for a person's word while the reply is paused, and what that word was.
import { isFields } from '../core/kind.ts'
import type { Approval } from '../tools/index.ts'

/** A call that waits. `agent.pending` lists them, `agent.resume` takes rulings by their `id`. */
export interface PendingCall {
  /** The call's own id. */
  id: string
  name: string
  input: unknown
  /** The id of the `input-request` that was published for it. */
  requestId: string
}

/** `true` or `allow` lets it run; `false`, `deny` or `{ deny: reason }` does not. */
export type Ruling = boolean | 'allow' | 'deny' | { deny: string }

/** A call without a ruling does not run. */
export function rulingOf(ruling: Ruling | undefined): Approval {
  if (ruling === true || ruling === 'allow') return { allowed: true }
  if (typeof ruling === 'object' && ruling !== null) return { allowed: false, reason: ruling.deny }
  return ruling === undefined ? { allowed: false, reason: 'Nobody allowed it.' } : { allowed: false }
}

/** The pending calls of a state. */
export function pendingIn(state: unknown): PendingCall[] {
  if (!Array.isArray(state)) return []
  return state.filter((each): each is PendingCall => {
    return isFields(each) && [each['id'], each['name'], each['requestId']].every((field) => typeof field === 'string')
  })
}
