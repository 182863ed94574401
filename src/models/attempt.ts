// One attempt at a reply: the body that came for one request, decoded as it comes.
import { type AgentScopeError, WireError } from '../core/error.ts'
import { isNestedDeeper, maxJsonDepth } from '../core/json-depth.ts'
import { parsePlainJson } from '../core/plain-json.ts'
import { redact } from '../core/redact.ts'
import type { Usage } from '../core/usage.ts'
import type { Decoder, Findings } from '../dialects/dialect.ts'
import { BodyReader } from '../stream/body.ts'
import { type FrameContext, type FrameSink, noContext } from '../stream/frames.ts'
import type { HttpReply } from '../stream/http.ts'
import { missingEnd, reported, type Strange } from './no-answer.ts'
import { Repeats } from './repeats.ts'
import type { ReplyPlan } from './reply-plan.ts'

/** What gateways send instead of a comment, so that the connection is not taken for dead. */
const signOfLife = /^(?:\[?(?:ping|heartbeat|keep-?alive)\]?)?$/i
/** Some servers tell a failure in a field of that name: https://github.com/ggml-org/llama.cpp/pull/16109 */
const errorField = /^error: ?(\{.*\})$/m

/** What the provider has counted, while it still speaks. */
export interface Counted {
  usage: Usage | undefined
  /** How often its count of the output has changed: more than once, and it counts while it streams. */
  changes: number
  /** How many of the events that wait in the writer had been written when it last did. */
  events: number
}

/** Writes into the plan's writer. Whoever holds it closes `http`. */
export class Attempt implements FrameSink {
  readonly http: HttpReply
  readonly decoder: Decoder
  readonly #plan: ReplyPlan
  readonly #body: BodyReader
  readonly #repeats: Repeats
  #strange: Strange | undefined
  #framesSeen = false
  #received = 0
  /** The body was one whole value of this wire, so that nothing is missing at its end. */
  wholeSeen = false
  #raw: unknown = null
  #outputTokens: number | undefined
  #changes = 0
  #countedEvents = 0

  constructor(http: HttpReply, plan: ReplyPlan, decoder: Decoder) {
    this.http = http
    this.#plan = plan
    this.decoder = decoder
    this.#repeats = new Repeats(decoder)
    this.#body = new BodyReader(plan.framing, http.contentType, this, () => this.#repeats.shape)
  }

  /** The last wire value, as it was parsed. */
  get raw(): unknown {
    return this.#repeats.last ?? this.#raw
  }

