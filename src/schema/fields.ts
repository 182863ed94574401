// The fields of a value that a JSON Schema describes: what a person is asked, one question after the other.
import { isFields } from '../core/kind.ts'
import { type JsonSchema, pathText } from './schema.ts'

/** How an answer to a field is read. `json` is for whatever has no simpler way to be typed. */
export type FieldKind = 'string' | 'number' | 'integer' | 'boolean' | 'list' | 'json'

/** How each item of a list is read. */
export type ItemKind = Exclude<FieldKind, 'list' | 'json'>

/** One question. Plain JSON, so that a form in a browser can be built from it too. */
export interface Field {
  /** Keys from the top down to the value; empty when the whole value is one field. */
  path: string[]
  /** The schema's title, else the path: `address.city`. */
  label: string
  kind: FieldKind
  /** Of a list. */
  itemKind?: ItemKind
  /** Whether it needs an answer. A field of an optional object does not; the whole value is checked at the end. */
  required: boolean
  /** Whether the object that it stands in must be there, with this field or without. */
  parentRequired: boolean
  /** Whether no answer means `null`. */
  nullable: boolean
  description?: string
  /** The values to choose from; of a list, those of its items. */
  choices?: unknown[]
  /** Stands for an answer that is not given. */
  default?: unknown
  /** The field's own schema, which can be checked on its own. */
  schema: JsonSchema
}

/**
 * The fields of a schema, in its order. Objects within objects are taken apart; what refers to itself, tuples, maps and
 * values of several shapes are asked for as JSON. A schema that describes no object is one field with an empty path.
 */
export function fieldsOf(schema: JsonSchema): Field[] {
  const root = schema
  const walk = (written: JsonSchema, at: Place, seen: readonly JsonSchema[]): Field[] => {
    const { shape, nullable } = withoutNull(resolved(written, root), root)
    const properties = shape['properties']
    const isWhole = !isFields(properties) || Object.keys(properties).length === 0 || seen.includes(shape)
    if (isWhole || nullable || 'default' in written) return [fieldOf(written, root, at)]
    const needed = Array.isArray(shape['required']) ? shape['required'] : []
    return Object.entries(properties).flatMap(([key, property]) => {
      const required = at.required && needed.includes(key)
      return walk(asSchema(property), { path: [...at.path, key], required, parentRequired: at.required }, [
        ...seen,
        shape,
      ])
    })
  }
  return walk(schema, { path: [], required: true, parentRequired: true }, [])
}

type Place = Pick<Field, 'path' | 'required' | 'parentRequired'>

function fieldOf(written: JsonSchema, root: JsonSchema, { path, required, parentRequired }: Place): Field {
  const whole = resolved(written, root)
  const { shape, nullable: mayBeNull } = withoutNull(whole, root)
  const kind = kindOfField(shape, root)
  const item = kind === 'list' ? resolved(asSchema(shape['items']), root) : undefined
  const choices = choicesOf(item ?? shape)
  const nullable = mayBeNull || (item === undefined && choices?.includes(null) === true)
  const [title, description] = ['title', 'description'].map((key) => written[key] ?? whole[key] ?? shape[key])
  const standard = written['default'] ?? whole['default'] ?? shape['default']
  return {
    path,
    label: typeof title === 'string' && title !== '' ? title : pathText(path) || 'value',
    kind,
    ...(item !== undefined && { itemKind: simpleKind(item) ?? 'string' }),
    required: required && standard === undefined && !nullable,
    parentRequired,
    nullable,
    ...(typeof description === 'string' && { description }),
    ...(choices !== undefined && { choices }),
    ...(standard !== undefined && { default: standard }),
    schema: onItsOwn(written, root),
  }
}

/** A part of a schema with the definitions that it may refer to; one that refers to anything else is checked with the whole. */
function onItsOwn(part: JsonSchema, root: JsonSchema): JsonSchema {
  const own = { ...part }
  for (const key of definitions) if (root[key] !== undefined) own[key] = root[key]
  const places = [...JSON.stringify(own).matchAll(/"\$(?:ref|dynamicRef)":"([^"]*)"/g)].map(([, place]) => place)
  return places.every((place) => definitions.some((key) => place?.startsWith(`#/${key}/`))) ? own : {}
}

/** Where a schema keeps the parts that `$ref` leads to. */
const definitions = ['$defs', 'definitions']

function kindOfField(shape: JsonSchema, root: JsonSchema): FieldKind {
  const simple = simpleKind(shape)
  if (simple !== undefined) return simple
  if (shape['type'] !== 'array' || shape['prefixItems'] !== undefined || !isFields(shape['items'])) return 'json'
  return simpleKind(resolved(shape['items'], root)) === undefined ? 'json' : 'list'
}

function simpleKind(shape: JsonSchema): ItemKind | undefined {
  const type = shape['type']
  if (type === 'string' || type === 'number' || type === 'integer' || type === 'boolean') return type
  return choicesOf(shape) === undefined ? undefined : 'string'
}

/** `enum`, `const`, and the way unions of constants are written. */
function choicesOf(shape: JsonSchema): unknown[] | undefined {
  if (Array.isArray(shape['enum'])) return shape['enum']
  if ('const' in shape) return [shape['const']]
  const union = shape['anyOf'] ?? shape['oneOf']
  if (!Array.isArray(union) || union.length === 0) return undefined
  return union.every((each) => isFields(each) && 'const' in each) ? union.map((each) => each.const) : undefined
}

/** Follows `$ref`s within the same document; a ring of them leads nowhere. */
function resolved(written: JsonSchema, root: JsonSchema): JsonSchema {
  const seen = new Set<unknown>()
  let at = written
  while (typeof at['$ref'] === 'string' && at['$ref'].startsWith('#') && !seen.has(at)) {
    seen.add(at)
    const next = placeOf(at['$ref'], root)
    if (!isFields(next)) return at
    at = next
  }
  return at
}

function placeOf(pointer: string, root: JsonSchema): unknown {
  const steps = pointer.split('/').slice(1)
  return steps.reduce<unknown>((at, step) => {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    return isFields(at) && Object.hasOwn(at, key) ? at[key] : undefined
  }, root)
}

/** What may be null, and what it is otherwise: `type: ['string', 'null']`, `anyOf: [{...}, { type: 'null' }]`. */
function withoutNull(shape: JsonSchema, root: JsonSchema): { shape: JsonSchema; nullable: boolean } {
  const type = shape['type']
  if (Array.isArray(type) && type.length === 2 && type.includes('null')) {
    return { shape: { ...shape, type: type.find((each) => each !== 'null') }, nullable: true }
  }
  const union = shape['anyOf'] ?? shape['oneOf']
  if (!Array.isArray(union) || union.length !== 2) return { shape, nullable: false }
  const others = union.filter((each) => isFields(each) && each['type'] !== 'null')
  return others.length === 1 ? { shape: resolved(others[0], root), nullable: true } : { shape, nullable: false }
}

function asSchema(value: unknown): JsonSchema {
  return isFields(value) ? value : {}
}
