// The demo's question to the person, and what is taken for an answer where nobody gives one.
import { setTimeout as after } from 'node:timers/promises'
import { AbortedError } from '../core/error.ts'
import type { Input } from '../scope.ts'

/** What is taken for the answer when nobody gives one. */
export const standardAnswer = 'I like to read along'

/** So long somebody may think who can be seen to be there, though not for ever: seconds. */
const patience = { keyboard: 20, tab: 60 }

export interface Circumstances {
  /** Whether somebody sits at the terminal. */
  interactive: boolean
  /** Whether the demo must end by itself. */
  once: boolean
  /** The open tabs of Studio; undefined without one. */
  tabs: number | undefined
}

/** In how many seconds the question is answered by itself; undefined: never. */
export function secondsToAnswer({ interactive, once, tabs = 0 }: Circumstances): number | undefined {
  if (interactive) return once ? patience.keyboard : undefined
  return tabs > 0 ? patience.tab : 0
}

/** The question, and where it can be answered. */
export function questionTo({ interactive, tabs }: Circumstances): string {
  const question = 'And you, why do you want to see the words as they come?'
  return interactive && tabs !== undefined ? `${question} (here or in Studio)` : question
}

/** Told before the question where nobody can answer it, or has to be quick. */
export function newsOf(circumstances: Circumstances): string | undefined {
  const seconds = secondsToAnswer(circumstances)
  if (seconds === undefined) return undefined
  const answer = JSON.stringify(standardAnswer)
  if (seconds === 0) return `The host asks you, too. Nobody is here to answer, so the answer is ${answer}.`
  const where = circumstances.interactive ? '' : ' in Studio'
  return `The host asks you, too${where}. Without an answer within ${seconds} seconds it is ${answer}.`
}

/** Answers by itself after so many seconds, counted when it is asked; undefined: it leaves that to others. */
export function standardInput(seconds: () => number | undefined): Input {
  return {
    place: 'default',
    ask: async (_request, signal) => {
      const wait = seconds()
      if (wait === undefined) throw new AbortedError('Nobody is in a hurry.')
      return after(wait * 1000, standardAnswer, { signal })
    },
  }
}
