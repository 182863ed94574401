// A text of which only some leaves change: recognises the next one of the same shape without parsing it.

/** Where a value stands in a JSON text: keys and places from the outside in. */
export type JsonPath = readonly (string | number)[]

/** One changing leaf, and the text that must follow it, character for character. */
interface Hole {
  readonly kind: 'text' | 'string' | 'number'
  readonly after: string
}

interface Leaf {
  readonly kind: Hole['kind']
  readonly start: number
  readonly end: number
}

const quote = 34
const backslash = 92
/** Below this length, the platform copies a part of a string; above, the part keeps the whole alive. Characters. */
const sharedLength = 13

/**
 * Knows the text around the holes. A text that is the same everywhere else, and holds a value of the same kind in each
 * hole, parses to the same value but for those leaves: nothing is guessed.
 */
export class JsonTemplate {
  readonly begin: string
  readonly #holes: readonly Hole[]
  /** Where the last match ended. */
  end = 0

  /**
   * Learns from a text that `JSON.parse` has taken. `text` is the path of the string to be read; the strings and numbers
   * at or under the paths in `free` may change too. `undefined` when the text is not there, or stands there twice.
   */
  static of(source: string, text: JsonPath, free: readonly JsonPath[] = []): JsonTemplate | undefined {
    const leaves = new LeafFinder(source, text, free).find()
    if (leaves.filter(({ kind }) => kind === 'text').length !== 1) return undefined
    const after = ({ end }: Leaf, index: number) => source.slice(end, leaves[index + 1]?.start)
    const holes = leaves.map((leaf, index) => ({ kind: leaf.kind, after: after(leaf, index) }))
    return new JsonTemplate(source.slice(0, leaves[0]?.start), holes)
  }

  private constructor(begin: string, holes: readonly Hole[]) {
    this.begin = begin
    this.#holes = holes
  }

  /** The same shape with something around it; runs of digits in `lead` that follow `id:` may change. */
  within(lead: string, tail: string): JsonTemplate {
    const [, begin = '', rest] = /^((?:.*\n)?id: ?)(?:0|[1-9]\d*)(\r?\n[\s\S]*)$/.exec(lead) ?? ['', lead]
    const holes = this.#holes.map(({ kind, after }, index) => {
      return { kind, after: index === this.#holes.length - 1 ? after + tail : after }
    })
    if (rest === undefined) return new JsonTemplate(begin + this.begin, holes)
    return new JsonTemplate(begin, [{ kind: 'number', after: rest + this.begin }, ...holes])
  }

  /** The string in the text's place, and `end`; `undefined` when what begins there is not of this shape, or not surely. */
  match(source: string, start = 0): string | undefined {
    if (!stands(this.begin, source, start)) return undefined
    this.end = start + this.begin.length
    let text: string | undefined
    for (const { kind, after } of this.#holes) {
      if (kind === 'number') {
        if (!this.#number(source)) return undefined
      } else {
        const string = this.#string(source, kind === 'text')
        if (string === undefined) return undefined
        if (kind === 'text') text = string
      }
      if (!stands(after, source, this.end)) return undefined
      this.end += after.length
    }
    return text
  }

  /** Moves to the closing quote. Characters that JSON forbids, and escapes outside the text, are left to the parser. */
  #string(source: string, isText: boolean): string | undefined {
    const start = this.end
    for (let at = start; at < source.length; at += 1) {
      const code = source.charCodeAt(at)
      if (code === quote) {
        this.end = at
        return isText && at - start >= sharedLength ? parsed(source, start, at) : source.slice(start, at)
      }
      if (code === backslash) return isText ? this.#escaped(source, start, at) : undefined
      if (code < 32) return undefined
    }
    return undefined
  }

  #escaped(source: string, start: number, from: number): string | undefined {
    let at = from
    while (at < source.length && source.charCodeAt(at) !== quote) at += source.charCodeAt(at) === backslash ? 2 : 1
    this.end = at
    return parsed(source, start, at)
  }

  /** Moves behind a whole number without sign, point and exponent, as counters are written. */
  #number(source: string): boolean {
    const start = this.end
    let at = start
    while (isDigit(source.charCodeAt(at))) at += 1
    this.end = at
    return at > start && at - start < 16 && (source.charCodeAt(start) !== 48 || at === start + 1)
  }
}

/** Comparing with a part is several times faster than `startsWith`, which goes by characters. */
function stands(text: string, source: string, at: number): boolean {
  return text.length < sharedLength ? source.startsWith(text, at) : source.slice(at, at + text.length) === text
}

/** The JSON string whose quotes stand around these places. */
function parsed(source: string, start: number, end: number): string | undefined {
  try {
    return JSON.parse(source.slice(start - 1, end + 1)) as string
  } catch {
    return undefined
  }
}

/** Walks over a valid JSON text, and notes where the leaves that matter stand. */
class LeafFinder {
  readonly #source: string
  readonly #text: JsonPath
  readonly #free: readonly JsonPath[]
  readonly #path: (string | number)[] = []
  readonly #leaves: Leaf[] = []
  #at = 0

  constructor(source: string, text: JsonPath, free: readonly JsonPath[]) {
    this.#source = source
    this.#text = text
    this.#free = free
  }

  /** In the order of the source. */
  find(): readonly Leaf[] {
    this.#value()
    return this.#leaves
  }

  #value(): void {
    this.#space()
    const code = this.#source.charCodeAt(this.#at)
    if (code === 123) this.#members()
    else if (code === 91) this.#elements()
    else this.#leaf(code)
  }

  #members(): void {
    this.#at += 1
    while (!this.#closes(125)) {
      this.#path.push(this.#key())
      this.#value()
      this.#path.pop()
    }
  }

  #elements(): void {
    this.#at += 1
    for (let index = 0; !this.#closes(93); index += 1) {
      this.#path.push(index)
      this.#value()
      this.#path.pop()
    }
  }

  /** Skips white space and a comma; moves behind the closing bracket when it stands there. */
  #closes(bracket: number): boolean {
    this.#space()
    if (this.#source.charCodeAt(this.#at) === 44) this.#at += 1
    this.#space()
    if (this.#source.charCodeAt(this.#at) !== bracket) return false
    this.#at += 1
    return true
  }

  #key(): string {
    const start = this.#at
    this.#skipString()
    const key = JSON.parse(this.#source.slice(start, this.#at)) as string
    this.#space()
    this.#at += 1
    return key
  }

  #leaf(code: number): void {
    const start = this.#at
    if (code === quote) {
      this.#skipString()
      this.#note(this.#is(this.#text) ? 'text' : 'string', start + 1, this.#at - 1)
      return
    }
    while (!/[\s,\]}]/.test(this.#source[this.#at] ?? ',')) this.#at += 1
    if (isDigit(code) && /^\d+$/.test(this.#source.slice(start, this.#at))) this.#note('number', start, this.#at)
  }

  #note(kind: Leaf['kind'], start: number, end: number): void {
    if (kind === 'text' || this.#free.some((path) => this.#isUnder(path))) this.#leaves.push({ kind, start, end })
  }

  #is(path: JsonPath): boolean {
    return path.length === this.#path.length && this.#isUnder(path)
  }

  #isUnder(path: JsonPath): boolean {
    return path.every((step, index) => this.#path[index] === step)
  }

  #skipString(): void {
    this.#at += 1
    while (this.#source.charCodeAt(this.#at) !== quote)
      this.#at += this.#source.charCodeAt(this.#at) === backslash ? 2 : 1
    this.#at += 1
  }

  #space(): void {
    while (/\s/.test(this.#source[this.#at] ?? '')) this.#at += 1
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
