// Until when an answer is waited for, counted down.
import type { RunRequest } from '../../protocol/frames.ts'
import { formatDuration } from '../i18n/format.ts'
import { now } from './clock.tsx'
import { words } from './request-words.ts'

/** The last stretch, in which the time left is told louder. */
const soonMs = 30_000

export function Deadline({ request }: { request: RunRequest }) {
  const left = timeLeft(request)
  if (left === undefined) return null
  if (left <= 0) return <span class="deadline over numbers">{words().timeOver} · </span>
  const seconds = formatDuration(Math.ceil(left / 1000) * 1000)
  return (
    <span class={left < soonMs ? 'deadline soon numbers' : 'deadline numbers'}>{words().timeLeft(seconds)} · </span>
  )
}

/** Read with the clock: the card is rendered again each second while a deadline stands. */
export function isExpired(request: RunRequest): boolean {
  const left = timeLeft(request)
  return left !== undefined && left <= 0
}

function timeLeft({ expiresAt }: RunRequest): number | undefined {
  const at = expiresAt === undefined ? Number.NaN : Date.parse(expiresAt)
  return Number.isNaN(at) ? undefined : at - now.value
}
