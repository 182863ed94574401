// Tells one message to everybody who listens, event by event, past the hooks that may change what is shown.
import { applyEvent, type MessageEnd, type StreamEvent } from '../core/event.ts'
import type { Msg } from '../core/message.ts'
import type { AgentBase } from './agent.ts'
import { checkedMessage, copyOf, type Hooks, type SpeakMoment } from './hooks.ts'
import type { Ear } from './replying.ts'
import { ShownMessage } from './shown.ts'
import { endingOfFault } from './speech.ts'

export interface TellingOptions {
  agent: AgentBase
  publish: Ear
  /** Run for every piece. With none, an event is handed on as it is, and nothing is copied. */
  hooks: readonly Hooks['pre_speak'][]
  /** Whether the message arrives in pieces; else the hooks run once, for all of it. */
  stream: boolean
}

/** Folds the events of one message and publishes them, or what the hooks make of them. */
export class Telling {
  readonly #options: TellingOptions
  #folded: Msg | undefined
  #shown: ShownMessage | undefined
  /** Whether listeners have heard its end. */
  #ended = false

  constructor(options: TellingOptions) {
    this.#options = options
  }

  /** The message as it was said, not as hooks changed it; `undefined` before it has begun. */
  get message(): Msg | undefined {
    return this.#folded
  }

  /** Returns a promise when somebody asks to be waited for. */
  tell(event: StreamEvent): void | Promise<void> {
    this.#folded = applyEvent(this.#folded, event)
    if (event.type === 'message-start') Object.assign(this.#folded, { timestamp: new Date().toISOString() })
    if (this.#options.hooks.length > 0) return this.#tellHooked(event)
    this.#ended ||= event.type === 'message-end'
    return this.#options.publish(event)
  }

  /** A message that started always ends, also when its source, or a hook, has failed: what was shown is all there is. */
  async breakOff(error: unknown): Promise<void> {
    const folded = this.#folded
    if (folded === undefined || this.#ended) return
    const ending = endingOfFault(error, folded.content.length > 0)
    const end: MessageEnd = { type: 'message-end', id: folded.id, ending }
    if (folded.ending === undefined) applyEvent(folded, end)
    this.#ended = true
    const events = this.#shown === undefined ? [end] : this.#shown.breakOff(end)
    for (const event of events) await this.#options.publish(event)
  }

  async #tellHooked(event: StreamEvent): Promise<void> {
    const { stream } = this.#options
    switch (event.type) {
      case 'message-start':
        this.#shown = new ShownMessage(event.id, event.replyId)
        return
      case 'block-start':
      case 'block-end':
        // Only a piece, or a block that comes whole, is something to show; the end of a block shows with what follows.
        if (event.type === 'block-end' || !stream || isEmpty(event.block)) return
        return this.#show()
      case 'text-delta':
      case 'thinking-delta':
      case 'tool-use-delta':
      case 'tool-result-delta':
        return stream ? this.#show() : undefined
      case 'message-end':
        return this.#finish(event)
      default:
        await this.#options.publish(event)
    }
  }

  async #show(): Promise<void> {
    const message = await this.#hooked({ stream: true, last: false })
    for (const event of this.#shown?.show(message) ?? []) await this.#options.publish(event)
  }

  async #finish(end: MessageEnd): Promise<void> {
    const message = await this.#hooked({ stream: this.#options.stream, last: true })
    this.#ended = true
    for (const event of this.#shown?.finish(message, end) ?? []) await this.#options.publish(event)
  }

  /** What the hooks make of the message as it stands. */
  async #hooked(moment: SpeakMoment): Promise<Msg> {
    const { agent, hooks } = this.#options
    let message = copyOf(this.#folded as Msg)
    for (const hook of hooks) {
      const returned = await hook(agent, copyOf(message), moment)
      if (returned !== undefined && returned !== null) message = checkedMessage('pre_speak', returned)
    }
    return message
  }
}

function isEmpty(block: { type: string }): boolean {
  const { text, thinking, rawInput, output } = block as Record<string, unknown>
  return [text, thinking, rawInput, output].some((grown) => grown === '')
}
