// How Anthropic's messages API is asked for a value of a given shape.
// https://platform.claude.com/docs/en/build-with-claude/structured-outputs
import { InputError } from '../core/error.ts'
import type { StructuredQuestion } from './dialect.ts'
import { asksIn, type StructuredFormat, type StructuredWay } from './structured.ts'
import { type Fields, fieldsOf } from './values.ts'

/** What stands in `output_config.format`. Throws `InputError` for JSON of any shape, which this wire does not know. */
export function outputFormat(format: StructuredFormat): Fields {
  if (format.type === 'json-object') {
    throw new InputError('The Anthropic wire has no field for JSON of any shape.', {
      advice: 'Let structuredOutput be json-schema, tool-call or prompt.',
    })
  }
  return { type: 'json_schema', schema: format.closed ?? format.schema }
}

/**
 * A format of the user's own stays as it is. What the field cannot say is asked for with a tool, and a model that thinks
 * cannot be forced to call one.
 */
export function structuredWayAnthropic(way: StructuredWay, { closed, extras }: StructuredQuestion): StructuredWay {
  const asksItself = asksIn(extras, 'output_format') || asksIn(fieldsOf(extras['output_config']), 'format')
  if (asksItself) return 'prompt'
  const canSay = way !== 'json-schema' || closed !== undefined
  const usable = canSay ? way : 'tool-call'
  const thinks = ['enabled', 'adaptive'].includes(String(fieldsOf(extras['thinking'])['type']))
  return thinks && usable === 'tool-call' ? 'prompt' : usable
}
