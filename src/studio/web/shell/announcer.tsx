// The one voice for screen readers: short news, politely, at most one a second, so that tokens are never read out.
import { signal } from '@preact/signals'

const spoken = signal('')
let next: string | undefined
let timer: ReturnType<typeof setTimeout> | undefined

/** Says a short sentence. What comes within a second replaces what was not said yet. */
export function announce(text: string): void {
  next = text
  if (timer !== undefined) return
  timer = setTimeout(() => {
    timer = undefined
    if (next !== undefined && next !== spoken.value) spoken.value = next
    next = undefined
  }, 1000)
}

export function Announcer() {
  return (
    <div class="sr-only" role="status" aria-live="polite">
      {spoken}
    </div>
  )
}
