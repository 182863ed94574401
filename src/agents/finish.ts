// How an agent with tools ends with a value: a tool of its own, whose input is the value that was asked for.
import { StructuredOutputError } from '../core/error.ts'
import { isFields } from '../core/kind.ts'
import { Msg } from '../core/message.ts'
import { answerTool, type ToolSchema } from '../core/tool.ts'
import { type Checked, type JsonSchema, type ReadSchema, readSchema, type Schema } from '../schema/index.ts'
import { type Tool, tool } from '../tools/index.ts'

/**
 * The finish function of AgentScope's ReAct agents: the wanted schema, and beside it `response`, the words that people
 * read. A schema that is no object, or has a `response` itself, stands in for all of it.
 */
export class Finish {
  readonly tool: Tool
  readonly instruction = `When you have all you need, call ${answerTool} with the final result.`
  /** Set when the model has called it with a value that is right. */
  value: unknown
  /** What people read. */
  text = ''
  /** The model answered without calling it: from now on nothing else is offered, and it is told so. */
  insists = false
  readonly #wanted: ReadSchema
  readonly #wraps: 'words' | 'value' | 'nothing'

  constructor(schema: Schema) {
    this.#wanted = readSchema(schema)
    this.#wraps = wrapping(this.#wanted.json)
    const described = tool({
      name: answerTool,
      description: 'Gives the final result and ends the work.',
      input: withWords(this.#wanted.json, this.#wraps),
      run: () => undefined,
    })
    this.tool = {
      ...described,
      check: async (input) => this.#check(this.#valueIn(input)),
      run: (value, { call }) => this.#take(value, call.input),
    }
  }

  get schema(): ToolSchema {
    return this.tool.schema
  }

  insist(): void {
    this.insists = true
  }

  /** Not every wire can demand a tool, so it is asked for in words. It is not remembered. */
  get hint(): Msg | undefined {
    return this.insists ? new Msg('system', `Now call ${answerTool} with the final result.`, 'user') : undefined
  }

  failure(agent: string, rounds: number): StructuredOutputError {
    return new StructuredOutputError(`${agent} gave no value of the shape that was asked for in ${rounds} rounds.`, {
      advice: 'Ask for a simpler shape, allow more rounds (maxIters), or take a model that is better with tools.',
    })
  }

  async #check(value: unknown): Promise<Checked<unknown>> {
    if (value === undefined) return { ok: false, issues: [{ path: ['value'], message: 'It is missing.' }] }
    return this.#wanted.check(value)
  }

  #valueIn(input: unknown): unknown {
    if (!isFields(input) || this.#wraps === 'nothing') return input
    if (this.#wraps === 'value') return input['value']
    const { response: _, ...value } = input
    return value
  }

  #take(value: unknown, input: unknown): string {
    const words = this.#wraps === 'words' && isFields(input) ? input['response'] : undefined
    this.value = value
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    this.text = typeof words === 'string' && words !== '' ? words : text
    return 'The final result has been taken.'
  }
}

function wrapping(json: JsonSchema): 'words' | 'value' | 'nothing' {
  const { type, properties } = json
  if (type !== 'object' && (type !== undefined || !isFields(properties))) return 'value'
  // Providers take no choice of shapes at the top of a tool's schema.
  if (['anyOf', 'oneOf', 'allOf', 'enum', 'const', 'not', '$ref'].some((keyword) => keyword in json)) return 'value'
  if (!isFields(properties)) return 'nothing'
  return 'response' in properties ? 'nothing' : 'words'
}

function withWords(json: JsonSchema, wraps: 'words' | 'value' | 'nothing'): JsonSchema {
  if (wraps === 'nothing') return json
  if (wraps === 'value') {
    const { $defs, ...value } = json
    return { type: 'object', properties: { value }, required: ['value'], ...($defs !== undefined && { $defs }) }
  }
  const response = { type: 'string', description: 'What to tell the user, in words.' }
  return { ...json, properties: { response, ...(json['properties'] as JsonSchema) } }
}
