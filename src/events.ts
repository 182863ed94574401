// What a front end needs, in the browser too: the events, the one reducer, and the way over HTTP in both directions.
export type { Ending, EndingNote, EndingReason } from './core/ending.ts'
export type { Clock, ErrorInfo, ErrorType, ValueIssue } from './core/error.ts'
export {
  applyEvent,
  type BlockDelta,
  type BlockEnd,
  type BlockStart,
  type ErrorEvent,
  type InputAnswer,
  type InputRequest,
  type MessageEnd,
  type MessageEvent,
  type MessageStart,
  type Notice,
  type RawEvent,
  type StreamEvent,
  type Timing,
} from './core/event.ts'
export {
  type Block,
  blocksOf,
  type MediaBlock,
  type Metadata,
  Msg,
  type MsgOptions,
  type RawBlock,
  type Role,
  type TextBlock,
  type ThinkingBlock,
  type ToolResultBlock,
  type ToolUseBlock,
  textOf,
} from './core/message.ts'
export type { Usage } from './core/usage.ts'
export { type EventSseOptions, eventSse, sseResponse } from './stream/event-sse.ts'
export { readEventSse } from './stream/read-event-sse.ts'
