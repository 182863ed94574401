// From whatever an agent wants to say to the events of one message.
// Longer than its neighbours: each of the five things that can be said has its own few lines.
import type { Ending } from '../core/ending.ts'
import { AgentScopeError, InputError, StreamConsumedError, WireError } from '../core/error.ts'
import { infoOf } from '../core/error-info.ts'
import type { StreamEvent, Timing } from '../core/event.ts'
import { shapeOf } from '../core/kind.ts'
import { blocksOf, type Msg, type ToolUseBlock } from '../core/message.ts'
import { originOf } from '../core/origin.ts'
import type { ToolCall } from '../core/tool.ts'
import { EventWriter, type EventWriterOptions } from '../core/writer.ts'
import { increment, isPair, type Pair } from './pairs.ts'

/** What `speak` takes. */
export type Speech = string | null | undefined | Msg | Spoken | AsyncIterable<Pair | string> | Iterable<Pair>

/** Something that is said as events, and knows how it ended: a `ModelResponse`, or a view of one. */
export interface Spoken {
  readonly id: string
  /** Never throws for what happened on the wire: the last event tells. */
  readonly events: AsyncIterable<StreamEvent>
  /** `undefined` until the end has been read. */
  readonly ending: Ending | undefined
  readonly message: Msg
  /** What broke it, once it has ended. */
  readonly error: AgentScopeError | undefined
  readonly timing?: Timing
  /** The response that this is a view of. */
  readonly of?: unknown
}

/** Calls to show after the text: `response.toolCalls`, or blocks. A function is asked when the text has ended. */
export type SpokenCalls = readonly (ToolCall | ToolUseBlock)[] | (() => readonly (ToolCall | ToolUseBlock)[])

/** What is being said: the events of one message, still to be read. */
export interface Speaking {
  readonly id: string
  /** Read once. When the source throws, the message is ended first, and then the error goes on. Leaving closes it. */
  readonly events: AsyncIterable<StreamEvent>
  /** Whether it comes in pieces; else all of it is there already. */
  readonly stream: boolean
  /** The same event in the speaker's own name. */
  voiced(event: StreamEvent): StreamEvent
  /** What broke a source whose events do not throw, once they have been read. */
  failure(): unknown
}

/**
 * Understands what is to be said. `response.stream` is spoken as the whole response it is a view of, so that thinking
 * and tool calls are heard too and the message keeps the response's id.
 *
 * @throws InputError when `content` cannot be spoken.
 */
export function speakingOf(content: Speech, voice: Omit<EventWriterOptions, 'id'>, calls: SpokenCalls): Speaking {
  const origin = originOf(content)
  if (isSpoken(origin)) return responseSpeaking(origin, voice)
  if (isSpoken(content)) return responseSpeaking(content, voice)
  const id = isMessage(content) ? content.id : crypto.randomUUID()
  const events = isMessage(content) ? messageEvents(content) : composed(sourceOf(content), { ...voice, id }, calls)
  const stream = typeof content === 'object' && content !== null && !isMessage(content)
  const { replyId } = voice
  const voiced = (event: StreamEvent): StreamEvent =>
    event.type === 'message-start' && replyId !== undefined ? { ...event, replyId } : event
  return { id, events, stream, voiced, failure: () => undefined }
}

/** The response that is being said, when it is one or a view of one. */
export function responseIn(content: unknown): unknown {
  const origin = originOf(content) ?? content
  return isSpoken(origin) ? (origin.of ?? origin) : origin
}

/**
 * A model's answer in the agent's own name. Its events never throw for what the wire did, so its error follows them. One
 * that was read before (`await response.getText()`) is said whole; one that somebody is still reading cannot be said.
 */
function responseSpeaking(response: Spoken, voice: Omit<EventWriterOptions, 'id'>): Speaking {
  const { name, role = 'assistant', replyId } = voice
  const voiced = (event: StreamEvent): StreamEvent => {
    if (event.type === 'message-end' && response.timing !== undefined) return { ...event, timing: response.timing }
    if (event.type !== 'message-start') return event
    return { type: 'message-start', id: event.id, role, name, ...(replyId !== undefined && { replyId }) }
  }
  const stream = response.ending === undefined
  const events = stream ? response.events : endedEvents(response)
  return { id: response.id, events, stream, voiced, failure: () => response.error }
}

/** What has ended is said as it came when nobody has heard it yet, else as the message that it made. */
async function* endedEvents(response: Spoken): AsyncGenerator<StreamEvent> {
  try {
    yield* response.events
  } catch (error) {
    if (!(error instanceof StreamConsumedError)) throw error
    yield* messageEvents(response.message)
  }
}

