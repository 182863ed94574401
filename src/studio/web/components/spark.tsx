// A line the size of a word: how a figure went, from old to new.
import { words } from './words.ts'

export interface SparkProps {
  values: readonly number[]
  width?: number
  height?: number
  /** What it shows, for screen readers. */
  label?: string
}

export function Spark({ values, width = 64, height = 18, label }: SparkProps) {
  const top = Math.max(...values, 1e-9)
  const step = width / Math.max(values.length - 1, 1)
  const y = (value: number) => height - 1.5 - (value / top) * (height - 3)
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  return (
    <svg class="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img">
      <title>{label ?? words().trend}</title>
      {values.length > 1 && <polygon points={`0,${height} ${points} ${width},${height}`} class="spark-fill" />}
      <polyline points={points} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" />
    </svg>
  )
}
