// Who listens: every sink hears everything, and none can harm who speaks.
import { messageOf } from './core/error.ts'
import type { Scope, Sink } from './scope.ts'

/** Hands events on to the sinks. A sink that fails is told of once, and goes on hearing. */
export function publisher(sinks: readonly Sink[]): Pick<Scope, 'publish' | 'invoked' | 'close'> {
  const warned = new WeakSet<Sink>()
  const failed = (sink: Sink, error: unknown) => {
    if (warned.has(sink)) return
    warned.add(sink)
    const why = messageOf(error)
    process.emitWarning(`A listener failed and may have missed something: ${why}`, { code: 'AGENTSCOPE_SINK' })
  }
  const tell = (act: (sink: Sink) => void | Promise<void>): void | Promise<void> => {
    let waiting: Promise<void>[] | undefined
    for (const sink of sinks) {
      try {
        const done = act(sink)
        if (done === undefined) continue
        waiting ??= []
        waiting.push(Promise.resolve(done).catch((error) => failed(sink, error)))
      } catch (error) {
        failed(sink, error)
      }
    }
    if (waiting !== undefined) return Promise.all(waiting).then(() => undefined)
  }
  let closed: Promise<void> | undefined
  return {
    publish: (speaker, event) => tell((sink) => sink.event(speaker, event)),
    invoked: (invocation) => tell((sink) => sink.invocation?.(invocation)),
    close: () => {
      closed ??= closeAll(sinks)
      return closed
    },
  }
}

/** All of them, also when one cannot be closed; then it rejects with the reason, after the others are. */
async function closeAll(sinks: readonly Sink[]): Promise<void> {
  const done = await Promise.allSettled(sinks.map(async (sink) => sink.close?.()))
  for (const each of done) if (each.status === 'rejected') throw each.reason
}
