// The transcript of a run, and the keys that move through it.
import { useEffect, useRef, useState } from 'preact/hooks'
import { EmptyState } from '../components/page.tsx'
import { Transcript, type TranscriptControls } from '../components/transcript.tsx'
import { useKeys } from '../state/keys.ts'
import { type OpenRun, useTopics } from '../state/open-run.ts'
import { go, runPath } from '../state/router.ts'
import { openRequests } from '../state/transcript.ts'
import { words } from './run.words.ts'

export function Chat({ run, wanted }: { run: OpenRun; wanted: string | null }) {
  // A component that reads a signal is skipped when its props are the same: it must listen to the model itself.
  useTopics(run.model, 'messages')
  const [controls, setControls] = useState<TranscriptControls>()
  const shown = useRef<string | null>(null)
  useEffect(() => {
    if (wanted === null || wanted === shown.current || controls === undefined) return undefined
    // The rows follow the model in the frame that comes.
    const frame = requestAnimationFrame(() => {
      if (!controls.show(wanted)) return
      shown.current = wanted
      run.selected.value = wanted
    })
    return () => cancelAnimationFrame(frame)
  })
  useKeys({
    j: () => controls?.step(1),
    k: () => controls?.step(-1),
    End: () => controls?.toEnd(),
    e: () => nextError(run, controls),
    i: () => focusRequest(run),
    t: () => go(runPath(run.id, 'timeline')),
    c: () => document.querySelector<HTMLElement>('.message.selected .message-tools button')?.click(),
  })
  if (run.model.messages.length === 0 && !run.model.isPartial) {
    return (
      <EmptyState icon="terminal" title={words().empty}>
        <p>{words().emptyText}</p>
      </EmptyState>
    )
  }
  return <Transcript run={run} label={words().transcript} onControls={(made) => setControls(() => made)} />
}

function nextError(run: OpenRun, controls: TranscriptControls | undefined): void {
  const bad = run.model.messages.filter(
    ({ head: { ending }, notices, parts }) =>
      ending?.reason === 'error' ||
      ending?.reason === 'truncated' ||
      notices.some(({ kind }) => kind === 'error') ||
      parts.some(({ fault }) => fault !== undefined),
  )
  const at = bad.findIndex(({ id }) => id === run.selected.value)
  const next = bad[(at + 1) % Math.max(bad.length, 1)]
  if (next === undefined) return
  run.selected.value = next.id
  controls?.show(next.id)
}

/** Focuses the card, never a button in it: nothing is allowed by a key that was meant for something else. */
function focusRequest(run: OpenRun): void {
  const [first] = openRequests(run)
  if (first !== undefined) document.querySelector<HTMLElement>('.pinned .request')?.focus()
}
