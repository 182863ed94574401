// Whose turn it is on the screen: one decision, from all who want it.
import { isQuiet, isSpeaking, type Turn } from './turn.ts'

/** A question does not wait for a message that has been silent for so long: that may be waiting for the answer. */
export const patienceMs = 1000

export interface Contest {
  /** In the order in which they came. */
  turns: readonly Turn[]
  /** Who has the screen now. */
  current: Turn | undefined
  /** Whether messages that wait can be seen meanwhile. */
  lanes: boolean
  now: number
}

/**
 * Who has the screen next. Without lanes: first come, first served. With lanes: whoever speaks alone, or has begun to;
 * of several that speak at once nobody, and each of them when it has said its last word.
 */
export function nextTurn(contest: Contest): Turn | undefined {
  const { turns, current, lanes, now } = contest
  const question = turns.find(({ kind }) => kind === 'question')
  if (current !== undefined && keepsScreen(contest)) return question && yields(current, now) ? question : current
  if (!lanes) return turns.find((turn) => !isQuiet(turn))
  const done = turns.find(({ kind, over }) => over && kind !== 'question')
  return done ?? question ?? alone(turns)
}

/** Whether a question may come in between. */
export function yields(turn: Turn, now: number): boolean {
  return isSpeaking(turn) && (turn.isPatient || now - turn.heardAt >= patienceMs)
}

function keepsScreen({ current, turns, lanes }: Contest): boolean {
  if (current === undefined || !turns.includes(current)) return false
  // It has not said anything yet, so it need not be the one that all others wait for.
  return !(lanes && isSpeaking(current) && !current.shown && current.held === '' && alone(turns) === undefined)
}

function alone(turns: readonly Turn[]): Turn | undefined {
  const speaking = turns.filter((turn) => isSpeaking(turn) && !isQuiet(turn))
  return speaking.length === 1 ? speaking[0] : undefined
}
