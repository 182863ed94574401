// One row of the waterfall: the span's name in its place in the tree, and its bar.
import type { JSX } from 'preact'
import { visible } from '../components/visible.ts'
import { formatDuration } from '../i18n/format.ts'
import { tokenTimes } from './span-facts.ts'
import { waterfallWords } from './waterfall.words.ts'
import { placeIn, type WaterfallRow } from './waterfall-layout.ts'

/** In pixels; the style sheet says the same. */
export const rowHeight = 30

/** Ticks in a narrower bar would only wash it out. */
const readableShare = 0.03

/** How OpenTelemetry begins the name of a question to a model. On a phone the model's own name needs the room. */
const asking = 'chat '

export interface WaterfallRowProps {
  row: WaterfallRow
  top: number
  view: { startMs: number; endMs: number }
  picked: boolean
  folded: boolean
  onFold(): void
  onPick(): void
}

export function WaterfallRowView({ row, top, view, picked, folded, onFold, onPick }: WaterfallRowProps): JSX.Element {
  const words = waterfallWords()
  const name = visible(row.span.name)
  const depth = Math.min(row.depth, 12)
  return (
    <li class={picked ? 'waterfall-row picked' : 'waterfall-row'} style={{ top: `${top}px` }}>
      <span class="waterfall-fold" style={{ '--depth': depth }}>
        {row.children > 0 && (
          <button
            type="button"
            class="fold-button"
            aria-expanded={!folded}
            aria-label={folded ? words.unfold(name) : words.fold(name)}
            onClick={onFold}
          >
            {folded ? '▸' : '▾'}
          </button>
        )}
      </span>
      <button type="button" class="waterfall-pick" aria-pressed={picked} onClick={onPick}>
        <span class="waterfall-name" style={{ '--depth': depth }}>
          {row.failed && <span class="bad">✕ </span>}
          <span class="ellipsis">
            {row.span.kind === 'model' && name.startsWith(asking) ? (
              <>
                <span class="waterfall-verb">{asking}</span>
                {name.slice(asking.length)}
              </>
            ) : (
              name
            )}
          </span>
          <span class="sr-only">{aboutOf(row)}</span>
        </span>
        <span class="waterfall-bars">
          <Bar row={row} view={view} />
        </span>
      </button>
    </li>
  )
}

function Bar({ row, view }: { row: WaterfallRow; view: WaterfallRowProps['view'] }): JSX.Element | null {
  const place = placeIn(view, row)
  if (place === undefined) return null
  const shares = placedMarks(row, view)
  const classes = ['bar', row.span.kind, row.failed ? 'failed' : '', row.open ? 'open' : ''].filter(Boolean).join(' ')
  return (
    <>
      <span class={classes} style={{ left: percent(place.left), width: percent(place.width) }} />
      {shares.first !== undefined && (
        <>
          <span class="bar-wait" style={{ left: percent(place.left), width: percent(shares.first - place.left) }} />
          <span class="bar-first" style={{ left: percent(shares.first) }} />
        </>
      )}
      {shares.tokens !== '' && place.width > readableShare && (
        <svg class="bar-tokens" viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true">
          <path d={shares.tokens} />
        </svg>
      )}
      <Length row={row} place={place} />
    </>
  )
}

/** The style sheet leaves room for it to the right of all bars. */
function Length({ row, place }: { row: WaterfallRow; place: { left: number; width: number } }): JSX.Element {
  return (
    <span class="bar-length numbers" style={{ left: percent(place.left + place.width) }}>
      {`${formatDuration(row.endMs - row.startMs)}${row.open ? ' ▸' : ''}`}
    </span>
  )
}

/** Token ticks as one path, at most one for each thousandth of the width. */
function placedMarks(row: WaterfallRow, view: WaterfallRowProps['view']): { first?: number; tokens: string } {
  if (row.span.kind !== 'model') return { tokens: '' }
  const share = (ms: number) => (ms - view.startMs) / (view.endMs - view.startMs || 1)
  const ticks = new Set(tokenTimes(row.span).map((atMs) => Math.round(share(atMs) * 1000)))
  const tokens = [...ticks].filter((x) => x >= 0 && x <= 1000).map((x) => `M${x} 0V1`)
  const first = row.firstContentMs === undefined ? undefined : share(row.firstContentMs)
  return { tokens: tokens.join(''), ...(first !== undefined && first >= 0 && first <= 1 ? { first } : {}) }
}

/** What the bar shows by its shape, in words. */
function aboutOf(row: WaterfallRow): string {
  const words = waterfallWords()
  const first = row.firstContentMs
  const parts: string[] = []
  if (row.open) parts.push(words.open)
  if (row.failed) parts.push(words.failed)
  if (first !== undefined) parts.push(words.firstToken(formatDuration(first - row.startMs)))
  return parts.map((part) => `, ${part}`).join('')
}

function percent(share: number): string {
  return `${Math.max(0, share) * 100}%`
}
