// The waterfall of spans: rows in a window of their own, an axis, and the part of time that is shown.

import type { JSX, TargetedWheelEvent } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { formatDuration } from '../i18n/format.ts'
import { roundMarks } from './axis.ts'
import type { Span } from './span-facts.ts'
import { TimeStrip } from './time-strip.tsx'
import { useBox } from './use-box.ts'
import { useNow } from './use-now.ts'
import './waterfall.css'
import { waterfallWords } from './waterfall.words.ts'
import { firstView, layoutWaterfall, placeIn, type WaterfallRow, zoomView } from './waterfall-layout.ts'
import { rowHeight, WaterfallRowView } from './waterfall-row.tsx'

interface View {
  startMs: number
  endMs: number
}

export interface WaterfallProps {
  spans: readonly Span[]
  /** Whether open spans still grow; those of a program that is gone do not. */
  live: boolean
  /** The moment up to which open spans reach, when it is not the present. */
  nowMs?: number | undefined
  picked?: string | undefined
  onPick(span: Span): void
}

export function Waterfall({ spans, live, nowMs: moment, picked, onPick }: WaterfallProps): JSX.Element {
  const words = waterfallWords()
  const growing = live && spans.some((span) => span.endMs === undefined)
  const now = useNow(growing)
  const nowMs = moment ?? (growing ? now : lastMoment(spans))
  const [errorsOnly, setErrorsOnly] = useState(false)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<View | 'all'>()
  const layout = useMemo(
    () => layoutWaterfall(spans, { nowMs, errorsOnly, folded }),
    [spans, nowMs, errorsOnly, folded],
  )
  const first = useMemo(() => firstView(layout), [layout])
  const view = chosen === 'all' ? layout : (chosen ?? first)
  const isWhole = view.endMs - view.startMs >= layout.endMs - layout.startMs
  const { ref, box } = useBox<HTMLElement>()
  const zoom = (factor: number, atMs = (view.startMs + view.endMs) / 2) => {
    const next = zoomView(layout, view, factor, atMs)
    setChosen(next.endMs - next.startMs >= layout.endMs - layout.startMs ? 'all' : next)
  }
  const toggle = (id: string) => {
    const next = new Set(folded)
    if (!next.delete(id)) next.add(id)
    setFolded(next)
  }
  return (
    <section class="waterfall" ref={ref}>
      <h2 class="sr-only">{words.rows}</h2>
      <div class="waterfall-tools">
        <Legend />
        <span class="grow" />
        <label class="row">
          <input
            type="checkbox"
            checked={errorsOnly}
            onChange={(event) => setErrorsOnly(event.currentTarget.checked)}
          />
          {words.errorsOnly}
        </label>
        <button type="button" class="button small icon-only" aria-label={words.zoomOut} onClick={() => zoom(0.5)}>
          −
        </button>
        <button type="button" class="button small icon-only" aria-label={words.zoomIn} onClick={() => zoom(2)}>
          +
        </button>
        <button type="button" class="button small" disabled={isWhole} onClick={() => setChosen('all')}>
          {words.fit}
        </button>
      </div>
      <div class="waterfall-head">
        <div class="waterfall-names faint">{words.atOnce}</div>
        <TimeStrip spans={spans} nowMs={nowMs} whole={layout} view={view} onView={(next) => setChosen(next ?? 'all')} />
      </div>
      <div class="waterfall-head">
        <div class="waterfall-names" />
        <Axis view={view} startMs={layout.startMs} count={Math.max(2, Math.min(8, Math.floor(box.width / 150)))} />
      </div>
      <Rows
        rows={layout.rows}
        view={view}
        picked={picked}
        folded={folded}
        onFold={toggle}
        onPick={onPick}
        onZoom={zoom}
      />
    </section>
  )
}

interface RowsProps {
  rows: readonly WaterfallRow[]
  view: View
  picked: string | undefined
  folded: ReadonlySet<string>
  onFold(id: string): void
  onPick(span: Span): void
  onZoom(factor: number, atMs: number): void
}

/** Only these are rendered again while somebody scrolls. */
function Rows({ rows, view, picked, folded, onFold, onPick, onZoom }: RowsProps): JSX.Element {
  const { ref, box } = useBox<HTMLDivElement>()
  const [first, setFirst] = useState(0)
  const shown = rows.slice(first, first + Math.ceil((box.height || 600) / rowHeight) + 16)
  const scrolled = (top: number) => setFirst(Math.max(0, Math.floor(top / rowHeight / 4) * 4 - 8))
  return (
    <div
      ref={ref}
      class="waterfall-scroll"
      onScroll={(event) => scrolled(event.currentTarget.scrollTop)}
      onWheel={(event) => zoomByWheel(event, view, onZoom)}
    >
      <ol class="waterfall-rows" aria-label={waterfallWords().rows} style={{ height: `${rows.length * rowHeight}px` }}>
        {shown.map((row, index) => (
          <WaterfallRowView
            key={row.span.spanId}
            row={row}
            top={(first + index) * rowHeight}
            view={view}
            picked={row.span.spanId === picked}
            folded={folded.has(row.span.spanId)}
            onFold={() => onFold(row.span.spanId)}
            onPick={() => onPick(row.span)}
          />
        ))}
      </ol>
    </div>
  )
}

function Axis({ view, startMs, count }: { view: View; startMs: number; count: number }): JSX.Element {
  const marks = roundMarks(view.startMs - startMs, view.endMs - startMs, count)
  return (
    <div class="waterfall-axis" aria-hidden="true">
      {marks.map((mark) => {
        const at = startMs + mark
        const left = placeIn(view, { startMs: at, endMs: at })?.left ?? 0
        return (
          <span key={mark} style={{ left: `${left * 100}%` }}>
            {mark === 0 ? '0' : formatDuration(mark)}
          </span>
        )
      })}
    </div>
  )
}

function Legend(): JSX.Element {
  const words = waterfallWords()
  const kinds = ['wait', 'tokens', 'tool', 'agent', 'error'] as const
  return (
    <ul class="waterfall-legend">
      {kinds.map((kind) => (
        <li key={kind} class="row">
          <i class={`swatch ${kind}`} />
          {words[kind]}
        </li>
      ))}
    </ul>
  )
}

function zoomByWheel(
  event: TargetedWheelEvent<HTMLElement>,
  view: View,
  zoom: (factor: number, atMs: number) => void,
): void {
  if (!event.ctrlKey && !event.metaKey) return
  event.preventDefault()
  const bars = event.currentTarget.querySelector('.waterfall-bars')?.getBoundingClientRect()
  if (bars === undefined || bars.width === 0) return
  const share = Math.min(1, Math.max(0, (event.clientX - bars.left) / bars.width))
  zoom(event.deltaY < 0 ? 1.25 : 0.8, view.startMs + share * (view.endMs - view.startMs))
}

/** The last sign of life, where open spans of a program that is gone are drawn to. */
function lastMoment(spans: readonly Span[]): number {
  let last = 0
  for (const span of spans) last = Math.max(last, span.startMs, span.endMs ?? 0, span.events?.at(-1)?.atMs ?? 0)
  return last
}
