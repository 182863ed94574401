// The transcript of a run, and the keys that move through it.
import { useEffect, useRef, useState } from 'preact/hooks'
import { EmptyState } from '../components/page.tsx'
import { Transcript, type TranscriptControls } from '../components/transcript.tsx'
import { textStands } from '../state/first-text.ts'
import { useKeys } from '../state/keys.ts'
import { useTopics } from '../state/open-run.ts'
import { go, runPath } from '../state/router.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { noticeKey, openRequests } from '../state/transcript.ts'
import { words } from './run.words.ts'

/** `wanted`: the message that a link leads to; it is shown once, when it has come. */
export function Chat({ run, wanted }: { run: ShownRun; wanted: string | null }) {
  // A component that reads a signal is skipped when its props are the same: it must listen to the model itself.
  useTopics(run.model, 'messages', 'notices')
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
  const isEmpty = run.model.messages.length === 0 && run.model.notices.length === 0 && !run.model.isPartial
  useEffect(() => {
    if (isEmpty && run.model.seq > 0) textStands()
  })
  if (isEmpty) {
    return (
      <EmptyState icon="terminal" title={words().empty}>
        <p>{words().emptyText}</p>
      </EmptyState>
    )
  }
  return <Transcript run={run} label={words().transcript} onControls={(made) => setControls(() => made)} />
}

function nextError(run: ShownRun, controls: TranscriptControls | undefined): void {
  const bad = errorsIn(run)
  const next = bad[(bad.indexOf(run.selected.value ?? '') + 1) % Math.max(bad.length, 1)]
  if (next === undefined) return
  run.selected.value = next
  controls?.show(next)
}

/** The rows with something that failed; a tool's result stands in the row of its call. */
function errorsIn(run: ShownRun): string[] {
  const failed = run.model.messages.flatMap(({ id, head: { ending }, notices, parts }) => {
    const isBad = ending?.reason === 'error' || ending?.reason === 'truncated'
    const own = isBad || notices.some(({ kind }) => kind === 'error') ? [id] : []
    const faults = parts.filter(({ fault }) => fault !== undefined)
    return [...own, ...faults.map((part) => (part.head.kind === 'tool_out' ? run.partner(part) : part)?.head.msg ?? id)]
  })
  const refused = run.model.notices.filter(({ kind }) => kind === 'error').map(noticeKey)
  return [...new Set([...failed, ...refused])]
}

/** Focuses the card, never a button in it: nothing is allowed by a key that was meant for something else. */
/** To the question that is pinned; from it, to the next one that waits. */
function focusRequest(run: ShownRun): void {
  const pinned = document.querySelector<HTMLElement>('.pinned')
  if (openRequests(run).length === 0 || pinned === null) return
  if (pinned.contains(document.activeElement)) pinned.querySelector<HTMLElement>('.pinned-count button')?.click()
  // The next one is rendered with the next frame, or with the next deed.
  requestAnimationFrame(() => pinned.querySelector<HTMLElement>('.request')?.focus())
  pinned.querySelector<HTMLElement>('.request')?.focus()
}
