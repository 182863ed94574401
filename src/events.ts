// What a front end needs, in the browser too: the events, the one reducer, and the way over HTTP in both directions.
export type { Ending, EndingReason } from './core/ending.ts'
export type { ErrorInfo } from './core/error.ts'
export { applyEvent, type StreamEvent } from './core/event.ts'
export { type Block, blocksOf, Msg, textOf } from './core/message.ts'
export { type EventSseOptions, eventSse, sseResponse } from './stream/event-sse.ts'
export { readEventSse } from './stream/read-event-sse.ts'
