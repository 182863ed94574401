// An incremental JSON parser: reads each character once and gives the value so far at any time.
// Longer than most files: it is one state machine, whose strings and numbers already live in files of their own.
import { JsonNumber } from './json-number.ts'
import { JsonString } from './json-string.ts'

/** The first syntax error: `at` counts characters (UTF-16 units) from the beginning of the text. */
export interface JsonFailure {
  at: number
  message: string
}

/** Keys and indexes from the top down to a value; empty for the top-level value itself. */
export type JsonPath = readonly (string | number)[]

export interface IncrementalJsonOptions {
  /**
   * Take raw control characters inside strings, and backslashes that begin no JSON escape, for themselves, so that the
   * value keeps growing: the same text as after `repairJson`. Default false: as strict as `JSON.parse`.
   */
  lenient?: boolean
  /** How many containers may stand inside each other; one more is a failure. Default 1000; `Infinity` is safe here. */
  maxDepth?: number
  /**
   * Hears of every value as it closes, children before their container, the top-level value last with an empty path.
   * The path is the parser's own and goes on changing: copy it (`[...path]`) to keep it. What it throws leaves `push`
   * and the rest of that piece is not read.
   */
  onFieldEnd?: (path: JsonPath, value: unknown) => void
  /**
   * Hears what each string that is a value grows by, once a piece, before it closes; keys are not told. The path is the
   * parser's own, as above.
   */
  onText?: (path: JsonPath, delta: string) => void
}

type Container = unknown[] | Record<string, unknown>

/** What the next character belongs to. `item-` and `key-or-end` are for the first place in a container. */
type State =
  | 'value'
  | 'item-or-end'
  | 'key-or-end'
  | 'key'
  | 'key-text'
  | 'colon'
  | 'text'
  | 'number'
  | 'literal'
  | 'comma-or-end'
  | 'done'

/**
 * Parses one JSON text that arrives in pieces, cut anywhere. `push` costs time in proportion to the piece, never to
 * what came before; there is no recursion.
 *
 * What `value` shows of an unfinished text: containers as soon as they open, and they grow in place, so copy what must
 * not change; the characters of a string as they come, never half a surrogate pair; `true`, `false` and `null` with
 * their last letter; a number when the character after it has come, because `12` may become `123`. A key is not shown
 * before its value is, and a repeated key shows the earlier value until then. Before anything is known it is `undefined`.
 */
export class IncrementalJson {
  readonly #maxDepth: number
  readonly #onFieldEnd: IncrementalJsonOptions['onFieldEnd']
  readonly #onText: IncrementalJsonOptions['onText']
  readonly #string: JsonString
  readonly #number = new JsonNumber()
  /** The open containers and, for each of them, the key or index that is being read: together the path. */
  readonly #containers: Container[] = []
  readonly #path: (string | number)[] = []
  #state: State = 'value'
  #value: unknown
  #literal = ''
  #literalRead = 0
  /** How many characters earlier pieces had. */
  #offset = 0
  #ended = false
  #failed: JsonFailure | undefined

  constructor(options: IncrementalJsonOptions = {}) {
    this.#maxDepth = options.maxDepth ?? 1000
    this.#onFieldEnd = options.onFieldEnd
    this.#onText = options.onText
    this.#string = new JsonString(options.lenient ?? false)
  }

  /** The value so far; reading it costs nothing. After a failure it stays what it was. */
  get value(): unknown {
    return this.#value
  }

  /** One whole value has been read and nothing but whitespace came after it. */
  get closed(): boolean {
    return this.#state === 'done' && this.#failed === undefined
  }

  /** The first syntax error. A text that merely stops early has none: it is just never `closed`. */
  get failed(): JsonFailure | undefined {
    return this.#failed
  }

