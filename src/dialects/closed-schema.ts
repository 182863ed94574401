// JSON Schemas in the subset that providers enforce while a model writes: every object closed, few keywords.
import type { SchemaSubsetName } from './structured.ts'
import { type Fields, isFields } from './values.ts'

/** What a provider takes in a schema that it enforces. */
export interface SchemaSubset {
  readonly keywords: ReadonlySet<string>
  /** Keywords that are taken out and told in the description instead. The value is checked here all the same. */
  readonly inWords: ReadonlySet<string>
  /** Whether every property must be required. */
  readonly allRequired: boolean
}

const shared = 'type title description enum const properties required additionalProperties items anyOf format pattern'
const limits = 'minItems maxItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'

/** https://platform.openai.com/docs/guides/structured-outputs#supported-schemas */
const openaiStrict: SchemaSubset = {
  keywords: words(`${shared} ${limits} $ref $defs definitions`),
  inWords: words(''),
  allRequired: true,
}

/**
 * References are left out because they may lead round in a circle, which is refused.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 */
const anthropicStrict: SchemaSubset = {
  keywords: words(`${shared} allOf`),
  inWords: words(`${limits} minLength maxLength uniqueItems default`),
  allRequired: false,
}

/** What is enforced, by the name of who enforces it. */
export const schemaSubsets: Readonly<Record<SchemaSubsetName, SchemaSubset>> = {
  openai: openaiStrict,
  anthropic: anthropicStrict,
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}

/** Keywords that hold schemas by name, and those that hold one or a list. */
const maps = ['properties', '$defs', 'definitions']
const nested = ['items', 'anyOf', 'allOf']

/**
 * The schema with every object closed (`additionalProperties: false`), or `undefined` when the subset cannot say it:
 * an object that takes any key, an optional property where all are required, a keyword that is unknown there.
 */
export function closedSchema(schema: Fields, subset: SchemaSubset): Fields | undefined {
  const { keywords, inWords } = subset
  if (Object.keys(schema).some((keyword) => !keywords.has(keyword) && !inWords.has(keyword))) return undefined
  const closed = toldInWords(schema, inWords)
  for (const keyword of maps) {
    if (schema[keyword] === undefined) continue
    const copies = closedMap(schema[keyword], subset)
    if (copies === undefined) return undefined
    closed[keyword] = copies
  }
  for (const keyword of nested) {
    if (schema[keyword] === undefined) continue
    const copy = closedEach(schema[keyword], subset)
    if (copy === undefined) return undefined
    closed[keyword] = copy
  }
  return isObjectSchema(schema) ? closedObject(closed, subset) : closed
}

/** Bounds that every number of this platform keeps say nothing. */
function toldInWords(schema: Fields, inWords: ReadonlySet<string>): Fields {
  const entries = Object.entries(schema)
  const told = entries.filter(
    ([keyword, value]) => inWords.has(keyword) && Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER,
  )
  const kept = Object.fromEntries(entries.filter(([keyword]) => !inWords.has(keyword)))
  if (told.length === 0) return kept
  const words = told.map(([keyword, value]) => `${keyword} ${JSON.stringify(value)}`).join(', ')
  return { ...kept, description: [schema['description'], `(${words})`].filter(Boolean).join(' ') }
}

function isObjectSchema({ type, properties }: Fields): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || properties !== undefined
}

function closedObject(schema: Fields, subset: SchemaSubset): Fields | undefined {
  const { properties, additionalProperties = false, required } = schema
  if (!isFields(properties) || additionalProperties !== false) return undefined
  const named: readonly unknown[] = Array.isArray(required) ? required : []
  if (subset.allRequired && !Object.keys(properties).every((name) => named.includes(name))) return undefined
  return { ...schema, additionalProperties: false }
}

function closedMap(schemas: unknown, subset: SchemaSubset): Fields | undefined {
  if (!isFields(schemas)) return undefined
  const copies = Object.entries(schemas).map(([name, schema]) => [name, closedEach(schema, subset)] as const)
  return copies.some(([, copy]) => copy === undefined) ? undefined : Object.fromEntries(copies)
}

function closedEach(schema: unknown, subset: SchemaSubset): unknown {
  if (!Array.isArray(schema)) return isFields(schema) ? closedSchema(schema, subset) : undefined
  const copies = schema.map((each) => closedEach(each, subset))
  return copies.includes(undefined) ? undefined : copies
}
