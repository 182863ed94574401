// Answers that are JSON in a fenced block: any value, or an object with fields.
import { type ContentHint, checkObject, missingOf, type ReadHint, readHint } from './content-hint.ts'
import { type Dict, DictParser, type KeyOptions } from './dict-parser.ts'
import { FieldStream } from './field-stream.ts'
import { jsonOfAnswer } from './json-answer.ts'
import { Parser } from './parser.ts'
import { RequiredFieldNotFoundError } from './parsing-error.ts'

export interface JsonObjectOptions<Value = unknown> {
  /** What the JSON is to look like. Default: words that say no more than that it is JSON. */
  contentHint?: ContentHint<Value>
}

/**
 * Any JSON value. A forgotten fence, opening or closing, is forgiven. AgentScope: the same name.
 *
 * @throws ConfigError when the hint is a schema that cannot be read; `parse`: TagNotFoundError, JsonParsingError, and
 * with a schema JsonTypeError or RequiredFieldNotFoundError.
 */
export class MarkdownJsonObjectParser<Value = unknown> extends Parser<Value> {
  readonly #hint: ReadHint<Value>

  constructor({ contentHint }: JsonObjectOptions<Value> = {}) {
    super()
    this.#hint = readHint(contentHint, '{your JSON}')
  }

  get formatInstruction(): string {
    return this.#hint.instruction
  }

  protected override async read(text: string): Promise<Value> {
    return this.#hint.check(jsonOfAnswer(text, { arrays: true }), text)
  }
}

export interface JsonDictOptions<Value = Dict> extends JsonObjectOptions<Value>, KeyOptions {
  /** Fields that must be there. A schema has its own. Default: none. */
  requiredKeys?: readonly string[]
}

/**
 * A JSON object, of which the agent may remember, say and pass on some fields. AgentScope: the same name.
 *
 * @throws ConfigError when the hint is a schema that cannot be read, or keys are not names; `parse`: as
 * `MarkdownJsonObjectParser`, and JsonTypeError for what is no object.
 */
export class MarkdownJsonDictParser<Value extends object = Dict> extends DictParser<Value> {
  readonly #hint: ReadHint<Value>
  readonly #requiredKeys: readonly string[]

  constructor({ contentHint, requiredKeys = [], ...keys }: JsonDictOptions<Value> = {}) {
    super(keys)
    this.#hint = readHint(contentHint, '{your JSON object}')
    this.#requiredKeys = requiredKeys
  }

  get formatInstruction(): string {
    return this.#hint.instruction
  }

  override follow(field: string): FieldStream {
    return new FieldStream(field)
  }

  protected override async read(text: string): Promise<Value> {
    const value = jsonOfAnswer(text)
    checkObject(value, text)
    const missing = missingOf(value, this.#requiredKeys)
    if (missing.length > 0) throw new RequiredFieldNotFoundError(missing, { received: text })
    return this.#hint.check(value, text)
  }
}
