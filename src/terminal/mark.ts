// What the terminal writes behind a message that did not simply end.
import type { Ending } from '../core/ending.ts'
import type { BlockEnd } from '../core/event.ts'
import { cleanLine } from './sanitize.ts'

/** The mark in brackets, or `undefined` for an ending that needs no words. */
export function markOf(ending: Ending): string | undefined {
  switch (ending.reason) {
    case 'length':
      return '[cut at the length limit]'
    case 'content-filter':
      return '[blocked by the content filter]'
    case 'refusal':
      return '[refused]'
    case 'pause':
      return '[paused]'
    case 'aborted':
      return ending.error?.type === 'budget' ? '[stopped by the budget]' : '[stopped]'
    case 'truncated':
    case 'error':
      return ending.error ? `[broken off: ${cleanLine(ending.error.message)}]` : '[broken off]'
    default:
      return markOfNote(ending)
  }
}

function markOfNote({ note, complete }: Ending): string | undefined {
  if (note === 'emptyAnswer') return '[thought, but did not answer]'
  if (note === 'truncatedToolCall') return '[a tool call was cut off]'
  return complete ? undefined : '[no answer]'
}

/** Behind a tool's result. `metadata.state` says how a call ended that did not end well (the tools' `FailureState`). */
export function markOfResult({ metadata, isError }: BlockEnd, saidFailed: boolean): string | undefined {
  const state = metadata?.['state']
  if (state === 'interrupted' || state === 'denied') return `[${state}]`
  if (state === 'timed-out') return '[timed out]'
  return isError && !saidFailed ? '[failed]' : undefined
}
