// A small bar that shows how full something is; nearly full is marked in colour, and the words beside it say it too.
import type { JSX } from 'preact'
import './fill-bar.css'

const nearlyFull = 0.9

export function FillBar({ share, label }: { share: number; label: string }): JSX.Element {
  const width = `${Math.min(100, Math.max(0, share * 100))}%`
  return (
    <span class={share >= nearlyFull ? 'fill-bar full' : 'fill-bar'} role="img" aria-label={label}>
      <span style={{ width }} />
    </span>
  )
}