function sourceOf(content: unknown): AsyncIterable<unknown> | Iterable<unknown> {
  if (content === null || content === undefined) return []
  if (typeof content === 'string') return [[true, content] satisfies Pair]
  if (typeof content === 'object' && isIterable(content)) return content
  throw new InputError(`speak() cannot say ${shapeOf(content)}.`, {
    advice:
      'It takes response.stream, response.text, a whole response, a Msg, a string, or an iterable of [last, text] pairs.',
  })
}

/** The ending of a message whose source failed with this error. */
export function endingOfFault(error: unknown, contentSeen: boolean): Ending {
  const info = infoOf(error)
  if (info.type === 'aborted') return { reason: 'aborted', complete: false, error: info }
  const reported = error instanceof AgentScopeError && info.type !== 'wire' && info.type !== 'timeout'
  return { reason: contentSeen && !reported ? 'truncated' : 'error', complete: false, error: info }
}

/**
 * The events of a text that comes in pairs or in pieces. Pairs say themselves which is the last, so a stream of them
 * that ends without one was cut off; pieces have no such mark, and an empty stream is an empty answer.
 */
async function* composed(
  source: AsyncIterable<unknown> | Iterable<unknown>,
  voice: EventWriterOptions,
  calls: SpokenCalls,
): AsyncGenerator<StreamEvent> {
  let writer = new EventWriter(voice)
  let said = ''
  let unfinished = false
  try {
    for await (const item of source) {
      if (isPair(item)) unfinished = !item[0]
      const step = stepOf(said, item, Symbol.asyncIterator in source)
      if (step.replaces) {
        // The text starts over: the same message begins anew, so that folding the events gives the text that counts.
        writer.notice('replaced', 'starts over: the text above does not count')
        yield* writer.take()
        writer = new EventWriter(voice)
      }
      said = step.said
      writer.text(step.delta)
      yield* writer.take()
    }
    if (unfinished) throw withoutLastPair(said)
  } catch (error) {
    writer.end(endingOfFault(error, writer.contentSeen))
    yield* writer.take()
    throw error
  }
  const shown = typeof calls === 'function' ? calls() : calls
  for (const call of shown) writer.block(toolUse(call))
  writer.end({ reason: shown.length > 0 ? 'tool-calls' : 'stop', complete: true })
  yield* writer.take()
}

function withoutLastPair(said: string): WireError {
  return new WireError('The stream of pairs ended without its last one, [true, text].', {
    partialText: said,
    advice: 'Whoever made the stream stopped too early: yield [true, text] at its end, or throw what broke it.',
  })
}

interface Step {
  said: string
  delta: string
  replaces: boolean
}

function stepOf(said: string, item: unknown, plainText: boolean): Step {
  if (isPair(item)) {
    const delta = increment(said, item)
    return { said: item[1], delta: delta ?? item[1], replaces: delta === undefined }
  }
  if (typeof item === 'string' && plainText) return { said: said + item, delta: item, replaces: false }
  throw new InputError(`speak() reads [last, text] pairs, but the stream gave ${shapeOf(item)}.`, {
    advice: 'Yield [boolean, string] with all the text so far, or, from an async iterable, plain strings to append.',
  })
}

/** A finished message: every block begins and ends at once. */
async function* messageEvents({ id, name, role, ...message }: Msg): AsyncGenerator<StreamEvent> {
  const blocks = blocksOf(message)
  yield { type: 'message-start', id, name, role }
  for (const [index, block] of blocks.entries()) {
    yield { type: 'block-start', id, index, block }
    // A call in a message that a model said has its input already, unless it was cut off.
    const incomplete = message.ending !== undefined && block.type === 'tool_use' && block.input === undefined
    yield { type: 'block-end', id, index, ...(incomplete && { incomplete: true }) }
  }
  const ending: Ending = message.ending ?? { reason: 'stop', complete: true }
  const { usage, metadata } = message
  yield { type: 'message-end', id, ending, ...(usage !== undefined && { usage }), ...(metadata && { metadata }) }
}

function toolUse(call: ToolCall | ToolUseBlock): ToolUseBlock {
  if ('type' in call) return call
  const { id, name, input, rawInput } = call
  const raw = rawInput ?? JSON.stringify(input ?? {})
  return { type: 'tool_use', id, name, rawInput: raw, ...(input !== undefined && { input }) }
}

function isMessage(content: unknown): content is Msg {
  if (typeof content !== 'object' || content === null) return false
  if (!('role' in content && 'name' in content && 'content' in content && 'id' in content)) return false
  return typeof content.content === 'string' || Array.isArray(content.content)
}

function isSpoken(content: unknown): content is Spoken {
  if (typeof content !== 'object' || content === null) return false
  return 'events' in content && 'id' in content && 'message' in content
}

function isIterable(content: object): content is AsyncIterable<unknown> | Iterable<unknown> {
  return Symbol.asyncIterator in content || Symbol.iterator in content
}
