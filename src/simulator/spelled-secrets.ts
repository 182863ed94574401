// Takes out secrets that a model spells over several events: each event has a few letters, in a field of the same name.
import type { RecordedPiece } from './cassette.ts'
import { placesOf, type Span, without } from './cassette-pieces.ts'
import type { Searchable } from './known-secrets.ts'

/** So many letters of a secret, at the end of what a field has said, are taken for its beginning. */
const leastBeginning = 4
/** A field that has not gone on for so many lines is not waited for any longer. */
const patience = 64
/** A field with its text, or the end of a line. */
const words = /"([^"\\]*)"\s*:\s*"((?:[^"\\]|\\.)*)"|\n/g

/** What the fields of one name have said last, letter by letter, with the place of each in the body. */
interface Said {
  text: string
  places: number[]
  /** In which line it spoke last. */
  line: number
}

/**
 * Looks at whole lines, so a piece waits until its line is there. While a field's last letters may be the beginning of a
 * secret, all pieces from there on wait for what that field says next.
 */
export class SpelledSecrets {
  readonly #known: Pick<Searchable, 'forms'>
  #given: readonly string[] | undefined
  #forms: readonly string[] = []
  #longest = 0
  readonly #said = new Map<string, Said>()
  #waiting: RecordedPiece[] = []
  /** Where the first waiting piece begins in the body, and up to where lines have been read. */
  #base = 0
  #readTo = 0
  #line = 0
  #spans: Span[] = []

  /** What is learned later is heeded from then on. */
  constructor(known: Pick<Searchable, 'forms'>) {
    this.#known = known
  }

  /** The pieces that are clean now. */
  push(piece: RecordedPiece): RecordedPiece[] {
    if (this.#given !== this.#known.forms) this.#look(this.#known.forms)
    if (this.#forms.length === 0) return [piece]
    this.#waiting.push(piece)
    return piece.bytes.includes(10) ? this.#release(false) : []
  }

  /** The body is over: what was waiting. */
  end(): RecordedPiece[] {
    return this.#waiting.length === 0 ? [] : this.#release(true)
  }

  #release(isOver: boolean): RecordedPiece[] {
    const waiting = this.#waiting
    const bytes = Buffer.concat(waiting.map((each) => each.bytes))
    const unread = bytes.toString('latin1').slice(this.#readTo - this.#base)
    const lines = isOver ? unread : unread.slice(0, unread.lastIndexOf('\n') + 1)
    for (const { 1: name, 2: value = '', index, 0: all } of lines.matchAll(words)) {
      if (name === undefined) this.#line += 1
      else this.#say(name, value, this.#readTo + index + all.length - 1 - value.length)
    }
    this.#readTo += lines.length
    this.#spans = this.#spans.filter(({ to }) => to > this.#base)
    const clearTo = isOver ? this.#readTo : Math.min(this.#readTo, this.#begunAt())
    const spans = this.#spans.map(({ from, to }) => ({ from: from - this.#base, to: to - this.#base }))
    const places = placesOf(waiting)
    const count = places.findLastIndex(({ to }) => to + this.#base <= clearTo) + 1
    this.#waiting = waiting.slice(count)
    this.#base += places[count - 1]?.to ?? 0
    return waiting.slice(0, count).flatMap(({ atMs }, index) => {
      const kept = without(bytes, places[index] as Span, spans)
      return kept.length === 0 ? [] : [{ atMs, bytes: kept }]
    })
  }

  #look(forms: readonly string[]): void {
    this.#given = forms
    this.#forms = forms.map((form) => Buffer.from(form, 'utf8').toString('latin1'))
    this.#longest = Math.max(0, ...this.#forms.map((form) => form.length))
  }

  #say(name: string, value: string, at: number): void {
    const before = this.#said.get(name) ?? { text: '', places: [], line: 0 }
    let text = before.text + value
    let places = [...before.places, ...Array.from(value, (_, index) => at + index)]
    for (let form = this.#formIn(text); form !== undefined; form = this.#formIn(text)) {
      const from = text.indexOf(form)
      this.#spans.push(...runsOf(places.slice(from, from + form.length)))
      text = text.slice(from + form.length)
      places = places.slice(from + form.length)
    }
    const kept = Math.max(0, text.length - this.#longest)
    this.#said.set(name, { text: text.slice(kept), places: places.slice(kept), line: this.#line })
  }

  #formIn(text: string): string | undefined {
    return this.#forms.find((form) => text.includes(form))
  }

  /** Where the first secret begins that a field may still be spelling; infinite when none does. */
  #begunAt(): number {
    let first = Number.POSITIVE_INFINITY
    for (const { text, places, line } of this.#said.values()) {
      if (this.#line - line > patience) continue
      for (const form of this.#forms) {
        const length = begunIn(text, form)
        if (length >= leastBeginning) first = Math.min(first, places[places.length - length] as number)
      }
    }
    return first
  }
}

/** How much of the form's beginning stands at the end of the text. */
function begunIn(text: string, form: string): number {
  for (let length = Math.min(text.length, form.length - 1); length >= leastBeginning; length -= 1) {
    if (text.endsWith(form.slice(0, length))) return length
  }
  return 0
}

/** Places that follow one another, as spans. */
function runsOf(places: readonly number[]): Span[] {
  const runs: Span[] = []
  for (const place of places) {
    const last = runs.at(-1)
    if (last?.to === place) last.to += 1
    else runs.push({ from: place, to: place + 1 })
  }
  return runs
}
