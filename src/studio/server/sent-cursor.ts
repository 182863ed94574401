// Where a reader over server-sent events is, as the id of each event: whoever comes back with it misses nothing.
import type { Batch, Op, PartId } from '../protocol/frames.ts'
import type { Cursor } from '../protocol/reader.ts'

interface SentPart {
  message: string
  length: number
}

/** A header of a request may not be much longer. */
const longestId = 6000

/**
 * `<journal offset>;<part>=<length>;…`: the parts that have been begun and not closed. In the midst of a snapshot those
 * that are closed already are named too; an id that would become too long stays what it was, and text comes twice, at
 * the offsets that it had.
 */
export class SentCursor {
  #id: string
  #seq: number
  readonly #open = new Map<PartId, SentPart>()
  readonly #closed = new Map<PartId, SentPart>()

  constructor({ seq, have }: Cursor) {
    this.#seq = seq
    for (const [part, length] of Object.entries(have)) this.#open.set(part, { message: messageOf(part), length })
    this.#id = written(seq, this.#open)
  }

  get id(): string {
    return this.#id
  }

  sent({ seq, ops, more, reset }: Batch): void {
    if (reset) for (const parts of [this.#open, this.#closed]) parts.clear()
    if (reset) this.#seq = 0
    for (const op of ops) this.#op(op)
    if (!more) {
      this.#seq = seq
      this.#closed.clear()
    }
    const id = written(this.#seq, new Map([...this.#closed, ...this.#open]))
    if (id.length <= longestId) this.#id = id
  }

  #op(op: Op): void {
    if (op[0] === 'm' && op[2].start !== undefined) this.#startedAgain(op[1], op[2].start)
    else if (op[0] === 'n' && op[2].kind !== 'data') this.#open.set(op[1], { message: op[2].msg, length: 0 })
    else if (op[0] === '+') this.#grew(op[1], op[2] + op[3].length)
    else if (op[0] === '=') this.#grew(op[1], op[3].length)
    else if (op[0] === 'e') this.#close(op[1], op[2].len)
  }

  #grew(part: PartId, length: number): void {
    const { message } = this.#open.get(part) ?? this.#closed.get(part) ?? { message: messageOf(part) }
    this.#closed.delete(part)
    this.#open.set(part, { message, length })
  }

  #close(part: PartId, length: number): void {
    const { message } = this.#open.get(part) ?? { message: messageOf(part) }
    this.#open.delete(part)
    this.#closed.set(part, { message, length })
  }

  /** Parts of an earlier start do not count any more. */
  #startedAgain(message: string, start: number): void {
    for (const parts of [this.#open, this.#closed]) {
      for (const [part, { message: of }] of parts) {
        if (of === message && !part.startsWith(`${message}.r${start}.`)) parts.delete(part)
      }
    }
  }
}

/** Reads an id back; `undefined` for what is none. */
export function parseEventId(id: string): Cursor | undefined {
  const [seq, ...parts] = id.trim().split(';')
  if (!isNumeral(seq)) return undefined
  const have: Record<PartId, number> = {}
  for (const part of parts) {
    const [name = '', length, ...rest] = part.split('=')
    if (!isNumeral(length) || rest.length > 0) return undefined
    try {
      have[decodeURIComponent(name)] = Number(length)
    } catch {
      return undefined
    }
  }
  return { seq: Number(seq), have }
}

function written(seq: number, parts: ReadonlyMap<PartId, SentPart>): string {
  const told = [...parts].map(([part, { length }]) => `;${encodeURIComponent(part.toWellFormed())}=${length}`)
  return `${seq}${told.join('')}`
}

function messageOf(part: PartId): string {
  return part.replace(/(\.r\d+)?(\.\d+)+$/, '')
}

function isNumeral(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,15}$/.test(text)
}
