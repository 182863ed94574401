// What one call asks, and the same as its dialect takes it.
import { toolSchemas } from '../core/tool.ts'
import type { DialectCall } from '../dialects/dialect.ts'
import { type CallOptions, generationOptions } from './call-options.ts'
import type { ProviderData, ResolvedOptions } from './options.ts'
import { type PromptMessage, promptOf } from './prompt.ts'
import type { AskedShape } from './structured.ts'
import type { Question } from './structured-request.ts'

/**
 * The question, with what its `structuredModel` needs; `shape` is that model, read.
 *
 * @throws InputError for tools and options that are none.
 */
export function questionOf(
  { dialect, accent, provider, ownOptions }: ProviderData,
  { generateArgs, structuredOutput: way }: ResolvedOptions,
  messages: readonly PromptMessage[],
  options: CallOptions,
  shape: AskedShape | undefined,
): Question {
  const { tools, toolChoice, tool_choice } = options
  const spelling = { nested: dialect.nestedExtras, own: ownOptions }
  const question = {
    messages,
    tools: tools === undefined || tools === null ? [] : toolSchemas(tools),
    toolChoice: toolChoice ?? tool_choice,
    extras: generationOptions(provider, generateArgs, options, spelling),
  }
  return shape === undefined ? question : shape.into(question, { accent, dialect, way })
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
