// Finds the JSON value in what a model wrote, while it still grows: alone, in a fenced block, or somewhere in prose.
import { IncrementalJson, type JsonPath } from './json-incremental.ts'

export interface JsonInTextOptions {
  /** What the value may begin with when it stands in prose. Default: an object or an array. */
  opens?: '{' | '[' | '{['
  /** Hears of every value as it closes, as `IncrementalJson` tells it. Also of a value that is given up later. */
  onFieldEnd?: (path: JsonPath, value: unknown) => void
  /** Hears what each string that is a value grows by, as `IncrementalJson` tells it. Also of one that is given up later. */
  onText?: (path: JsonPath, delta: string) => void
}

/** Where the value stands. A fenced block says that it is meant, so it wins over what stood in prose before. */
type Place = 'prose' | 'fence'

interface Attempt {
  readonly json: IncrementalJson
  readonly place: Place
  /** How many characters it has been given. */
  given: number
  whole: boolean
}

/**
 * Reads each character once, in pieces cut anywhere. The first fenced block that holds JSON counts (```json, or a block
 * without a language that begins with a bracket), else the first object or array that is JSON. What begins like JSON and is none
 * (`[some]`) is given up where it fails. Raw control characters and stray backslashes in strings are taken for themselves,
 * as after `repairJson`; nothing is ever closed that was not closed.
 */
export class JsonInText {
  readonly #opens: string
  readonly #onFieldEnd: JsonInTextOptions['onFieldEnd']
  readonly #onText: JsonInTextOptions['onText']
  #attempt: Attempt | undefined
  #found: Attempt | undefined
  #ticks = 0
  /** What stands behind the ticks of a fence, until its line ends. */
  #language: string | undefined
  /** A fence has just been opened, and its first character decides: what it may be. */
  #fenced: 'json' | 'unnamed' | undefined
  /** The latest attempt that failed, for the error. */
  #failure: string | undefined

  constructor(options: JsonInTextOptions = {}) {
    this.#opens = options.opens ?? '{['
    this.#onFieldEnd = options.onFieldEnd
    this.#onText = options.onText
  }

  /** The value so far; `undefined` before it begins. It grows in place. */
  get value(): unknown {
    return (this.#attempt ?? this.#found)?.json.value
  }

  /** Whether the value is whole. */
  get whole(): boolean {
    return this.#attempt === undefined && this.#found !== undefined
  }

  /** Why the latest thing that began like JSON is none; `undefined` when nothing was given up. */
  get failure(): string | undefined {
    return this.#failure
  }

  /** Says whether anything of it belonged to a value. */
  push(text: string): boolean {
    let at = 0
    let isJson = false
    while (at < text.length) {
      if (this.#attempt === undefined) at = this.#readProse(text, at)
      else {
        isJson = true
        at = this.#readJson(text, at)
      }
    }
    return isJson
  }

  /** The text is over: a number that stands in a fence is whole now. */
  end(): void {
    const attempt = this.#attempt
    attempt?.json.end()
    if (attempt?.whole) this.#close(attempt)
  }

  #readProse(text: string, from: number): number {
    if (this.#found?.place === 'fence') return text.length
    for (let at = from; at < text.length; at += 1) {
      const char = text[at] as string
      if (this.#language !== undefined) this.#readLanguage(char)
      else if (this.#fenced !== undefined) {
        if (isSpace(char)) continue
        const begins = this.#fenced === 'json' || char === '{' || char === '['
        this.#fenced = undefined
        if (begins) return this.#begin('fence', at)
      }
      if (this.#language === undefined) this.#countTicks(char)
      if (this.#found === undefined && this.#opens.includes(char)) return this.#begin('prose', at)
    }
    return text.length
  }

  #countTicks(char: string): void {
    if (char === '`') this.#ticks += 1
    else {
      if (this.#ticks >= 3) this.#language = ''
      this.#ticks = 0
      if (this.#language !== undefined) this.#readLanguage(char)
    }
  }

  /** A line that is too long to name a language is none: the ticks were something else. */
  #readLanguage(char: string): void {
    const language = this.#language ?? ''
    if (char !== '\n' && language.length < 20) {
      this.#language = language + char
      return
    }
    this.#language = undefined
    if (char !== '\n') return
    const name = language.trim().toLowerCase()
    if (name === '') this.#fenced = 'unnamed'
    else if (name.startsWith('json')) this.#fenced = 'json'
  }

  #begin(place: Place, at: number): number {
    const onFieldEnd = (path: JsonPath, value: unknown) => {
      if (path.length === 0) attempt.whole = true
      this.#onFieldEnd?.(path, value)
    }
    const onText = this.#onText
    const json = new IncrementalJson({ lenient: true, onFieldEnd, ...(onText !== undefined && { onText }) })
    const attempt: Attempt = { json, place, given: 0, whole: false }
    this.#attempt = attempt
    this.#ticks = 0
    this.#language = undefined
    return at
  }

  #readJson(text: string, from: number): number {
    const attempt = this.#attempt as Attempt
    attempt.json.push(from === 0 ? text : text.slice(from))
    const { failed } = attempt.json
    const next = failed === undefined ? text.length : from + failed.at - attempt.given
    attempt.given += text.length - from
    if (attempt.whole) this.#close(attempt)
    else if (failed !== undefined) this.#giveUp(failed.message)
    return next
  }

  #close(attempt: Attempt): void {
    this.#found = attempt
    this.#attempt = undefined
  }

  /** The character at which it failed is read again, as prose. */
  #giveUp(why: string): void {
    this.#failure = why
    this.#attempt = undefined
  }
}

function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\r' || char === '\t'
}
