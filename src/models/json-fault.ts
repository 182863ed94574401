// Where a text stops being JSON, by line and column; the platform's message has no such thing and quotes the text.

export interface JsonFault {
  /** Both count from 1. */
  line: number
  column: number
  /** What was wrong there, without quoting more than one character. */
  problem: string
}

const space = /[ \t\n\r]*/y
const scalar = /true(?!\w)|false(?!\w)|null(?!\w)|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y
const string = /"(?:[ !#-[\]-\u{10ffff}]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/uy
const stringStart = /"(?:[ !#-[\]-\u{10ffff}]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*/uy

/** The first fault of a text that `JSON.parse` refused; `undefined` when there is none after all. */
export function findJsonFault(text: string): JsonFault | undefined {
  const scan = new JsonScan(text)
  const problem = scan.value() ?? scan.end()
  if (problem === undefined) return undefined
  const before = text.slice(0, scan.at).split(/\r\n|\n|\r/)
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, problem }
}

/** Each method reads on and returns what is wrong at `at`, or `undefined` when all was well. */
class JsonScan {
  at = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  value(): string | undefined {
    this.#skip(space)
    const next = this.#text[this.at]
    if (next === '{') return this.#list('}', () => this.#member())
    if (next === '[') return this.#list(']', () => this.value())
    if (next === '"') return this.#string()
    return this.#skip(scalar) ? undefined : this.#expected('a value')
  }

  end(): string | undefined {
    this.#skip(space)
    return this.at === this.#text.length ? undefined : this.#expected('nothing more')
  }

  #list(close: string, item: () => string | undefined): string | undefined {
    this.at++
    this.#skip(space)
    if (this.#take(close)) return undefined
    for (;;) {
      const problem = item()
      if (problem !== undefined) return problem
      this.#skip(space)
      if (this.#take(close)) return undefined
      const comma = this.at
      if (!this.#take(',')) return this.#expected(`"," or "${close}"`)
      this.#skip(space)
      if (this.#text[this.at] === close) {
        this.at = comma
        return `a comma before "${close}"; JSON has none there`
      }
    }
  }

  #member(): string | undefined {
    this.#skip(space)
    if (this.#text[this.at] !== '"') return this.#expected('a name in double quotes')
    const problem = this.#string()
    if (problem !== undefined) return problem
    this.#skip(space)
    return this.#take(':') ? this.value() : this.#expected('":"')
  }

  #string(): string | undefined {
    if (this.#skip(string)) return undefined
    const start = this.at
    this.#skip(stringStart)
    if (this.#text[this.at] === '\\') return 'an escape that JSON does not know (write \\\\ for a backslash)'
    if (this.at < this.#text.length) return 'a line break or control character inside a string'
    this.at = start
    return 'a string that is never closed'
  }

  #take(character: string): boolean {
    if (this.#text[this.at] !== character) return false
    this.at++
    return true
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    const found = pattern.test(this.#text)
    if (found) this.at = pattern.lastIndex
    return found
  }

  #expected(what: string): string {
    const found = this.#text[this.at]
    if (found === undefined) return `the end of the text where ${what} was expected`
    if (found === '/' || found === '#') return 'a comment; JSON has none'
    return `${JSON.stringify(found)} where ${what} was expected`
  }
}
