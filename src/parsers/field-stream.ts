// One top-level field of a JSON object that a model is still writing, fenced or in prose.
import { JsonInText } from '../core/json-in-text.ts'
import type { JsonPath } from '../core/json-incremental.ts'

/** Is fed an answer's text as it comes, and tells what one field grows by: what may be heard before the answer is whole. */
export interface FieldReader {
  /** What the field grew by; "" when it did not. Costs time in proportion to `text`, never to what came before. */
  push(text: string): string
  /** The answer is over: what was held back because more might have followed. */
  end(): string
}

/**
 * Tells how one field of the answer's JSON object grows: a string character by character, unescaped and never in half a
 * character; any other value as JSON text once it has closed. Where the object stands is found as by the JSON parsers:
 * a fenced block counts, else the first object. Until the field begins, and after it has closed, it tells nothing.
 */
export class FieldStream implements FieldReader {
  readonly field: string
  readonly #found: JsonInText
  #grown = ''
  /** The object in which the field began. What is told once cannot be taken back, so no other object counts then. */
  #object: unknown
  #closed = false

  constructor(field: string) {
    this.field = field
    this.#found = new JsonInText({
      opens: '{',
      onText: (path, delta) => this.#grow(path, delta.toWellFormed()),
      onFieldEnd: (path, value) => this.#end(path, value),
    })
  }

  /** Whether the field's value is whole. */
  get closed(): boolean {
    return this.#closed
  }

  push(text: string): string {
    this.#grown = ''
    if (!this.#closed) this.#found.push(text)
    return this.#grown
  }

  end(): string {
    return ''
  }

  #grow(path: JsonPath, delta: string): void {
    if (!this.#isField(path)) return
    this.#object = this.#found.value
    this.#grown += delta
  }

  #end(path: JsonPath, value: unknown): void {
    if (!this.#isField(path)) return
    if (typeof value !== 'string') this.#grown += JSON.stringify(value).toWellFormed()
    this.#closed = true
  }

  #isField(path: JsonPath): boolean {
    if (this.#closed || path.length !== 1 || path[0] !== this.field) return false
    return this.#object === undefined || this.#object === this.#found.value
  }
}
