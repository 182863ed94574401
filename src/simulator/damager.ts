// Damages one stream as it passes: frame by frame, in time linear in what passes, with at most one frame held back.
// Longer than most files: what happens to frames and to bytes shares one place in the stream.
import { type BreakKind, type DamageKind, type DamagePlan, isBreak } from './damage-plan.ts'
import { type ByteText, type FrameForm, failureFrame, hostileFrame, junkFrame, longLine, pingFrame } from './hostile.ts'
import { below, type Random } from './random.ts'

/** What was done, and behind how many bytes of what goes out. */
export interface Damage {
  kind: DamageKind
  atByte: number
}

/** Bytes for one write, so many milliseconds after the one before them. */
export interface DamagedPiece {
  bytes: Uint8Array
  pauseMs: number
}

/** A frame that has not ended after so many bytes passes as it is. */
const longestFrame = 1024 * 1024
const endOfEvent = /\r\n\r\n|\n\n|\r\r/g

export class Damager {
  readonly damages: Damage[] = []
  /** How the stream was broken off; nothing more is to be given. */
  over: BreakKind | undefined
  readonly #plan: DamagePlan
  readonly #random: Random
  readonly #longestPauseMs: number
  #form: FrameForm | undefined
  #rest: ByteText = ''
  /** The rest holds no frame's end before this. */
  #searched = 0
  #held: ByteText = ''
  #out: ByteText = ''
  #pauseMs = 0
  #written = 0

  constructor(plan: DamagePlan, random: Random, longestPauseMs: number) {
    this.#plan = plan
    this.#random = random
    this.#longestPauseMs = longestPauseMs
  }

  /** What goes out for what came in. */
  push(bytes: Uint8Array): DamagedPiece[] {
    this.#rest += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    this.#form ??= formOf(this.#rest)
    for (let frame = this.#nextFrame(); frame !== undefined; frame = this.#nextFrame()) this.#pass(frame)
    return this.#flush()
  }

  /** The stream is over; a break that has not come yet comes now. */
  end(): DamagedPiece[] {
    this.#out += this.#rest + this.#held
    this.#rest = ''
    this.#held = ''
    const pieces = this.#flush()
    if (this.over === undefined && this.#plan.break !== undefined) this.#breakOff(this.#plan.break.how)
    return pieces
  }

  #nextFrame(): ByteText | undefined {
    const end = this.#form === undefined ? -1 : endOfFrame(this.#rest, this.#form, this.#searched)
    if (end === -1 && this.#rest.length < longestFrame) {
      this.#searched = Math.max(0, this.#rest.length - 3)
      return undefined
    }
    const frame = end === -1 ? this.#rest : this.#rest.slice(0, end)
    this.#rest = this.#rest.slice(frame.length)
    this.#searched = 0
    return frame
  }

  #pass(frame: ByteText): void {
    let passing = frame
    const held = this.#held
    this.#held = ''
    for (const kind of this.#plan.kinds) if (this.#random() < this.#plan.rate) passing = this.#damaged(passing, kind)
    this.#out += passing + held
  }

  /** What goes out in place of the frame. */
  #damaged(frame: ByteText, kind: DamagePlan['kinds'][number]): ByteText {
    const random = this.#random
    const form = this.#form ?? 'sse'
    this.#note(kind)
    switch (kind) {
      case 'drop':
        return ''
      case 'duplicate':
        return frame + frame
      case 'reorder':
        this.#held = frame
        return ''
      case 'hostile':
        return hostileFrame(frame, random)
      case 'flip':
        return flipped(frame, random)
      case 'ping':
        return pingFrame(form) + frame
      case 'junk':
        return junkFrame(form, random) + frame
      case 'failure':
        return failureFrame(form, random) + frame
      case 'long-line':
        return longLine(form, random) + frame
      case 'pause':
        this.#pauseMs = 1 + below(random, this.#longestPauseMs)
        return frame
    }
  }

  #flush(): DamagedPiece[] {
    const text = this.#out
    this.#out = ''
    if (text === '' || this.over !== undefined) return []
    const { how, afterBytes } = this.#plan.break ?? {}
    const left = afterBytes === undefined ? text.length : Math.max(0, afterBytes - this.#written)
    const isBroken = how !== undefined && left < text.length
    const pieces = this.#cut(Buffer.from(isBroken ? text.slice(0, left) : text, 'latin1'))
    this.#written += Math.min(left, text.length)
    if (isBroken) this.#breakOff(how)
    return pieces
  }

  /** The first piece waits as long as a pause asks for; an early end cuts anywhere, even inside a character. */
  #cut(bytes: Uint8Array): DamagedPiece[] {
    const pieces: DamagedPiece[] = []
    const longest = this.#plan.cuts ? 1 + below(this.#random, 96) : bytes.length
    for (let at = 0; at < bytes.length; ) {
      const size = this.#plan.cuts && bytes.length < 50_000 ? 1 + below(this.#random, longest) : bytes.length
      pieces.push({ bytes: bytes.subarray(at, at + size), pauseMs: pieces.length === 0 ? this.#pauseMs : 0 })
      at += size
    }
    if (pieces.length > 0) this.#pauseMs = 0
    if (pieces.length > 1) this.#note('cut')
    return pieces
  }

  #breakOff(how: BreakKind): void {
    this.over = how
    this.#note(how)
  }

  #note(kind: DamageKind): void {
    const isKnown = (kind === 'cut' || isBreak(kind)) && this.damages.some((damage) => damage.kind === kind)
    if (!isKnown) this.damages.push({ kind, atByte: this.#written + this.#out.length })
  }
}

/** Lines of JSON begin with a brace or a bracket; `undefined` while nothing but space has come. */
function formOf(text: ByteText): FrameForm | undefined {
  const first = /[^\s\xef\xbb\xbf]/.exec(text)?.[0]
  if (first === undefined) return undefined
  return first === '{' || first === '[' ? 'ndjson' : 'sse'
}

/** Where the first frame ends, its end included; -1 when it has not. */
function endOfFrame(text: ByteText, form: FrameForm, from: number): number {
  if (form === 'ndjson') {
    const at = text.indexOf('\n', from)
    return at === -1 ? -1 : at + 1
  }
  endOfEvent.lastIndex = from
  const found = endOfEvent.exec(text)
  return found === null ? -1 : found.index + found[0].length
}

function flipped(frame: ByteText, random: Random): ByteText {
  const at = below(random, frame.length)
  return frame.slice(0, at) + String.fromCharCode(below(random, 256)) + frame.slice(at + 1)
}
