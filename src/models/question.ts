// What one call asks, and the same as its dialect takes it.
import { toolSchemas } from '../core/tool.ts'
import type { DialectCall } from '../dialects/dialect.ts'
import type { JsonSchema } from '../schema/index.ts'
import { type CallOptions, generationOptions } from './call-options.ts'
import type { ProviderData, ResolvedOptions } from './options.ts'
import { type PromptMessage, promptOf } from './prompt.ts'
import { structuredAccent } from './structured.ts'
import { type Question, structuredQuestion } from './structured-request.ts'

/**
 * The question, with what its `structuredModel` needs; `json` is that model as it is told.
 *
 * @throws InputError for tools and options that are none.
 */
export function questionOf(
  { dialect, accent, provider, ownOptions }: ProviderData,
  { generateArgs, structuredOutput: way }: ResolvedOptions,
  messages: readonly PromptMessage[],
  options: CallOptions,
  json: JsonSchema | undefined,
): Question {
  const { tools, toolChoice, tool_choice, structuredModel: schema } = options
  const shape = { nested: dialect.nestedExtras, own: ownOptions }
  const question = {
    messages,
    tools: tools === undefined || tools === null ? [] : toolSchemas(tools),
    toolChoice: toolChoice ?? tool_choice,
    extras: generationOptions(provider, generateArgs, options, shape),
  }
  if (schema === undefined || json === undefined) return question
  return structuredQuestion(question, { schema, json, accent: structuredAccent(accent), dialect, way })
}

/** @throws InputError for messages that are none. */
export function dialectCall(
  { dialect, accent, provider }: ProviderData,
  model: string,
  { messages, tools, toolChoice, extras, format }: Question,
  stream: boolean,
): DialectCall<unknown> {
  return {
    model,
    messages: promptOf(provider, dialect, accent, messages),
    stream,
    tools,
    ...(toolChoice !== undefined && { toolChoice }),
    ...(format !== undefined && { format }),
    extras,
    accent,
  }
}
