// The pauses of one stream as a strip of heat; stalls stand out by colour and by height.
import type { JSX } from 'preact'
import { dictionary } from '../i18n/dictionary.ts'
import { formatDuration, formatNumber } from '../i18n/format.ts'
import './charts.css'
import { gapStrip } from './gap-strip.ts'

const words = dictionary({
  en: {
    label: (pieces: number, longest: string, stalls: number) =>
      `${formatNumber(pieces)} pieces, longest pause ${longest}, stalls: ${formatNumber(stalls)}`,
  },
  zh: {
    label: (pieces: number, longest: string, stalls: number) =>
      `${formatNumber(pieces)} 段，最长停顿 ${longest}，卡顿 ${formatNumber(stalls)} 次`,
  },
})

/** `times`: when each piece arrived, in milliseconds. Nothing is drawn for fewer than three. */
export function GapStripView({ times }: { times: readonly number[] }): JSX.Element | null {
  if (times.length < 3) return null
  const strip = gapStrip(times, 60)
  const label = words().label(times.length, formatDuration(strip.longestMs), strip.stalls.length)
  return (
    <figure class="gap-strip">
      <svg viewBox={`0 0 ${strip.columns.length} 20`} preserveAspectRatio="none" role="img" aria-label={label}>
        <title>{label}</title>
        {strip.columns.map((column, index) => (
          <rect
            key={index}
            class={column.stalled ? 'stalled' : ''}
            x={index}
            width={0.8}
            y={20 - Math.max(2, column.level * 20)}
            height={Math.max(2, column.level * 20)}
          />
        ))}
      </svg>
      <figcaption class="faint">{label}</figcaption>
    </figure>
  )
}