  /** To be read after each read, before the writer is emptied. */
  get counted(): Counted {
    if (this.#repeats.recount() !== undefined) this.#noteCount()
    return { usage: this.decoder.usage(), changes: this.#changes, events: this.#countedEvents }
  }

  get findings(): Findings {
    return this.decoder.findings
  }

  /** Whether the wire has not said in any way that the answer is over. */
  get unfinished(): boolean {
    const { finish, marker, noAnswer } = this.findings
    return finish === undefined && !marker && !noAnswer && !this.wholeSeen
  }

  /**
   * Decodes what one read brought; `undefined` is the body's end. Returns whether nothing more is to come.
   *
   * @throws WireError for a frame that is none, a line or a body beyond all bounds.
   */
  receive(chunk: Uint8Array | undefined): boolean {
    if (chunk === undefined) this.#body.end()
    else {
      this.#count(chunk)
      this.#body.push(chunk)
    }
    return chunk === undefined || this.findings.failure !== undefined || this.findings.marker
  }

  /** A few compressed bytes may become any number of them, and whatever they say is kept. */
  #count(chunk: Uint8Array): void {
    const { provider, maxReplyBytes } = this.#plan
    this.#received += chunk.length
    if (this.#received <= maxReplyBytes) return
    throw new WireError(`${provider}: the reply is longer than ${maxReplyBytes} bytes.`, {
      provider,
      offset: this.#received - chunk.length,
      advice: 'What came before is kept. Raise maxReplyBytes if such a reply is meant.',
    })
  }

  /** The failure that the provider reported inside the body, as a typed error. */
  failure(): AgentScopeError | undefined {
    const { failure } = this.findings
    return failure && reported(failure, this.#plan)
  }

  /** Nothing more comes: what only the end can seal is sealed. */
  finish(): void {
    this.#settle()
    this.decoder.finish()
  }

  /** Why an answer that never said it was over is not one. */
  missingEnd(): AgentScopeError {
    // Whether at least one frame was read whole, so that the place is right and only the end is missing.
    const wasInPlace = this.#framesSeen && this.#raw !== null
    const { raw, http } = this
    return missingEnd(this.#plan, { http, raw, strange: this.#strange, wasInPlace })
  }

  // FrameSink: called while a chunk is being decoded.

  frame(text: string, context: FrameContext, offset: number, unterminated: boolean): void {
    const { marker, failure } = this.findings
    if (marker || failure !== undefined || this.#repeats.take(text, context.event)) return
    this.#settle()
    if (text.charCodeAt(0) !== 123) {
      const word = text.trim()
      if (signOfLife.test(word)) return
      this.#framesSeen = true
      if (this.decoder.mark(word)) return
    }
    this.#framesSeen = true
    let value: unknown
    try {
      value = parseFrame(text)
    } catch {
      return this.#breakFrame(text, offset, unterminated)
    }
    if (this.#body.framing === 'whole') this.#decodeWhole(value, text, true)
    else {
      this.#decode(value, context)
      this.#repeats.learn(text, value, context.event)
    }
  }

  stray(text: string): void {
    const told = errorField.exec(text)
    try {
      const value = parseFrame(told?.[1] ?? text)
      this.#decodeWhole(told === null ? value : { error: value }, text, !this.#framesSeen)
    } catch {
      this.#strange ??= { text, offset: 0 }
    }
  }

  #settle(): void {
    const last = this.#repeats.settle()
    if (last === undefined) return
    this.#raw = last
    this.#noteCount()
  }

  /**
   * A whole value that says nothing (`{"choices":[]}`), or nothing that the dialect knows, is no answer; and one that
   * strayed in between frames does not make them whole.
   */
  #decodeWhole(value: unknown, text: string, isAlone: boolean): void {
    const { writer } = this.#plan
    this.#decode(value, noContext)
    this.wholeSeen = isAlone && writer.contentSeen
    if (writer.events.at(-1)?.type === 'raw') this.#strange ??= { text, offset: 0, whole: true }
  }

  #decode(value: unknown, context: FrameContext): void {
    this.#raw = value
    this.decoder.decode(value, context)
    this.#noteCount()
  }

  /** What stands in a frame counts all that has been said until then. */
  #noteCount(): void {
    if (!this.#plan.isCounted) return
    const outputTokens = this.decoder.usage()?.outputTokens
    if (outputTokens === undefined || outputTokens === this.#outputTokens) return
    this.#outputTokens = outputTokens
    this.#changes += 1
    this.#countedEvents = this.#plan.writer.events.length
  }

  #breakFrame(text: string, offset: number, unterminated: boolean): void {
    const { provider, secrets, onBrokenFrame, writer } = this.#plan
    if (unterminated) {
      this.#strange ??= { text, offset }
      return
    }
    const clean = redact(text, secrets)
    const received = clean.slice(0, 200)
    if (onBrokenFrame === 'skip') {
      const told = `A frame at byte ${offset} is no JSON and was skipped.`
      return writer.notice('skipped', told, { offset, received })
    }
    throw new WireError(`${provider}: a frame at byte ${offset} is no JSON: ${received}`, {
      provider,
      offset,
      received,
      cause: jsonFault(clean),
      advice: "What came before is kept. Set onBrokenFrame: 'skip' to go on after such frames.",
    })
  }
}

/** @throws when the text is no JSON, or so deeply nested that no listener could write it out again. */
function parseFrame(text: string): unknown {
  if (isNestedDeeper(text, maxJsonDepth)) throw new RangeError(`more than ${maxJsonDepth} levels`)
  return parsePlainJson(text)
}

/** What the parser says about a text that is no JSON; its message quotes the text, so it must be a clean one. */
function jsonFault(text: string): unknown {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return error
  }
}
