// The fast path of a reply: frame after frame says the same but for its words, so most of them need not be parsed.
import { JsonTemplate } from '../core/json-template.ts'
import { parsePlainJson } from '../core/plain-json.ts'
import type { Decoder, PlainValue } from '../dialects/dialect.ts'
import type { FrameShape } from '../stream/repeated-frames.ts'

/** A reply with fewer frames is not worth learning from. */
const patience = 12
/** So many shapes are learned in advance of any use, and another one for so many uses of the ones before. */
const advance = 4
const usesPerShape = 8

/**
 * After two frames that only said words, the shape of the second is kept. A frame of that shape, proved character by
 * character, is not parsed: its words are said, as the decoder would. Everything else goes the long way, and ends it.
 */
export class Repeats {
  readonly #decoder: Decoder
  #wasPlain = false
  #decoded = 0
  #learned = 0
  #used = 0
  #last: { source: string; shape: FrameShape; start: number } | undefined
  shape: FrameShape | undefined

  constructor(decoder: Decoder) {
    this.#decoder = decoder
  }

  /** Says the words of a frame that a reader split from the others, when it is of the shape. */
  take(text: string, event: string | undefined): boolean {
    const { shape } = this
    if (shape === undefined || event !== shape.event) return false
    const words = shape.template.match(text)
    if (!words || shape.template.end !== text.length) return false
    shape.say(words, text, 0)
    return true
  }

  /**
   * Called before a frame is decoded the long way, and at the end: counters are totals, so those of the last frame that
   * was not parsed are enough. Returns its value; `undefined` when there was none since the last time.
   */
  settle(): unknown {
    this.shape = undefined
    const last = this.recount()
    this.#last = undefined
    return last
  }

  /** The same while such frames may still come. */
  recount(): unknown {
    const { last } = this
    if (last !== undefined) this.#decoder.recount?.(last)
    return last
  }

  /** To be called for each value that was decoded the long way, after it was. */
  learn(text: string, value: unknown, event: string | undefined): void {
    this.#decoded += 1
    if (this.#decoded <= patience || this.#learned >= advance + this.#used / usesPerShape) return
    const plain = event === 'error' ? undefined : this.#decoder.plain?.(value)
    if (plain !== undefined && this.#wasPlain) this.#shape(text, plain, event)
    this.#wasPlain = plain !== undefined
  }

  /** The value of the last frame that was not parsed. */
  get last(): unknown {
    if (this.#last === undefined) return undefined
    const { source, start, shape } = this.#last
    const begin = source.indexOf(shape.template.begin, start)
    shape.template.match(source, begin)
    return parsePlainJson(source.slice(begin, shape.template.end))
  }

  #shape(text: string, { text: path, free, say }: PlainValue, event: string | undefined): void {
    this.#learned += 1
    const template = JsonTemplate.of(text, path, free)
    if (template === undefined) return
    const shape: FrameShape = {
      template,
      event,
      say: (words, source, start) => {
        this.#used += 1
        this.#last = { source, start, shape }
        say(words)
      },
    }
    this.shape = shape
  }
}
