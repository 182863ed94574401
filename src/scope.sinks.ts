// Who listens: every sink hears everything, and none can harm who speaks.
import { messageOf } from './core/error.ts'
import type { StreamEvent } from './core/event.ts'
import { Mailbox } from './scope.mailbox.ts'
import type { Scope, Sink } from './scope.ts'

/**
 * Hands events on to the sinks. Who speaks waits for nobody in the middle of a message; at its end for those that ask to
 * be waited for, unless they are stuck. A sink that fails is told of once, and goes on hearing.
 */
export function publisher(sinks: readonly Sink[]): Pick<Scope, 'publish' | 'invoked' | 'close'> {
  const boxes = sinks.map(mailboxOf)
  let closed: Promise<void> | undefined
  return {
    publish: (speaker, event) => {
      for (const box of boxes) box.event(speaker, event)
      return isWaitedFor(event) ? drained(boxes) : undefined
    },
    invoked: (invocation) => {
      for (const box of boxes) box.invocation(invocation)
    },
    close: () => {
      closed ??= closeAll(sinks, boxes)
      return closed
    },
  }
}

function mailboxOf(sink: Sink): Mailbox {
  let hasFailed = false
  const warn = (what: string) => process.emitWarning(what, { code: 'AGENTSCOPE_SINK' })
  const failed = (error: unknown) => {
    if (!hasFailed) warn(`A listener failed and may have missed something: ${messageOf(error)}`)
    hasFailed = true
  }
  return new Mailbox({ sink, failed, warn })
}

/** Where who speaks, or asks, stops anyway; everything else may come by the thousand. */
function isWaitedFor({ type }: StreamEvent): boolean {
  return type === 'message-end' || type === 'input-request' || type === 'input-answer'
}

function drained(boxes: readonly Mailbox[]): void | Promise<void> {
  const waiting = boxes.map((box) => box.drained()).filter((waits) => waits !== undefined)
  if (waiting.length > 0) return Promise.all(waiting).then(() => undefined)
}

/** All of them, also when one cannot be closed; then it rejects with the reason, after the others are. */
async function closeAll(sinks: readonly Sink[], boxes: readonly Mailbox[]): Promise<void> {
  await drained(boxes)
  const done = await Promise.allSettled(sinks.map(async (sink) => sink.close?.()))
  for (const each of done) if (each.status === 'rejected') throw each.reason
}
