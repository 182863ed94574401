// A line with a knob on it, to go to any place: by pointer, by keys, and told to screen readers as a slider.
import { useRef } from 'preact/hooks'

export interface ScrubBarProps {
  label: string
  /** From 0 to `length`. */
  value: number
  length: number
  /** The value in words. */
  text: string
  /** What one arrow key moves; a page key moves a tenth of the whole. */
  step: number
  /** Places to be marked on the line. */
  marks: readonly number[]
  onSeek: (value: number) => void
}

export function ScrubBar({ label, value, length, text, step, marks, onSeek }: ScrubBarProps) {
  const line = useRef<HTMLDivElement>(null)
  const seek = (to: number) => onSeek(Math.min(Math.max(to, 0), length))
  const toPointer = (event: PointerEvent) => {
    const box = line.current?.getBoundingClientRect()
    if (box !== undefined && box.width > 0) seek(((event.clientX - box.left) / box.width) * length)
  }
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return
    event.currentTarget.setPointerCapture(event.pointerId)
    toPointer(event)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const to = target(event.key, { value, length, step })
    if (to === undefined) return
    // The transcript has a use for End as well.
    event.preventDefault()
    event.stopPropagation()
    seek(to)
  }
  const part = length === 0 ? 0 : value / length
  return (
    <div
      class="scrub"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(length)}
      aria-valuenow={Math.round(value)}
      aria-valuetext={text}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => event.buttons > 0 && toPointer(event)}
      onKeyDown={onKeyDown}
    >
      <div class="scrub-line" ref={line}>
        <div class="scrub-done" style={{ transform: `scaleX(${part})` }} />
        {marks.map((at) => (
          <span key={at} class="scrub-mark" style={{ insetInlineStart: `${(at / Math.max(length, 1)) * 100}%` }} />
        ))}
        <span class="scrub-knob" style={{ insetInlineStart: `${part * 100}%` }} />
      </div>
    </div>
  )
}

function target(key: string, { value, length, step }: { value: number; length: number; step: number }) {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return value + step
    case 'ArrowLeft':
    case 'ArrowDown':
      return value - step
    case 'PageUp':
      return value + length / 10
    case 'PageDown':
      return value - length / 10
    case 'Home':
      return 0
    case 'End':
      return length
    default:
      return undefined
  }
}
