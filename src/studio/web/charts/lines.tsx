// Lines over time: the one place that knows uPlot, which is loaded when the first chart is shown.
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type uPlot from 'uplot'
import { useBox } from './use-box.ts'

export interface Series {
  name: string
  /** One for each time; `undefined` leaves a hole. */
  values: readonly (number | undefined)[]
}

export interface LinesProps {
  /** What the picture shows, in one sentence: the chart itself is a canvas. */
  summary: string
  /** Milliseconds since 1970, rising. */
  times: readonly number[]
  series: readonly Series[]
  format(value: number): string
  formatTime(ms: number): string
}

const height = 202
const colours = ['--c1', '--c2', '--c3', '--c4', '--c5', '--c6']

export function Lines({ summary, times, series, format, formatTime }: LinesProps): JSX.Element {
  const { ref, box } = useBox<HTMLDivElement>()
  const place = useRef<HTMLDivElement>(null)
  const theme = useThemeName()
  useEffect(() => {
    const element = place.current
    if (element === null || box.width === 0) return undefined
    let chart: uPlot | undefined
    let gone = false
    const data = [times.map((ms) => ms / 1000), ...series.map(({ values }) => values.map((value) => value ?? null))]
    void loadPlot().then((Plot) => {
      if (gone) return
      chart = new Plot(optionsOf(element, box.width, series, format, formatTime), data as uPlot.AlignedData, element)
    })
    return () => {
      gone = true
      chart?.destroy()
    }
  }, [box.width, times, series, theme])
  return (
    <div ref={ref} class="chart-box">
      <div ref={place} class="lines" role="img" aria-label={summary} />
      <ul class="chart-legend">
        {series.map(({ name }, index) => (
          <li key={name} class="row">
            <i class="swatch" style={{ background: `var(${colours[index % colours.length]})` }} />
            {name}
          </li>
        ))}
      </ul>
    </div>
  )
}

let loading: Promise<typeof uPlot> | undefined

function loadPlot(): Promise<typeof uPlot> {
  loading ??= Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([module]) => module.default)
  return loading
}

function optionsOf(
  element: HTMLElement,
  width: number,
  series: readonly Series[],
  format: (value: number) => string,
  formatTime: (ms: number) => string,
): uPlot.Options {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  const axis = { stroke: colour('--faint'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } }
  const font = `11.5px ${style.fontFamily}`
  return {
    width,
    height,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    axes: [
      {
        ...axis,
        font,
        size: 28,
        grid: { show: false },
        values: (_plot, seconds) => seconds.map((each) => formatTime(each * 1000)),
      },
      { ...axis, font, size: 52, values: (_plot, values) => values.map(format) },
    ],
    scales: { y: { range: (_plot, _low, high) => [0, (high || 1) * 1.1] } },
    series: [
      {},
      ...series.map(({ name }, index) => {
        const stroke = colour(colours[index % colours.length] as string)
        return { label: name, stroke, width: 1.8, gaps: wideGaps, points: { size: 7, stroke, fill: stroke } }
      }),
    ],
  }
}

/** Over a time or two without a call the line goes on; over more it would tell of calls that nobody made. */
const wideGaps: uPlot.Series.GapsRefiner = (plot, _series, _first, _last, gaps) => {
  const step = plot.bbox.width / Math.max(1, plot.data[0].length - 1)
  return gaps.filter(([from, to]) => to - from > 3.5 * step)
}

/** The canvas takes its colours when it is drawn, so a change of theme draws it again. */
function useThemeName(): string {
  const dark = globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches === true
  return `${document.documentElement.dataset['theme'] ?? ''}${dark}`
}
