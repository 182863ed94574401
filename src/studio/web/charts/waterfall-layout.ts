// Spans as rows of a waterfall: a tree by parents, what is still open grown up to now, what failed, what runs at once.
import { factsOf, type Span } from './span-facts.ts'

export interface WaterfallRow {
  span: Span
  depth: number
  startMs: number
  /** Where the bar ends: the span's end, or now while it is open. */
  endMs: number
  open: boolean
  failed: boolean
  children: number
  /** When the first content came, in milliseconds since 1970, for model calls that told it. */
  firstContentMs?: number
}

export interface Waterfall {
  rows: WaterfallRow[]
  /** What all rows together cover. */
  startMs: number
  endMs: number
}

export interface WaterfallOptions {
  /** Where open spans end, in milliseconds since 1970. */
  nowMs: number
  errorsOnly?: boolean
  /** Ids of spans whose children are folded away. */
  folded?: ReadonlySet<string>
}

/** A parent comes before its children, siblings by start. A span whose parent is not there (yet) stands at the root. */
export function layoutWaterfall(spans: readonly Span[], options: WaterfallOptions): Waterfall {
  const tree = treeOf(spans)
  const rows: WaterfallRow[] = []
  const kept = options.errorsOnly ? failedWithParents(spans) : undefined
  const stack = tree.roots.map((span) => ({ span, depth: 0 })).reverse()
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { span, depth } = next
    const children = tree.children.get(span.spanId) ?? []
    if (kept === undefined || kept.has(span.spanId)) rows.push(rowOf(span, depth, children.length, options.nowMs))
    if (options.folded?.has(span.spanId)) continue
    for (const child of children.toReversed()) stack.push({ span: child, depth: depth + 1 })
  }
  return { rows, ...rangeOf(spans, options.nowMs) }
}

/**
 * What is shown at first: the calls of models and tools with a little air, so that a run that waits for somebody does not
 * press them into slivers. All of it when they fill most of it anyway, or when there are none.
 */
export function firstView(whole: Waterfall): { startMs: number; endMs: number } {
  const calls = whole.rows.filter(({ span: { kind } }) => kind === 'model' || kind === 'tool')
  const from = calls.reduce((least, { startMs }) => Math.min(least, startMs), Number.POSITIVE_INFINITY)
  const to = calls.reduce((most, { endMs }) => Math.max(most, endMs), 0)
  const air = (to - from) * 0.05
  const view = { startMs: Math.max(whole.startMs, from - air), endMs: Math.min(whole.endMs, to + air) }
  const share = (view.endMs - view.startMs) / (whole.endMs - whole.startMs || 1)
  return calls.length > 0 && to > from && share < 0.6 ? view : { startMs: whole.startMs, endMs: whole.endMs }
}

/** How many of these spans run at once, as steps: each holds until the next begins. */
export function concurrencyOf(spans: readonly Span[], nowMs: number): { atMs: number; count: number }[] {
  const changes = new Map<number, number>()
  for (const span of spans) {
    changes.set(span.startMs, (changes.get(span.startMs) ?? 0) + 1)
    const end = Math.max(span.startMs, span.endMs ?? nowMs)
    changes.set(end, (changes.get(end) ?? 0) - 1)
  }
  let count = 0
  return [...changes]
    .sort(([left], [right]) => left - right)
    .map(([atMs, change]) => {
      count += change
      return { atMs, count }
    })
}

/** Where a bar lies in the part that is shown, as shares of its width; `undefined` when it lies outside. */
export function placeIn(
  view: { startMs: number; endMs: number },
  bar: { startMs: number; endMs: number },
): { left: number; width: number } | undefined {
  const whole = view.endMs - view.startMs || 1
  if (bar.endMs < view.startMs || bar.startMs > view.endMs) return undefined
  const left = Math.max(0, (bar.startMs - view.startMs) / whole)
  return { left, width: Math.max(0, Math.min(1, (bar.endMs - view.startMs) / whole) - left) }
}

/** The part that is shown after zooming by `factor` (above 1: closer) around `atMs`, never outside the whole. */
export function zoomView(
  whole: { startMs: number; endMs: number },
  view: { startMs: number; endMs: number },
  factor: number,
  atMs: number,
): { startMs: number; endMs: number } {
  const length = Math.min(whole.endMs - whole.startMs, Math.max(1, (view.endMs - view.startMs) / factor))
  const share = (atMs - view.startMs) / (view.endMs - view.startMs || 1)
  const startMs = Math.min(whole.endMs - length, Math.max(whole.startMs, atMs - share * length))
  return { startMs, endMs: startMs + length }
}

function rowOf(span: Span, depth: number, children: number, nowMs: number): WaterfallRow {
  const open = span.endMs === undefined
  const first = span.kind === 'model' ? factsOf(span).firstContentMs : undefined
  return {
    span,
    depth,
    startMs: span.startMs,
    endMs: Math.max(span.startMs, span.endMs ?? nowMs),
    open,
    failed: span.status === 'error',
    children,
    ...(first === undefined ? {} : { firstContentMs: span.startMs + first }),
  }
}

function treeOf(spans: readonly Span[]): { roots: Span[]; children: Map<string, Span[]> } {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const children = new Map<string, Span[]>()
  const roots: Span[] = []
  const looped = loopEntries(byId)
  for (const span of [...byId.values()].sort((left, right) => left.startMs - right.startMs)) {
    const parent = span.parentSpanId
    if (parent === undefined || !byId.has(parent) || looped.has(span.spanId)) roots.push(span)
    else if (!children.get(parent)?.push(span)) children.set(parent, [span])
  }
  return { roots, children }
}

/** A broken program can name a parent in a circle: one span of each circle is put at the root, so that all are shown. */
function loopEntries(byId: ReadonlyMap<string, Span>): Set<string> {
  const settled = new Set<string>()
  const entries = new Set<string>()
  for (const id of byId.keys()) {
    const path = new Set<string>()
    let at: string | undefined = id
    while (at !== undefined && byId.has(at) && !settled.has(at) && !path.has(at)) {
      path.add(at)
      at = byId.get(at)?.parentSpanId
    }
    if (at !== undefined && path.has(at)) entries.add(at)
    for (const seen of path) settled.add(seen)
  }
  return entries
}

function failedWithParents(spans: readonly Span[]): Set<string> {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const kept = new Set<string>()
  for (const failed of spans) {
    if (failed.status !== 'error') continue
    let at: Span | undefined = failed
    while (at !== undefined && !kept.has(at.spanId)) {
      kept.add(at.spanId)
      at = at.parentSpanId === undefined ? undefined : byId.get(at.parentSpanId)
    }
  }
  return kept
}

function rangeOf(spans: readonly Span[], nowMs: number): { startMs: number; endMs: number } {
  if (spans.length === 0) return { startMs: 0, endMs: 0 }
  let startMs = Number.POSITIVE_INFINITY
  let endMs = Number.NEGATIVE_INFINITY
  for (const span of spans) {
    startMs = Math.min(startMs, span.startMs)
    endMs = Math.max(endMs, span.startMs, span.endMs ?? nowMs)
  }
  return { startMs, endMs }
}
