// The messages that are being spoken: their events put together, until they end.
import { applyEvent, type StreamEvent } from '../core/event.ts'
import type { Msg } from '../core/message.ts'
import type { Speaker } from '../scope.ts'

/** One message as far as it was heard. */
export interface Heard {
  speaker: Speaker
  message: Msg
}

/** Several may be open at once, also of one speaker. */
export class OpenMessages {
  readonly #open = new Map<string, Heard>()

  /** Takes an event in. Returns the message when this was its last word; it is open no more then. */
  hear(speaker: Speaker, event: StreamEvent): Heard | undefined {
    const key = `${speaker.id}/${event.id}`
    if (event.type === 'message-start') {
      // A second start under the same id means that the text begins anew: only what follows counts.
      const message = applyEvent(undefined, event)
      this.#open.set(key, { speaker, message: Object.assign(message, { timestamp: new Date().toISOString() }) })
      return
    }
    const heard = this.#open.get(key)
    // Whoever came in the middle of a message cannot know it.
    if (heard === undefined) return
    applyEvent(heard.message, event)
    return event.type === 'message-end' ? this.#closed(key, heard) : undefined
  }

  /** What nobody has ended, as it stands; afterwards nothing is open. */
  takeUnended(): Heard[] {
    const rest = [...this.#open.values()]
    this.#open.clear()
    return rest
  }

  #closed(key: string, heard: Heard): Heard {
    this.#open.delete(key)
    return heard
  }
}
