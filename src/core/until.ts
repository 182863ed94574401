// Waiting that can be given up.

/** The promise, as long as nobody stops waiting for it: then what `why` gives, by default the signal's own reason. */
export async function until<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
  why: (signal: AbortSignal) => unknown = ({ reason }) => reason,
): Promise<Value> {
  if (signal === undefined) return promise
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = () => reject(why(signal))
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([stopped, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
