// How Gemini is asked for a value of a given shape.
// https://ai.google.dev/gemini-api/docs/structured-output
import type { StructuredQuestion } from './dialect.ts'
import { asksIn, type StructuredFormat, type StructuredWay } from './structured.ts'
import { type Fields, fieldsOf } from './values.ts'

/** The fields of `generationConfig` that ask for it; none without a format. */
export function responseConfig(format: StructuredFormat | undefined): Fields {
  if (format === undefined) return {}
  const json = { responseMimeType: 'application/json' }
  return format.type === 'json-object' ? json : { ...json, responseJsonSchema: format.schema }
}

/** A response type or schema of the user's own stays as it is. */
export function structuredWayGemini(way: StructuredWay, { extras }: StructuredQuestion): StructuredWay {
  const config = { ...fieldsOf(extras['generation_config'] ?? extras['generationConfig']), ...extras }
  return asksIn(config, 'response_mime_type', 'response_schema', 'response_json_schema') ? 'prompt' : way
}
