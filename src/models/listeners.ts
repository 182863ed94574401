// The listeners that share one reply. What serves them is loaded when the first of them asks for something.
import type { StreamEvent } from '../core/event.ts'
import { OneTime } from './one-time.ts'
import type { SharedEvents, SharedSource } from './shared-events.ts'

/** The events, from the first on, for each of so many listeners. */
export function listenersOf(source: SharedSource, count: number): OneTime<StreamEvent>[] {
  let shared: SharedEvents | undefined
  let loading: Promise<void> | undefined
  const load = async () => {
    const { SharedEvents } = await import('./shared-events.ts')
    shared = new SharedEvents(source, count)
  }
  const whenLoaded = async <Value>(run: (events: SharedEvents) => Value) => {
    loading ??= load()
    await loading
    return run(shared as SharedEvents)
  }
  const inShared = <Value>(run: (events: SharedEvents) => Value) =>
    shared === undefined ? whenLoaded(run) : run(shared)
  return Array.from({ length: count }, (_, at) => {
    return new OneTime<StreamEvent>({
      what: 'a listener of response.tee()',
      of: { listener: at },
      claim: () => {},
      next: async () => inShared((events) => events.next(at)),
      leave: () => void inShared((events) => events.leave(at)),
    })
  })
}
