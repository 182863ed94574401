// Lets a view say what it is a view of: `response.stream` of its response.

/** The key under which a view keeps its origin. Well known, so that two copies of this package understand each other. */
export const origin: unique symbol = Symbol.for('agentscope.origin') as never

/** What `view` is a view of; `undefined` when it does not say. */
export function originOf(view: unknown): unknown {
  return typeof view === 'object' && view !== null && origin in view ? view[origin] : undefined
}
