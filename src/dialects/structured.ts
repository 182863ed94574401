// How a wire is asked for a value of a given shape: the ways there are, and the words of those who follow OpenAI.
import type { StructuredQuestion } from './dialect.ts'
import type { Fields } from './values.ts'

/**
 * `json-schema`: the wire's own field for a schema. `json-object`: its field for JSON of any shape, and the schema in
 * words. `tool-call`: a tool that the model must call, whose input is the value. `prompt`: words alone, which every
 * model understands.
 */
export type StructuredWay = 'json-schema' | 'json-object' | 'tool-call' | 'prompt'

/** What a provider's servers can do. Part of the accent, so that families of models may differ. */
export interface StructuredAccent {
  /** Default `prompt`. */
  structuredOutput?: StructuredWay
  /** The way when tools are offered too, where the usual one would keep the model from calling them. Default: the same. */
  structuredOutputWithTools?: StructuredWay
  /** The server shows the model nothing of a schema that came in its field, so it is told in words as well. */
  schemaInWords?: boolean
}

/** Whose servers enforce schemas, in what subset (`closed-schema.ts`). */
export type SchemaSubsetName = 'openai' | 'anthropic'

/** What a dialect is asked to write into its own field; `closed` is the schema in its subset, when that can say it. */
export type StructuredFormat =
  | { type: 'json-schema'; name: string; schema: Fields; closed?: Fields | undefined }
  | { type: 'json-object' }

/** `response_format` as OpenAI has it: strict when the schema can be said so, else the schema as it is. */
export function responseFormat(format: StructuredFormat): Fields {
  if (format.type === 'json-object') return { type: 'json_object' }
  const { name, schema, closed } = format
  const described = closed === undefined ? { name, schema } : { name, schema: closed, strict: true }
  return { type: 'json_schema', json_schema: described }
}

/** A `response_format` of the user's own stays as it is. */
export function structuredWayOpenAIChat(way: StructuredWay, { extras }: StructuredQuestion): StructuredWay {
  return asksIn(extras, 'response_format') ? 'prompt' : way
}

/** Whether the options hold one of these fields, in snake_case or camelCase: then the user asks for a format. */
export function asksIn(extras: Readonly<Fields>, ...names: string[]): boolean {
  return names.some((name) => (extras[name] ?? extras[camel(name)] ?? null) !== null)
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
}
