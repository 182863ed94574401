// How a run stands: a mark whose shape says it too, alone or in a pill with the word.
import type { RunStatus } from '../../../journal/journal.ts'
import { words } from './words.ts'

const marks: Record<RunStatus, preact.JSX.Element> = {
  running: (
    <g>
      <circle class="pulse" cx="8" cy="8" r="4.2" fill="currentColor" />
    </g>
  ),
  waiting: <path d="M8 1.8 14.2 8 8 14.2 1.8 8Z" fill="currentColor" />,
  done: <path d="M3 8.5 6.5 12 13 4.5" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />,
  failed: <path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />,
  stopped: <rect x="4" y="4" width="8" height="8" rx="1.5" fill="currentColor" />,
  lost: <path d="M3 8h2.500M7 8h2M10.5 8H13" fill="none" stroke="currentColor" stroke-width="2.2" />,
}

/** The mark alone, with its word for screen readers. */
export function StatusMark({ status }: { status: RunStatus }) {
  const word = words().status[status]
  return (
    <svg class={`status-mark ${status}`} viewBox="0 0 16 16" role="img" aria-label={word}>
      <title>{word}</title>
      {marks[status]}
    </svg>
  )
}

export function StatusPill({ status }: { status: RunStatus }) {
  return (
    <span class={`pill ${status}`}>
      <svg class={`status-mark ${status}`} viewBox="0 0 16 16" aria-hidden="true">
        {marks[status]}
      </svg>
      {words().status[status]}
    </span>
  )
}
