// A JSON Schema without references and alternatives: the one shape that a value is made for.
import { type Fields, isFields } from '../../core/kind.ts'

/** Of several alternatives the first that is not null counts. `root` is where references begin. */
export function resolved(written: unknown, root: unknown, hops = 0): Fields {
  if (!isFields(written) || hops > 20) return {}
  const { $ref, anyOf, oneOf, allOf, ...rest } = written
  if (typeof $ref === 'string') return resolved(placeIn(root, $ref), root, hops + 1)
  if (Array.isArray(allOf)) {
    const parts = allOf.map((part) => resolved(part, root, hops + 1))
    return parts.reduce<Fields>(merged, rest)
  }
  const list = [anyOf, oneOf].find(Array.isArray)
  if (list === undefined) return written
  const options = list.map((option) => resolved(option, root, hops + 1))
  if (options.every((option) => 'const' in option)) return { enum: options.map((option) => option['const']) }
  return merged(rest, options.find((option) => typeOf(option) !== 'null') ?? {})
}

export function mayBeNull(written: unknown): boolean {
  if (!isFields(written)) return false
  const { type, anyOf, oneOf } = written
  const types = [
    type,
    ...[anyOf, oneOf].filter(Array.isArray).flatMap((each) => each.map((one) => one?.['type'])),
  ].flat()
  return types.includes('null')
}

function placeIn(root: unknown, reference: string): unknown {
  const names = reference.replace(/^#\/?/, '').split('/').filter(Boolean)
  return names.reduce<unknown>((inside, name) => {
    const key = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
    return isFields(inside) ? inside[key] : undefined
  }, root)
}

export function typeOf(schema: Fields): string {
  const { type, properties, items } = schema
  const one = Array.isArray(type) ? (type.find((each) => each !== 'null') ?? 'null') : type
  // Gemini's own schemas write types in capitals.
  if (typeof one === 'string') return one.toLowerCase()
  if (isFields(properties)) return 'object'
  return items === undefined ? 'string' : 'array'
}

function merged(one: Fields, other: Fields): Fields {
  const lists = [one['required'], other['required']].flatMap((each) => (Array.isArray(each) ? each : []))
  const properties = { ...(one['properties'] as Fields), ...(other['properties'] as Fields) }
  return {
    ...one,
    ...other,
    ...(lists.length > 0 && { required: lists }),
    ...(Object.keys(properties).length > 0 && { properties }),
  }
}
