// Bars side by side, stacked of parts, with their scale; for histograms and for sums over time.
import type { JSX } from 'preact'
import { roundMarks } from './axis.ts'
import { useBox } from './use-box.ts'

export interface Bar {
  /** Under the bar, where there is room. */
  label: string
  /** The whole bar in words, on hover and for screen readers. */
  title: string
  /** From the bottom up; a part's place gives its colour. */
  parts: readonly number[]
}

export interface BarsProps {
  /** What the picture shows, in one sentence. */
  summary: string
  bars: readonly Bar[]
  format(value: number): string
  /** Upright lines at a place between 0 (left edge) and the number of bars. */
  lines?: readonly { at: number; label: string }[]
  /** Colours of the parts, as CSS variables; default: the series. */
  colours?: readonly string[]
}

const height = 180
const foot = 22
const side = 48
/** A single value shall not look like a wall. */
const widestBar = 96
const series = ['var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)', 'var(--c5)', 'var(--c6)']

export function Bars({ summary, bars, format, lines = [], colours = series }: BarsProps): JSX.Element {
  const { ref, box } = useBox<HTMLDivElement>()
  const width = Math.max(120, box.width)
  const most = bars.reduce((max, bar) => Math.max(max, total(bar)), 0) || 1
  const marks = distinct(roundMarks(0, most, 3), format)
  const top = Math.max(most, marks.at(-1) ?? most)
  // The names of the lines stand above the bars.
  const roof = lines.length > 0 ? 20 : 8
  const y = (value: number) => roof + (height - roof) * (1 - value / top)
  const step = Math.min(widestBar, (width - side) / Math.max(1, bars.length))
  const every = Math.max(1, Math.ceil(64 / step))
  return (
    <div ref={ref} class="chart-box">
      <svg class="bars" width={width} height={height + foot} role="img" aria-label={summary}>
        <title>{summary}</title>
        {marks.map((mark) => (
          <g key={mark}>
            <line class="grid" x1={side} x2={width} y1={y(mark)} y2={y(mark)} />
            <text x={side - 8} y={y(mark) + 4} text-anchor="end">
              {format(mark)}
            </text>
          </g>
        ))}
        {bars.map((bar, index) => (
          <g key={bar.label + index.toString()} class="bar-group">
            <title>{bar.title}</title>
            <rect class="hit" x={side + index * step} y={0} width={step} height={height} />
            {stackOf(bar).map((part, place) => (
              <rect
                key={place}
                x={side + index * step + gapOf(step)}
                width={Math.max(1, step - 2 * gapOf(step))}
                y={y(part.to)}
                height={Math.max(part.to > part.from ? 1 : 0, y(part.from) - y(part.to))}
                style={{ fill: colours[place % colours.length] ?? 'currentcolor' }}
              />
            ))}
            {index % every === 0 && side + index * step + 7 * bar.label.length < width && (
              <text x={side + index * step + 2} y={height + 16}>
                {bar.label}
              </text>
            )}
          </g>
        ))}
        {lines.map((line) => (
          <g key={line.label} class="bar-line">
            <line x1={side + line.at * step} x2={side + line.at * step} y1={4} y2={height} />
            <text {...besideLine(side + line.at * step, width)} y={14}>
              {line.label}
            </text>
          </g>
        ))}
      </svg>
    </div>
  )
}

/** To the right of its line, or to the left where the picture ends. */
function besideLine(x: number, width: number): { x: number; 'text-anchor': 'start' | 'end' } {
  return x > width - 32 ? { x: x - 4, 'text-anchor': 'end' } : { x: x + 4, 'text-anchor': 'start' }
}

/** Half a call would read like a whole one: of marks that read the same, only the last is drawn. */
function distinct(marks: readonly number[], format: (value: number) => string): number[] {
  return marks.filter(
    (mark, index) => index === 0 || !marks.slice(index + 1).some((next) => format(next) === format(mark)),
  )
}

function gapOf(step: number): number {
  return step > 8 ? Math.min(6, step * 0.12) : 0
}

function total(bar: Bar): number {
  return bar.parts.reduce((sum, part) => sum + part, 0)
}

function stackOf(bar: Bar): { from: number; to: number }[] {
  let from = 0
  return bar.parts.map((part) => {
    const piece = { from, to: from + part }
    from += part
    return piece
  })
}
