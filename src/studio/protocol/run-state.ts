// What Studio knows of one run: its messages, the parts of each, and what is told around them.
import type { Span } from '../../journal/journal.ts'
import type { Changing } from './changes.ts'
import type { MessageHead, Op, PartHead, RunAnswer, RunNotice, RunRequest } from './frames.ts'
import type { GrowingText } from './growing-text.ts'

export interface MessageState extends Changing {
  readonly type: 'message'
  readonly id: string
  head: MessageHead & { place: number }
  /** By block index; parts of an earlier start are gone. */
  parts: Map<number, PartState>
}

export interface PartState extends Changing {
  readonly type: 'part'
  readonly id: string
  readonly message: MessageState
  readonly head: PartHead
  text: GrowingText
  /** Rises when the text became another one, and the journal offset at which it did. */
  revision: number
  revised: number
  /** When it was closed, and what was wrong. Length and CRC are worked out when somebody asks. */
  closed: { at: number; fault?: string } | undefined
  crc: number | undefined
  /** What a tool gave besides text. */
  beside: PartState[]
}

export interface SpanState extends Changing {
  readonly type: 'span'
  span: Span
}

export interface NoticeState extends Changing {
  readonly type: 'notice'
  notice: RunNotice
}

export interface RequestState extends Changing {
  readonly type: 'request'
  request: RunRequest
  answer: RunAnswer | undefined
  /** Whether the program has told of the answer. */
  isTold: boolean
}

export type Thing = MessageState | PartState | SpanState | NoticeState | RequestState

/** The parts of a message in the order of its blocks. */
export function partsOf(message: MessageState): PartState[] {
  const parts = [...message.parts].sort(([a], [b]) => a - b).map(([, part]) => part)
  return parts.flatMap((part) => [part, ...part.beside])
}

export function endOf(part: PartState): Op {
  part.crc ??= part.text.crc()
  return ['e', part.id, { len: part.text.length, crc: part.crc, ...part.closed }]
}

/** A message with all its parts, as somebody who knows nothing of it must be told. */
export function wholeMessage(message: MessageState): Op[] {
  const ops: Op[] = [['m', message.id, message.head]]
  for (const part of partsOf(message)) {
    ops.push(['n', part.id, part.head])
    if (part.text.length > 0) ops.push(['+', part.id, 0, part.text.toString()])
    if (part.closed !== undefined) ops.push(endOf(part))
  }
  return ops
}
