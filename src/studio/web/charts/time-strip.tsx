// The whole of a run's time in one strip: how much runs at once, and a part of it picked by dragging across.
import type { JSX, TargetedPointerEvent } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import type { Span } from './span-facts.ts'
import { waterfallWords } from './waterfall.words.ts'
import { concurrencyOf } from './waterfall-layout.ts'

interface View {
  startMs: number
  endMs: number
}

export interface TimeStripProps {
  spans: readonly Span[]
  nowMs: number
  whole: View
  view: View
  onView(view: View | undefined): void
}

/** For pointers only: the zoom buttons beside it do the same for the keyboard. */
export function TimeStrip({ spans, nowMs, whole, view, onView }: TimeStripProps): JSX.Element {
  const words = waterfallWords()
  const from = useRef<number | undefined>(undefined)
  const [drag, setDrag] = useState<View>()
  const outline = useMemo(() => outlineOf(spans, nowMs, whole), [spans, nowMs, whole.startMs, whole.endMs])
  const momentOf = (event: TargetedPointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - left) / (width || 1)))
    return whole.startMs + share * (whole.endMs - whole.startMs)
  }
  const move = (event: TargetedPointerEvent<HTMLElement>) => {
    if (from.current === undefined) return
    const at = momentOf(event)
    setDrag({ startMs: Math.min(from.current, at), endMs: Math.max(from.current, at) })
  }
  const drop = () => {
    from.current = undefined
    if (drag !== undefined && drag.endMs - drag.startMs > (whole.endMs - whole.startMs) / 200) onView(drag)
    setDrag(undefined)
  }
  const shown = drag ?? view
  const share = (ms: number) => ((ms - whole.startMs) / (whole.endMs - whole.startMs || 1)) * 100
  return (
    <div
      class="time-strip"
      title={words.hint}
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        from.current = momentOf(event)
      }}
      onPointerMove={move}
      onPointerUp={drop}
      onPointerCancel={drop}
      onDblClick={() => onView(undefined)}
    >
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
        <path d={outline} />
      </svg>
      <span class="time-window" style={{ left: `${share(shown.startMs)}%`, right: `${100 - share(shown.endMs)}%` }} />
    </div>
  )
}

/** Only model and tool calls count: an agent that waits for them does no work of its own. */
function outlineOf(spans: readonly Span[], nowMs: number, whole: View): string {
  const calls = spans.filter((span) => span.kind === 'model' || span.kind === 'tool')
  const steps = concurrencyOf(calls.length === 0 ? spans : calls, nowMs)
  const most = steps.reduce((max, step) => Math.max(max, step.count), 1)
  const x = (ms: number) => Math.round(((ms - whole.startMs) / (whole.endMs - whole.startMs || 1)) * 1000)
  // No more steps than a screen has columns: ten thousand of them take longer to draw than a frame lasts.
  const columns = new Map<number, number>()
  for (const { atMs, count } of steps) columns.set(x(atMs), Math.max(count, columns.get(x(atMs)) ?? 0))
  const path = [...columns].map(([at, count]) => `H${at}V${100 - (count / most) * 90}`)
  return `M0 100${path.join('')}V100Z`
}
