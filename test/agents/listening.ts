// Helpers of the agent tests: a listener that keeps what it heard, and an agent that says what it is told.
import { AgentBase, type AgentOptions, type SpeakOptions, type Speech } from '../../src/agents/index.ts'
import { applyEvent, type StreamEvent } from '../../src/core/event.ts'
import type { Msg } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import type { Scope, Sink, Speaker } from '../../src/scope.ts'

export class Listening implements Sink {
  readonly events: StreamEvent[] = []
  readonly speakers: Speaker[] = []

  event(speaker: Speaker, event: StreamEvent): void {
    this.speakers.push(speaker)
    this.events.push(event)
  }

  /** The events folded, as any listener would. */
  message(): Msg {
    let message: Msg | undefined
    for (const event of this.events) message = applyEvent(message, event)
    return message!
  }

  deltas(): string[] {
    return this.events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : []))
  }
}

/** A quiet scope and what is heard in it. */
export function quietScope(): { scope: Scope; heard: Listening } {
  const heard = new Listening()
  return { scope: createScope({ sinks: [heard] }), heard }
}

/** Its reply is whatever the test wrote. */
export class Parrot extends AgentBase {
  answer: (this: Parrot, x?: Msg | readonly Msg[]) => Promise<Msg> = async function () {
    return this.say('Hello!')
  }

  constructor(options: Partial<AgentOptions> = {}) {
    super({ name: 'Friday', ...options })
  }

  say(content: Speech, options?: SpeakOptions): Promise<Msg> {
    return this.speak(content, options)
  }

  /** What the latest `say` said, also when it broke off. */
  get said(): Msg | undefined {
    return this.spoken
  }

  get stopSignal(): AbortSignal | undefined {
    return this.signal
  }

  protected override reply(x?: Msg | readonly Msg[]): Promise<Msg> {
    return this.answer(x)
  }
}

/** The tutorial's pairs: everything so far, and whether it is the last. */
export async function* pairs(...texts: string[]): AsyncGenerator<[last: boolean, text: string]> {
  for (const [index, text] of texts.entries()) yield [index === texts.length - 1, text]
}

/** The warnings that the process emits while `act` runs. */
export async function warningsOf(act: () => unknown): Promise<string[]> {
  const warnings: string[] = []
  const listen = (warning: Error) => warnings.push(warning.message)
  process.on('warning', listen)
  try {
    await act()
    // Warnings are emitted in a later turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
  } finally {
    process.off('warning', listen)
  }
  return warnings
}
