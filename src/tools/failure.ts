// Why a call has no proper result, in the words that the model reads.
import { AgentScopeError, messageOf } from '../core/error.ts'
import { isFields } from '../core/kind.ts'
import type { ToolUseBlock } from '../core/message.ts'
import { didYouMean } from '../core/spelling.ts'
import { type Issue, issuesText } from '../schema/index.ts'

/** How a call ended that did not end well; it stands in the result's metadata as `state`. */
export type FailureState = 'cut-off' | 'unknown' | 'invalid' | 'failed' | 'timed-out' | 'denied' | 'interrupted'

export interface Failure {
  state: FailureState
  /** Absent when the tool has said it itself. */
  text?: string
}

/** The arguments came to no whole JSON. */
export function cutOff({ name, rawInput }: ToolUseBlock): Failure {
  const where = rawInput === '' ? 'none arrived' : jsonFault(rawInput)
  const text = `The call of ${name} was not run: its arguments are not whole JSON, they were cut off or garbled`
  return { state: 'cut-off', text: `${text} (${where}). Make the call again with whole arguments.` }
}

export function unknownTool(name: string, known: readonly string[]): Failure {
  const names = known.length === 0 ? 'There are no tools to call.' : `The tools are: ${known.join(', ')}.`
  return { state: 'unknown', text: `There is no tool ${JSON.stringify(name)}.${didYouMean(name, known)} ${names}` }
}

export function invalidInput(name: string, issues: readonly Issue[]): Failure {
  const text = `The tool ${name} was not run: its arguments do not fit its schema: ${issuesText(issues)}`
  return { state: 'invalid', text }
}

export function denied(name: string, reason: string | undefined): Failure {
  const why = reason === undefined || reason === '' ? 'No reason was given.' : `The reason: ${reason}`
  return { state: 'denied', text: `The call of ${name} was not allowed, so it was not run. ${why}` }
}

export function timedOut(name: string, timeoutMs: number): Failure {
  const text = `The tool ${name} was stopped after ${timeoutMs} ms, its time limit. It may have done a part of its work.`
  return { state: 'timed-out', text }
}

/** `ran` says whether the tool had been started. */
export function interrupted(name: string, ran: boolean): Failure {
  const how = ran
    ? `The tool ${name} was interrupted before it was known to be done. It may have done its work, or a part of it.`
    : `The call of ${name} was interrupted before the tool was run.`
  return { state: 'interrupted', text: how }
}

/** What it threw, in its own words: no stack. */
export function failed(name: string, thrown: unknown): Failure {
  return { state: 'failed', text: `The tool ${name} failed: ${wordsOf(thrown)}` }
}

/** Whatever was thrown, in words. Never throws itself. */
export function wordsOf(thrown: unknown): string {
  try {
    const said = wordsIn(thrown).trim()
    return said === '' ? 'it did not say why.' : said
  } catch {
    return 'what it threw cannot be read.'
  }
}

function wordsIn(thrown: unknown): string {
  if (thrown === undefined || thrown === null) return ''
  if (thrown instanceof AgentScopeError) return [thrown.message, thrown.advice].filter(Boolean).join(' ')
  if (thrown instanceof Error) return (thrown.message || thrown.name) + causeOf(thrown)
  if (isFields(thrown)) return typeof thrown['message'] === 'string' ? thrown['message'] : JSON.stringify(thrown)
  return String(thrown)
}

/** "fetch failed" alone tells nobody anything; its cause does. */
function causeOf({ message, cause }: Error): string {
  const reason = cause instanceof Error ? cause.message : ''
  return reason === '' || message.includes(reason) ? '' : ` (${reason})`
}

function jsonFault(text: string): string {
  try {
    JSON.parse(text)
    return 'the reply ended before they were proved whole'
  } catch (error) {
    return messageOf(error)
  }
}
