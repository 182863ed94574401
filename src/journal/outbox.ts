// Records on their way to a journal far away: numbered, and kept until they are acknowledged.
import { lostRecord } from './ingest-check.ts'
import { encodeFrame } from './ingest-frames.ts'
import type { JournalRecord } from './journal.ts'
import { lines } from './origin.ts'

/** So much goes into one frame, if one record alone is not more; characters. */
const frameCharacters = 1 << 18
/** No Studio takes a larger frame than 8 MB. */
const mostBytes = 7_500_000

interface Parcel {
  /** Of the first and of the last record. */
  seq: number
  last: number
  lines: string[]
  acknowledged(offset: number): void
  given(up: unknown): void
}

export class Outbox {
  #parcels: Parcel[] = []
  #seq = 0

  get isEmpty(): boolean {
    return this.#parcels.length === 0
  }

  /** How many records are not acknowledged. */
  get size(): number {
    return this.#parcels.reduce((sum, { seq, last }) => sum + last - seq + 1, 0)
  }

  /** Takes records in; gives the frames to send now, and the promise of their acknowledgement. */
  add(records: readonly JournalRecord[]): { frames: string[]; kept: Promise<number> } {
    const texts = lines(records).map((text, at) => fitting(text, records[at] as JournalRecord))
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const parcels = parcelled(texts).map((each, at, all): Parcel => {
      const seq = this.#seq + 1
      this.#seq += each.length
      const acknowledged = at === all.length - 1 ? resolve : () => undefined
      return { seq, last: this.#seq, lines: each, acknowledged, given: reject }
    })
    this.#parcels.push(...parcels)
    return { frames: parcels.map(frameOf), kept: promise }
  }

  /** All that is not acknowledged, to be sent again over a new connection. */
  frames(): string[] {
    return this.#parcels.map(frameOf)
  }

  acknowledge(seq: number, offset: number): void {
    while (this.#parcels[0] !== undefined && this.#parcels[0].last <= seq) this.#parcels.shift()?.acknowledged(offset)
  }

  giveUp(why: unknown): void {
    for (const parcel of this.#parcels.splice(0)) parcel.given(why)
  }
}

function frameOf({ seq, lines }: Parcel): string {
  return encodeFrame({ t: 'append', seq }, lines)
}

function parcelled(texts: readonly string[]): string[][] {
  const parcels: string[][] = [[]]
  let characters = 0
  for (const text of texts) {
    if (characters > 0 && characters + text.length > frameCharacters) {
      parcels.push([])
      characters = 0
    }
    parcels.at(-1)?.push(text)
    characters += text.length
  }
  return parcels
}

/** A record that no Studio would take is told in its place: a question to a model without its prompt, else an error. */
function fitting(text: string, record: JournalRecord): string {
  if (text.length * 3 < mostBytes || Buffer.byteLength(text) < mostBytes) return text
  const size = `${Math.round(Buffer.byteLength(text) / 1e6)} MB`
  if (record.type === 'invocation') {
    const invocation = { ...record.invocation, messages: [{ leftOut: `The prompt: it is too large (${size}).` }] }
    const without = JSON.stringify({ ...record, invocation })
    if (Buffer.byteLength(without) < mostBytes) return without
  }
  return JSON.stringify(lostRecord(`A record of ${size} is too large for Studio and was left out.`))
}
