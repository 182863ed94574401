// The dispatcher behind Node's `fetch`: whether it is still the default, and how to take its five-minute limits off a
// request, because this package's clocks decide and they may be longer.

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

let lastDispatcher: object | undefined
let lastDispatch: unknown
let wasDefault = true

/** Whether nothing has taken the place of Node's own dispatcher, as a proxy, a mock or other options for it do. */
export function isDefaultDispatcher(): boolean {
  const dispatcher: Dispatcher | undefined = current()
  if (dispatcher === lastDispatcher && dispatcher?.dispatch === lastDispatch) return wasDefault
  lastDispatcher = dispatcher
  lastDispatch = dispatcher?.dispatch
  wasDefault = dispatcher === undefined || isPlainAgent(dispatcher)
  return wasDefault
}

/** An `Agent` without options, which nothing is wrapped around: https://undici.nodejs.org/#/docs/api/Agent */
function isPlainAgent(dispatcher: Dispatcher): boolean {
  const agent = Object.getPrototypeOf(dispatcher) as Dispatcher
  const base = Object.getPrototypeOf(agent) as Dispatcher
  if (agent.constructor.name !== 'Agent' || base.constructor.name !== 'DispatcherBase') return false
  if (dispatcher.dispatch !== base.dispatch || !/\[kDispatch\]\(/.test(String(base.dispatch))) return false
  const options = hidden(dispatcher, 'options')
  const factory = hidden(dispatcher, 'factory') as { name?: unknown } | undefined
  if (typeof options !== 'object' || options === null || factory?.name !== 'defaultFactory') return false
  return Object.values(options).every((value) => value === undefined || value === Number.POSITIVE_INFINITY)
}

/** What undici keeps under a symbol of that name. */
function hidden(dispatcher: Dispatcher, name: string): unknown {
  const symbol = Object.getOwnPropertySymbols(dispatcher).find(({ description }) => description === name)
  return symbol && (dispatcher as unknown as Record<symbol, unknown>)[symbol]
}
