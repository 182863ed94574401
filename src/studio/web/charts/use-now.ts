// The present moment as state, for what grows while one looks at it.
import { useEffect, useState } from 'preact/hooks'

/** Milliseconds since 1970, told anew every `everyMs` while `active` and the tab is seen. */
export function useNow(active: boolean, everyMs = 100): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!active) return undefined
    const timer = setInterval(() => document.hidden || setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [active, everyMs])
  return now
}
