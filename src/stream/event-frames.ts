// The frames that `eventSse` writes, read: events, the last frame, and what is neither.

import { type AgentScopeError, type ErrorInfo, WireError } from '../core/error.ts'
import { errorOf } from '../core/error-info.ts'
import type { StreamEvent } from '../core/event.ts'
import { isFields } from '../core/kind.ts'
import type { FrameContext, FrameSink } from './frames.ts'

/** So much of what could not be understood is quoted in an error. Characters. */
const mostQuoted = 500

/** Keeps the events of one read until they are taken, and how it ended. */
export class EventFrames implements FrameSink {
  #events: StreamEvent[] = []
  /** The last frame has come. */
  ended = false
  failure: AgentScopeError | undefined
  /** Lines that are no field of an event stream; known when the body is over. */
  noise = ''

  frame(text: string, { event }: FrameContext, offset: number, unterminated: boolean): void {
    if (this.ended || this.failure !== undefined) return
    const value = parse(text)
    if (!isFields(value)) this.failure = unreadable(text, offset, unterminated)
    else if (event === 'end') this.#end(value)
    else if (typeof value.type === 'string') this.#events.push(value as unknown as StreamEvent)
    else this.failure = unreadable(text, offset, unterminated)
  }

  stray(text: string): void {
    this.noise = text
  }

  take(): StreamEvent[] {
    return this.#events.splice(0)
  }

  #end(value: Record<string, unknown>): void {
    this.ended = true
    if (value.type === 'error') this.failure = errorOf(value.error as ErrorInfo)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreadable(text: string, offset: number, unterminated: boolean): WireError {
  const received = text.slice(0, mostQuoted)
  if (unterminated) return brokenOff(received)
  return new WireError('A frame of the stream holds no event.', {
    offset,
    received,
    advice: 'Read only what eventSse or sseResponse wrote, and let no proxy change it.',
  })
}

export function brokenOff(received: string): WireError {
  return new WireError('The stream of events ended without its last frame, so it was cut off.', {
    retryable: true,
    ...(received !== '' && { received: received.slice(0, mostQuoted) }),
    advice: 'What arrived before is kept. Ask again; if it happens each time, look for a proxy with a time limit.',
  })
}
