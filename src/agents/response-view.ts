// A model's answer seen in another way, to be spoken: the same message, with other events.
import type { Ending } from '../core/ending.ts'
import type { AgentScopeError } from '../core/error.ts'
import { applyEvent, type StreamEvent } from '../core/event.ts'
import type { Msg } from '../core/message.ts'
import type { ModelResponse } from '../models/response.ts'
import type { Spoken } from './speech.ts'

/** The response itself is read through the view, once, and keeps everything as it came. */
export abstract class ResponseView implements Spoken {
  readonly of: ModelResponse
  #message: Msg | undefined
  #events: AsyncGenerator<StreamEvent> | undefined

  constructor(response: ModelResponse) {
    this.of = response
  }

  get id(): string {
    return this.of.id
  }

  get events(): AsyncIterable<StreamEvent> {
    this.#events ??= this.#read()
    return this.#events
  }

  get ending(): Ending | undefined {
    return this.of.ending
  }

  /** As it is heard through this view. */
  get message(): Msg {
    return this.#message ?? { id: this.id, name: '', role: 'assistant', content: [] }
  }

  get error(): AgentScopeError | undefined {
    return this.of.error
  }

  get timing(): ModelResponse['timing'] {
    return this.of.timing
  }

  /** What is heard for an event. */
  protected abstract heard(event: StreamEvent): readonly StreamEvent[]

  async *#read(): AsyncGenerator<StreamEvent> {
    for await (const event of this.of.events) {
      for (const heard of this.heard(event)) {
        this.#message = applyEvent(this.#message, heard)
        yield heard
      }
    }
  }
}
