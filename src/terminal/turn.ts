// Whoever wants the screen: a message on its way, a line of news, or a question.
import type { Lane } from './lane.ts'

export interface Turn {
  readonly kind: 'message' | 'aside' | 'question'
  /** The terminal that it belongs to. */
  readonly owner: object
  /** Text that waits until it may be shown: never more than the message itself. */
  held: string
  over: boolean
  /** Whether any of its text stands on the screen. */
  shown: boolean
  /** Of the clock: when it was last heard of. */
  heardAt: number
  /** A message of tool results may be open for as long as its tools run, and those may ask something. */
  readonly isPatient: boolean
  /** A message that may have said more than stands on the screen; when the program ends, that is shown. */
  readonly keepsBack: boolean
  /** How it looks while others speak; only on a screen that can be redrawn. */
  readonly lane?: Lane | undefined
  /** A question begins when it has the screen to itself. */
  begin?(): void
  /** Ends the line of a message, so that somebody else can have the screen: the characters that do it. */
  interrupt?(): string
  /** Ends a message that nobody will end any more: the characters that do it. */
  breakOff?(): string
}

/** Open, and nothing to show so far. */
export function isQuiet(turn: Turn): boolean {
  return turn.kind === 'message' && turn.isPatient && !turn.shown && turn.held === '' && !turn.over
}

/** A message that has not said its last word. */
export function isSpeaking(turn: Turn): boolean {
  return turn.kind === 'message' && !turn.over
}
