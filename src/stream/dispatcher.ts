// Takes Node's own five-minute limits off a request: this package's clocks decide, and they may be longer.

interface Dispatcher {
  dispatch(options: Record<string, unknown>, handler: unknown): boolean
}

/** Where Node's `fetch` finds the dispatcher of the process (its own, or a proxy that the program has set). */
const globalDispatcher = Symbol.for('undici.globalDispatcher.1')

const withoutLimits: Dispatcher = {
  dispatch(options, handler) {
    return current().dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler)
  },
}

function current(): Dispatcher {
  return (globalThis as unknown as Record<symbol, Dispatcher>)[globalDispatcher] as Dispatcher
}

/**
 * A dispatcher for one `fetch` that hands everything to the process's own, without its header and body timeouts
 * (undici's default is 300 s, https://undici.nodejs.org/#/docs/api/Client). `undefined` where there is none: other
 * runtimes, or a future Node that keeps it elsewhere; then the platform's limits hold.
 */
export function dispatcherWithoutLimits(): Dispatcher | undefined {
  return typeof current()?.dispatch === 'function' ? withoutLimits : undefined
}
