// How a tool is described to a model, the same for every wire.
import { InputError } from './error.ts'
import { isFields, kindOf, wordOrKind } from './kind.ts'

/** A tool's name, what it is for, and the JSON Schema of its input. */
export interface ToolSchema {
  name: string
  description?: string
  /** JSON Schema of type `object`. Absent: the tool takes nothing. */
  parameters?: Record<string, unknown>
  strict?: boolean
}

/** Let the model choose, forbid tools, demand one of them, or demand the one that is named. */
export type ToolChoice = 'auto' | 'none' | 'required' | (string & {})

/** A call as `response.toolCalls` gives it: `input` stays `undefined` while its JSON is not proved whole. */
export interface ToolCall {
  id: string
  name: string
  input: unknown
  rawInput: string
}

/** The tool whose input is a value that was asked for. AgentScope's name for the finish function of its ReAct agents. */
export const answerTool = 'generate_response'

/** What every wire takes as a tool's name. */
const namePattern = /^[a-zA-Z0-9_-]{1,64}$/

const forms =
  'Write { name, description, parameters }, { type: "function", function: { name, ... } }, or { name, input_schema }, ' +
  'in a list or as an object from name to schema.'

/**
 * Tools in any of the usual forms as ours: `{ name, description, parameters }`, OpenAI's
 * `{ type: 'function', function }`, Anthropic's `{ name, input_schema }`, what `tool()` made, in a list, AgentScope's
 * object from name to OpenAI schema, or a `Toolkit`. `undefined` and `null` mean none.
 *
 * @throws InputError that names the tool's place and what is wrong with it.
 */
export function toolSchemas(tools: unknown): ToolSchema[] {
  if (tools === undefined || tools === null) return []
  if (typeof tools !== 'object')
    throw new InputError(`tools must be a list of tools, got ${kindOf(tools)}.`, { advice: forms })
  if ('schemas' in tools && Array.isArray(tools.schemas)) return toolSchemas(tools.schemas)
  const entries = Array.isArray(tools)
    ? tools.map((tool: unknown, index): [string, unknown] => [`tools[${index}]`, tool])
    : Object.entries(tools).map(([name, tool]): [string, unknown] => [`tools[${JSON.stringify(name)}]`, tool])
  const places = new Map<string, string>()
  return entries.map(([place, tool]) => {
    const schema = toolSchema(tool, place)
    const earlier = places.get(schema.name)
    if (earlier !== undefined) {
      throw new InputError(`${place} has the name ${schema.name}, which ${earlier} has already.`, {
        advice: 'Give every tool a name of its own.',
      })
    }
    places.set(schema.name, place)
    return schema
  })
}

function toolSchema(tool: unknown, place: string): ToolSchema {
  if (!isFields(tool)) throw new InputError(`${place} is not an object but ${kindOf(tool)}.`, { advice: forms })
  const { type } = tool
  if (type !== undefined && type !== 'function' && type !== 'custom') {
    const example = `generateArgs: { tools: [{ type: ${typeof type === 'string' ? wordOrKind(type) : '"..."'} }] }`
    throw new InputError(`${place} has the type ${wordOrKind(type)}, which is not a function of ours.`, {
      advice: `A tool that the provider runs itself goes, in the provider's own form, into the options: ${example}.`,
    })
  }
  const made = isFields(tool['schema']) && 'name' in tool['schema'] ? tool['schema'] : tool
  const described = isFields(tool['function']) ? tool['function'] : made
  const { name, description, strict } = described
  checkName(name, place)
  const parameters = checkParameters(described['parameters'] ?? described['input_schema'], `${place} (${name})`)
  return {
    name,
    ...(typeof description === 'string' && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(typeof strict === 'boolean' && { strict }),
  }
}

function checkName(name: unknown, place: string): asserts name is string {
  if (typeof name !== 'string' || name === '') throw new InputError(`${place} has no name.`, { advice: forms })
  if (namePattern.test(name)) return
  throw new InputError(`${place} has the name ${wordOrKind(name)}, which the providers refuse.`, {
    advice: 'Use 1 to 64 letters (a-z, A-Z), digits, underscores and hyphens.',
  })
}

function checkParameters(parameters: unknown, place: string): Record<string, unknown> | undefined {
  if (parameters === undefined || parameters === null) return undefined
  const isSchema = isFields(parameters) && (parameters['type'] === undefined || parameters['type'] === 'object')
  if (isSchema) return parameters['type'] === 'object' ? parameters : { type: 'object', ...parameters }
  throw new InputError(`${place} has parameters that are not a JSON Schema of type object.`, {
    advice: 'Write { "type": "object", "properties": { ... } }, also for a single value.',
  })
}
