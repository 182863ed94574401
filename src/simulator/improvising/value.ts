// A value that fits a JSON Schema, made of the words of a conversation.
import { type Fields, isFields } from '../../core/kind.ts'
import { numbersIn, pick, thingsIn, topicOf, wordsIn } from './language.ts'
import { mayBeNull, resolved, typeOf } from './schema-shape.ts'
import { formats, isProse, specialIn } from './string-kinds.ts'

/** What a value is made of. */
export interface Material {
  /** The words to look for things, numbers and choices in. */
  text: string
  /** What stands where whole sentences belong. */
  sentence: string
  /** Names that are not meant: the model's own, for one. */
  except: readonly string[]
  seed: number
  /** Whether properties that need not be there are. */
  optional: boolean
}

/** Things and numbers are used in the order in which the text has them. */
export function valueFor(schema: unknown, material: Material): unknown {
  return new Improvised(schema, material).value(schema, '', 0)
}

/** Deeper down only what must be there is. */
const deepest = 6

class Improvised {
  readonly #root: unknown
  readonly #material: Material
  readonly #things: string[]
  readonly #numbers: number[]
  #thing = 0

  constructor(root: unknown, material: Material) {
    this.#root = root
    this.#material = material
    this.#things = [...new Set(thingsIn(material.text, material.except).map((thing) => thing.text))]
    this.#numbers = numbersIn(material.text)
  }

  value(written: unknown, name: string, depth: number): unknown {
    // A schema may stand inside itself: the value ends somewhere.
    if (depth > deepest * 2 || (depth > deepest && mayBeNull(written))) return null
    const schema = resolved(written, this.#root)
    if ('const' in schema) return schema['const']
    if (Array.isArray(schema['enum'])) return this.#choice(schema['enum'])
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, depth)
      case 'array':
        return this.#array(schema, name, depth)
      case 'number':
      case 'integer':
        return this.#number(schema)
      case 'boolean':
        return schema['default'] ?? !/\b(?:not|no|never|don't|without)\b/i.test(this.#material.text)
      case 'null':
        return null
      default:
        return this.#string(schema, name.toLowerCase())
    }
  }

  /** The only one that the text names; among several that it names, by the seed; none: the first. */
  #choice(choices: readonly unknown[]): unknown {
    const { text, except, seed } = this.#material
    const words = ` ${wordsIn(text).join(' ')} `
    const free = choices.filter((choice) => !except.includes(String(choice)))
    const named = free.filter((choice) => words.includes(` ${wordsIn(String(choice)).join(' ')} `))
    return pick(named, seed) ?? free[0] ?? choices[0]
  }

  #object(schema: Fields, depth: number): Fields {
    const properties = isFields(schema['properties']) ? schema['properties'] : {}
    const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
    const all = this.#material.optional && depth < deepest
    const names = all ? Object.keys(properties) : Object.keys(properties).filter((name) => required.includes(name))
    return Object.fromEntries(names.map((name) => [name, this.value(properties[name], name, depth + 1)]))
  }

  #array(schema: Fields, name: string, depth: number): unknown[] {
    const { items, minItems = 0, maxItems = 5 } = schema
    const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : []
    const first = prefix.map((each) => this.value(each, name, depth + 1))
    const inner = resolved(items, this.#root)
    if (items === undefined || items === false || (depth > deepest && minItems === 0)) return first
    const choices = Array.isArray(inner['enum']) ? this.#choices(inner['enum']) : undefined
    const wanted = choices?.length ?? this.#wantedItems(inner)
    const count = Math.max(Number(minItems), Math.min(wanted, Number(maxItems)))
    if (typeOf(inner) === 'string') this.#thing = 0
    const rest = Array.from({ length: Math.max(0, count - first.length) }, (_, at) => {
      return choices?.[at] ?? this.value(items, name.replace(/s$/, ''), depth + 1)
    })
    return [...first, ...rest]
  }

  #choices(choices: readonly unknown[]): unknown[] {
    const words = ` ${wordsIn(this.#material.text).join(' ')} `
    const named = choices.filter((choice) => words.includes(` ${wordsIn(String(choice)).join(' ')} `))
    return named.length > 0 ? named : choices.slice(0, 1)
  }

  #wantedItems(item: Fields): number {
    const type = typeOf(item)
    if (type === 'number' || type === 'integer') return Math.max(1, this.#numbers.length)
    if (type === 'string') return Math.max(1, this.#things.length)
    return 2
  }

  #number(schema: Fields): number {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, default: usual } = schema
    const whole = typeOf(schema) === 'integer'
    const said = this.#numbers.shift()
    const step = typeof multipleOf === 'number' ? multipleOf : whole ? 1 : 0
    const least = numberIn(minimum) ?? above(numberIn(exclusiveMinimum), step || 0.5)
    const most = numberIn(maximum) ?? above(numberIn(exclusiveMaximum), -(step || 0.5))
    const wanted = said ?? numberIn(usual) ?? least ?? Math.min(1, most ?? 1)
    const inside = Math.min(Math.max(wanted, least ?? wanted), most ?? Number.POSITIVE_INFINITY)
    if (step === 0) return inside
    const near = Math.round(inside / step) * step
    return least !== undefined && near < least ? near + step : most !== undefined && near > most ? near - step : near
  }

  #string(schema: Fields, name: string): string {
    const { format, pattern, examples, default: usual, minLength = 0, maxLength = 2000 } = schema
    const form = typeof pattern === 'string' ? formOf(pattern) : /^/
    const known = [usual, ...(Array.isArray(examples) ? examples : [])].filter((each) => typeof each === 'string')
    const candidates = [...this.#candidates(String(format ?? ''), name, known), formats[String(format)], ...known]
    const found = candidates.find((each) => each !== undefined && each !== '' && form.test(each)) ?? 'something'
    return found.padEnd(Number(minLength), '.').slice(0, Number(maxLength))
  }

  /** The likeliest first. */
  #candidates(format: string, name: string, known: readonly string[]): (string | undefined)[] {
    const { text, sentence, except } = this.#material
    const special = specialIn(text, format in formats ? format : name)
    if (format in formats) return special
    if (special.some((each) => each !== undefined)) return [...special, ...this.#matches()]
    if (isProse(name)) return [sentence, ...this.#matches()]
    return [this.#nextThing(), ...known, topicOf(text, except), ...this.#matches(), sentence]
  }

  /** What a pattern may be found in. */
  #matches(): string[] {
    return [...this.#things, ...(this.#material.text.match(/\S+/g) ?? [])]
  }

  #nextThing(): string | undefined {
    const thing = this.#things[this.#thing % Math.max(1, this.#things.length)]
    this.#thing += 1
    return thing
  }
}

/** One that cannot be read asks for nothing. */
function formOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return /^/
  }
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function above(limit: number | undefined, by: number): number | undefined {
  return limit === undefined ? undefined : limit + by
}
