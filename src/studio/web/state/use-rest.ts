// What a page asks of Studio when it opens: the answer so far, what went wrong, and a way to ask again.
import { useEffect, useState } from 'preact/hooks'
import { rest } from './rest.ts'

export interface Asked<T> {
  data: T | undefined
  error: Error | undefined
  /** Nothing has come yet. What is shown from before stays while it is asked again. */
  loading: boolean
  reload(): void
}

/** Asks `path` and asks again when it changes; `undefined` asks nothing. `everyMs` repeats it while the tab is seen. */
export function useRest<T>(path: string | undefined, options: { everyMs?: number } = {}): Asked<T> {
  const [state, setState] = useState<{ data?: T; error?: Error }>({})
  const [round, setRound] = useState(0)
  const { everyMs } = options
  useEffect(() => {
    if (path === undefined) return undefined
    const stop = new AbortController()
    rest<T>(path, { signal: stop.signal }).then(
      (data) => !stop.signal.aborted && setState({ data }),
      (error: Error) => !stop.signal.aborted && setState((before) => ({ ...before, error })),
    )
    return () => stop.abort()
  }, [path, round])
  useEffect(() => {
    if (everyMs === undefined) return undefined
    const timer = setInterval(() => document.hidden || setRound((before) => before + 1), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  const { data, error } = state
  return { data, error, loading: data === undefined && error === undefined, reload: () => setRound((n) => n + 1) }
}
