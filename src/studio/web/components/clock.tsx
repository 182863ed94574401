// Times that go on: one timer a second for all of them, asleep when nobody looks.
import { signal } from '@preact/signals'
import { formatAgo, formatDateTime, formatDuration } from '../i18n/format.ts'

/** Milliseconds since 1970, told once a second while the tab is seen. */
export const now = signal(Date.now())

setInterval(() => {
  if (!document.hidden) now.value = Date.now()
}, 1000)

/** `3 s ago`, with the date on hover. `at` in milliseconds. */
export function Ago({ at }: { at: number | undefined }) {
  const iso = at === undefined || !Number.isFinite(at) ? undefined : new Date(at).toISOString()
  return (
    <time class="numbers" {...(iso !== undefined && { dateTime: iso, title: formatDateTime(at) })}>
      {formatAgo(at, now.value)}
    </time>
  )
}

/** How long since `from`, or until `to` when it is over; whole seconds while it grows. */
export function Lasting({ from, to }: { from: number; to?: number | undefined }) {
  const ms = to === undefined ? Math.max(Math.floor((now.value - from) / 1000) * 1000, 0) : to - from
  return <span class="numbers">{formatDuration(ms)}</span>
}