  /** Reads the next piece. After a failure or `end` nothing more is read. */
  push(text: string): void {
    if (this.#ended) return
    let at = 0
    while (at < text.length && this.#failed === undefined) at = this.#read(text, at)
    this.#offset += at
    if (this.#state !== 'text') return
    this.#show(this.#string.text)
    this.#tellText()
  }

  /** The input is over: a number at the top level is whole now. Whatever is open stays open. */
  end(): void {
    const numberEnds = this.#state === 'number' && this.#containers.length === 0 && this.#number.whole
    if (!this.#ended && this.#failed === undefined && numberEnds) this.#close(this.#number.value)
    this.#ended = true
  }

  /** Reads on from `at`, at least one character; returns where the next read begins. */
  #read(text: string, at: number): number {
    switch (this.#state) {
      case 'text':
      case 'key-text':
        return this.#readString(text, at)
      case 'number':
        return this.#readNumber(text, at)
      case 'literal':
        return this.#readLiteral(text, at)
      default: {
        const next = endOfSpace(text, at)
        return next === text.length ? next : this.#readStructure(text, next)
      }
    }
  }

  #readString(text: string, at: number): number {
    const next = this.#string.read(text, at)
    if (this.#string.failure !== undefined) return this.#fail(this.#string.failure, text, next)
    if (!this.#string.closed) return next
    if (this.#state === 'text') {
      this.#tellText()
      this.#close(this.#string.text)
    } else {
      this.#path[this.#path.length - 1] = this.#string.text
      this.#state = 'colon'
    }
    return next
  }

  #tellText(): void {
    if (this.#onText === undefined) return
    const delta = this.#string.takeFresh()
    if (delta !== '') this.#onText(this.#path, delta)
  }

  #readNumber(text: string, at: number): number {
    const next = this.#number.read(text, at)
    if (next === text.length) return next
    if (!this.#number.whole) return this.#fail('A number needs a digit here', text, next)
    if (!mayFollowNumber(text.charAt(next))) return this.#fail('A number cannot go on like this', text, next)
    this.#close(this.#number.value)
    return next
  }

  #readLiteral(text: string, from: number): number {
    for (let at = from; at < text.length; at += 1) {
      if (text[at] !== this.#literal[this.#literalRead]) return this.#fail(`Expected ${this.#literal}`, text, at)
      this.#literalRead += 1
      if (this.#literalRead < this.#literal.length) continue
      this.#close(literals.get(this.#literal))
      return at + 1
    }
    return text.length
  }

  #readStructure(text: string, at: number): number {
    const char = text.charAt(at)
    const isArray = Array.isArray(this.#containers.at(-1))
    switch (this.#state) {
      case 'item-or-end':
        return char === ']' ? this.#closeContainer(at) : this.#beginValue(text, at)
      case 'key-or-end':
        if (char === '}') return this.#closeContainer(at)
        return char === '"' ? this.#beginString('key-text', at) : this.#fail('Expected a key in quotes or }', text, at)
      case 'key':
        return char === '"' ? this.#beginString('key-text', at) : this.#fail('Expected a key in quotes', text, at)
      case 'colon':
        return char === ':' ? this.#goOn('value', at) : this.#fail('Expected : after a key', text, at)
      case 'comma-or-end':
        if (char === (isArray ? ']' : '}')) return this.#closeContainer(at)
        return char === ','
          ? this.#nextField(isArray, at)
          : this.#fail(`Expected , or ${isArray ? ']' : '}'}`, text, at)
      case 'done':
        return this.#fail('Expected nothing after the value', text, at)
      default:
        return this.#beginValue(text, at)
    }
  }

  #beginValue(text: string, at: number): number {
    const char = text.charAt(at)
    if (char === '"') return this.#beginString('text', at)
    if (char === '{') return this.#openContainer({}, '', 'key-or-end', text, at)
    if (char === '[') return this.#openContainer([], 0, 'item-or-end', text, at)
    if (char === '-' || (char >= '0' && char <= '9')) {
      this.#number.start(char)
      return this.#goOn('number', at)
    }
    const literal = literalOf(char)
    if (literal === undefined) return this.#fail('Expected a value', text, at)
    this.#literal = literal
    this.#literalRead = 1
    return this.#goOn('literal', at)
  }

  #beginString(state: 'text' | 'key-text', at: number): number {
    this.#string.start()
    return this.#goOn(state, at)
  }

  #openContainer(container: Container, firstKey: string | number, state: State, text: string, at: number): number {
    if (this.#containers.length >= this.#maxDepth)
      return this.#fail(`Containers may be nested ${this.#maxDepth} deep (maxDepth)`, text, at)
    this.#show(container)
    this.#containers.push(container)
    this.#path.push(firstKey)
    return this.#goOn(state, at)
  }

  #closeContainer(at: number): number {
    this.#path.pop()
    this.#closed(this.#containers.pop())
    return at + 1
  }

  #nextField(isArray: boolean, at: number): number {
    if (isArray) (this.#path[this.#path.length - 1] as number) += 1
    return this.#goOn(isArray ? 'value' : 'key', at)
  }

  #goOn(state: State, at: number): number {
    this.#state = state
    return at + 1
  }

  #close(value: unknown): void {
    this.#show(value)
    this.#closed(value)
  }

  #closed(value: unknown): void {
    this.#state = this.#containers.length === 0 ? 'done' : 'comma-or-end'
    this.#onFieldEnd?.(this.#path, value)
  }

  /** Puts a value, whole or growing, into its place. */
  #show(value: unknown): void {
    const container = this.#containers.at(-1)
    const key = this.#path.at(-1)
    if (container === undefined) this.#value = value
    else if (Array.isArray(container)) container[key as number] = value
    else if (key === '__proto__')
      Object.defineProperty(container, key, { value, configurable: true, enumerable: true, writable: true })
    else container[key as string] = value
  }

  #fail(problem: string, text: string, at: number): number {
    const place = this.#offset + at
    const message = `${problem}: found ${JSON.stringify(text.charAt(at))} at character ${place} of the JSON text.`
    this.#failed = { at: place, message }
    return at
  }
}

const literals = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
])

function literalOf(first: string): string | undefined {
  return first === 't' ? 'true' : first === 'f' ? 'false' : first === 'n' ? 'null' : undefined
}

function mayFollowNumber(char: string): boolean {
  return char === ',' || char === '}' || char === ']' || isSpace(char.charCodeAt(0))
}

/** The index of the next character that is not JSON whitespace, or the length of the text. */
function endOfSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && isSpace(text.charCodeAt(at))) at += 1
  return at
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
