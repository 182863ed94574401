// How a value of a given shape is asked for: the way is chosen here, and what it needs is put into the question.
import { InputError } from '../core/error.ts'
import { fieldsOf } from '../core/kind.ts'
import { answerTool, type ToolChoice, type ToolSchema } from '../core/tool.ts'
import { closedSchema, schemaSubsets } from '../dialects/closed-schema.ts'
import type { StructuredAccent, StructuredFormat, StructuredWay } from '../dialects/structured.ts'
import type { JsonSchema, Schema } from '../schema/index.ts'
import type { PromptMessage } from './prompt.ts'
import type { Asked, AskedShape, StructuredCall } from './structured.ts'
import { readModel } from './structured-model.ts'
import { instruction, withWords } from './structured-words.ts'

/** What is asked, before it is put into a wire's words. */
export interface Question {
  messages: readonly PromptMessage[]
  tools: readonly ToolSchema[]
  toolChoice?: ToolChoice | undefined
  extras: Readonly<Record<string, unknown>>
  format?: StructuredFormat | undefined
  structured?: StructuredCall | undefined
}

/** A shape as it was given, and as a model is told of it. */
interface Shape {
  schema: Schema
  json: JsonSchema
}

/**
 * Reads the shape that a call asks for.
 *
 * @throws ConfigError when it is no schema.
 */
export async function askedShape(schema: Schema): Promise<AskedShape> {
  const { json } = await readModel(schema)
  return { into: (question, asked) => structuredQuestion(question, { schema, json }, asked) }
}

/**
 * The question with what the way needs: a format, a tool that the model must call, or words at the end.
 *
 * @throws InputError when the user has a tool of the name that is needed.
 */
function structuredQuestion(question: Question, shape: Shape, asked: Asked): Question {
  const { $schema: _, ...json } = shape.json
  const accent: StructuredAccent = fieldsOf(asked.accent)
  const way = wayFor(question, accent, asked, json)
  const wrapped = way !== 'prompt' && json['type'] !== 'object'
  const told = wrapped ? wrap(json) : json
  const structured: StructuredCall = { schema: shape.schema, way, wrapped }
  if (way === 'tool-call') return { ...withTool(question, told), structured }
  const inWords = way !== 'json-schema' || accent.schemaInWords === true
  const words = instruction(told, { fenced: way === 'prompt', tools: offersTools(question) })
  return {
    ...question,
    messages: inWords ? withWords(question.messages, words) : question.messages,
    ...(way !== 'prompt' && { format: formatOf(way, told, asked) }),
    structured,
  }
}

function wayFor(
  question: Question,
  accent: StructuredAccent,
  { dialect, way }: Asked,
  schema: JsonSchema,
): StructuredWay {
  const { structuredOutput = 'prompt', structuredOutputWithTools = structuredOutput } = accent
  const usual = way ?? (offersTools(question) ? structuredOutputWithTools : structuredOutput)
  const closed = closedFor(dialect, schema)
  return dialect.structuredWay?.(usual, { schema, closed, extras: question.extras }) ?? usual
}

function offersTools({ tools, extras }: Question): boolean {
  return tools.length > 0 || (Array.isArray(extras['tools']) && extras['tools'].length > 0)
}

function formatOf(way: 'json-schema' | 'json-object', schema: JsonSchema, { dialect }: Asked): StructuredFormat {
  if (way === 'json-object') return { type: way }
  return { type: way, name: answerTool, schema, closed: closedFor(dialect, schema) }
}

/** The schema as the wire's servers enforce it, when they can. */
function closedFor({ schemaSubset }: Asked['dialect'], schema: JsonSchema): JsonSchema | undefined {
  return schemaSubset && closedSchema(schema, schemaSubsets[schemaSubset])
}

/** What is referred to stays at the top, where references look for it. */
function wrap({ $defs, definitions, ...schema }: JsonSchema): JsonSchema {
  return {
    type: 'object',
    properties: { value: schema },
    required: ['value'],
    additionalProperties: false,
    ...($defs !== undefined && { $defs }),
    ...(definitions !== undefined && { definitions }),
  }
}

/** The only tool must be called; beside others one of them must, unless the user chose. */
function withTool(question: Question, parameters: JsonSchema): Question {
  const { tools, toolChoice } = question
  if (tools.some(({ name }) => name === answerTool)) {
    throw new InputError(`A tool is called ${answerTool}, which structuredModel needs for itself.`, {
      advice: 'Give that tool another name, or leave structuredModel out.',
    })
  }
  const about = typeof parameters['description'] === 'string' ? ` ${parameters['description']}` : ''
  const description = `Gives the answer: call it once, with the whole answer as its input.${about}`
  const alone = !offersTools(question) || toolChoice === 'none'
  return {
    ...question,
    tools: [...tools, { name: answerTool, description, parameters }],
    toolChoice: alone ? answerTool : (toolChoice ?? 'required'),
  }
}
