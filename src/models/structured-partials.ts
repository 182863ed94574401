// The growing value of a response, step by step: what came, which fields closed, and the checked value at the end.
import type { StreamEvent } from '../core/event.ts'
import type { JsonPath } from '../core/json-incremental.ts'
import { isFields } from '../core/kind.ts'
import type { Issue, Schema } from '../schema/index.ts'
import type { ModelResponse } from './response.ts'
import type { AnswerContext } from './structured.ts'
import { type Model, openingOf, readModel } from './structured-model.ts'
import { StructuredReader } from './structured-reader.ts'
import { checkedValue } from './structured-value.ts'

/** A value that is still being written: everything may be missing yet. */
export type Growing<Value> = Value extends readonly (infer Item)[]
  ? Growing<Item>[]
  : Value extends object
    ? { [Key in keyof Value]?: Growing<Value[Key]> }
    : Value

/** One step of a growing value. */
export type PartialStep<Value = unknown> =
  | {
      readonly done: false
      /** The model's value so far. It grows in place: copy what must not change. `undefined` until it begins. */
      readonly value: Growing<Value> | undefined
      /** Paths of what closed with this step, children before their container; empty for the value itself. */
      readonly closed?: readonly JsonPath[]
      /** What is already known to be wrong with a top-level field that closed. The end says it again. */
      readonly issues?: readonly Issue[]
    }
  | { readonly done: true; readonly value: Value }

type Next<Value> = IteratorResult<PartialStep<Value>, undefined>

/** Each character of the answer is read once, however many steps there are. */
export class PartialSteps<Value> {
  readonly #response: ModelResponse
  readonly #context: AnswerContext
  readonly #schema: Schema
  readonly #nextEvent: () => Promise<IteratorResult<StreamEvent, undefined>>
  readonly #fields = new Map<string, Promise<Model>>()
  #closed: JsonPath[] = []
  #model: Model | undefined
  #reader: StructuredReader | undefined
  #over = false

  constructor(
    response: ModelResponse,
    schema: Schema,
    context: AnswerContext,
    nextEvent: () => Promise<IteratorResult<StreamEvent, undefined>>,
  ) {
    this.#response = response
    this.#schema = schema
    this.#context = context
    this.#nextEvent = nextEvent
  }

  /** @throws as `response.parse()` does, after everything that came was given. */
  async next(): Promise<Next<Value>> {
    if (this.#over) return { value: undefined, done: true }
    this.#reader ??= await this.#open()
    const reader = this.#reader
    for (;;) {
      const event = await this.#nextEvent()
      if (event.done === true) return this.#end(reader)
      const before = this.#closed.length
      if (!reader.apply(event.value) || (reader.value === undefined && before === this.#closed.length)) continue
      return { value: await this.#step(reader), done: false }
    }
  }

  async #open(): Promise<StructuredReader> {
    this.#model = await readModel(this.#schema)
    const { structured } = this.#context
    const wrapped = structured?.wrapped === true
    const onFieldEnd = (path: JsonPath) => this.#closed.push([...path])
    const opens = openingOf(this.#model.json, wrapped)
    return new StructuredReader({ inTool: structured !== undefined, wrapped, opens, onFieldEnd })
  }

  async #step(reader: StructuredReader): Promise<PartialStep<Value>> {
    const value = reader.value as Growing<Value> | undefined
    if (this.#closed.length === 0) return { done: false, value }
    const closed = this.#closed
    this.#closed = []
    const issues = await this.#issuesIn(value, closed)
    return { done: false, value, closed, ...(issues.length > 0 && { issues }) }
  }

  async #end(reader: StructuredReader): Promise<Next<Value>> {
    this.#over = true
    const response = this.#response
    if (response.error !== undefined) throw response.error
    const value = (await checkedValue(response, reader, this.#model as Model, this.#context)) as Value
    return { value: { done: true, value }, done: false }
  }

  async #issuesIn(value: unknown, closed: readonly JsonPath[]): Promise<Issue[]> {
    const issues: Issue[] = []
    for (const [name, ...inside] of closed) {
      if (typeof name !== 'string' || inside.length > 0 || !isFields(value)) continue
      const checked = await (await this.#field(name))?.check(value[name])
      if (checked?.ok === false)
        issues.push(...checked.issues.map((issue) => ({ ...issue, path: [name, ...issue.path] })))
    }
    return issues
  }

  /** The schema of one property, with what it may refer to. */
  async #field(name: string): Promise<Model | undefined> {
    const { properties, $defs, definitions } = (this.#model as Model).json
    const schema = isFields(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!isFields(schema)) return undefined
    let model = this.#fields.get(name)
    if (model === undefined) {
      model = readModel({
        ...schema,
        ...($defs !== undefined && { $defs }),
        ...(definitions !== undefined && { definitions }),
      })
      this.#fields.set(name, model)
    }
    return model
  }
}
