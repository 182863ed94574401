// Says that the connection is lost and since when, and lets it be tried at once. Nothing behind is shown in silence.
import { effect, signal } from '@preact/signals'
import { Button } from '../components/button.tsx'
import { now } from '../components/clock.tsx'
import { Icon } from '../components/icon.tsx'
import { connection, lastDataAt, live } from '../state/live.ts'
import { lockedOut } from '../state/rest.ts'
import { words } from './words.ts'

/** A loss that is mended within this time needs no bar: it would only flash. Milliseconds. */
const graceMs = 600
const shown = signal(false)
let timer: ReturnType<typeof setTimeout> | undefined

effect(() => {
  clearTimeout(timer)
  if (connection.value !== 'lost') shown.value = false
  else
    timer = setTimeout(() => {
      shown.value = true
    }, graceMs)
})

export function ConnectionBar() {
  // One who is not let in has not lost anything: the page says what is wanted.
  if (!shown.value || lockedOut.value) return null
  const since =
    lastDataAt.value === 0 ? undefined : Math.max(Math.floor((now.value - lastDataAt.value) / 1000), 1) * 1000
  return (
    <div class="lost-bar" role="alert">
      <Icon name="alert" />
      <span class="grow" aria-live="off">
        {words().lostBar(since)}
      </span>
      <Button small onClick={() => live.retryNow()}>
        {words().now}
      </Button>
    </div>
  )
}
