// A value that fits a JSON Schema, made of the words of a conversation.
import { type Fields, isFields } from '../../core/kind.ts'
import { numbersIn, pick, thingsIn, topicOf, wordsIn } from './language.ts'

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

type Kind = [names: RegExp, find: (text: string) => string | undefined]

/** What a property is called says what belongs there. */
const kinds: readonly Kind[] = [
  [/e-?mail/, (text) => /[\w.+-]+@[\w-]+\.[\w.-]*\w/.exec(text)?.[0] ?? 'someone@example.com'],
  [/url|uri|link|website/, (text) => /https?:\/\/[^\s"'<>)]+/.exec(text)?.[0] ?? 'https://example.com/'],
  [/expression|formula|calculation|arithmetic/, arithmeticIn],
  [/file|path|folder|director/, (text) => /(?:[\w.-]*\/)?[\w./-]*\w\.\w{1,5}\b|(?:\.{0,2}\/)[\w./-]+/.exec(text)?.[0]],
  [/date|^day$|^when$/, (text) => /\d{4}-\d\d-\d\d/.exec(text)?.[0]],
  [/^time$|hour/, (text) => /\b\d{1,2}:\d\d\b/.exec(text)?.[0]],
  [/code|number|(^|_)id$|order|invoice|ticket/, (text) => /\b(?=[\w-]*\d)[A-Za-z][\w-]+\b|#?\b\d+\b/.exec(text)?.[0]],
]

/** Where a sentence belongs, not the name of a thing. */
const sentences =
  /text|message|content|response|answer|reply|speak|speech|say|comment|summary|query|question|prompt|thought|reason|why|explan|descri|note|body|conclu|advice|plan|step|search|task|word|story|line/

const formats: Record<string, string> = {
  date: '2025-01-01',
  'date-time': '2025-01-01T09:00:00Z',
  time: '09:00:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000001',
  ipv4: '127.0.0.1',
  hostname: 'example.com',
}

function arithmeticIn(text: string): string | undefined {
  return /[\d(][\d\s.+*/^()%×÷-]*[\d)]/.exec(text)?.[0].trim()
}

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
    const schema = this.#resolved(written)
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

  /** Without references and alternatives: the first that is not null counts. */
  #resolved(written: unknown, hops = 0): Fields {
    if (!isFields(written) || hops > 20) return {}
    const { $ref, anyOf, oneOf, allOf } = written
    if (typeof $ref === 'string') return this.#resolved(this.#at($ref), hops + 1)
    if (Array.isArray(allOf)) {
      const parts = allOf.map((part) => this.#resolved(part, hops + 1))
      return parts.reduce<Fields>((whole, part) => merged(whole, part), { ...written, allOf: undefined })
    }
    const list = [anyOf, oneOf].find(Array.isArray)
    if (list === undefined) return written
    const options = list.map((option) => this.#resolved(option, hops + 1))
    if (options.every((option) => 'const' in option)) return { enum: options.map((option) => option['const']) }
    const { anyOf: _, oneOf: __, ...rest } = written
    return merged(rest, options.find((option) => typeOf(option) !== 'null') ?? {})
  }

  #at(reference: string): unknown {
    const names = reference.replace(/^#\/?/, '').split('/').filter(Boolean)
    return names.reduce<unknown>((inside, name) => {
      const key = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
      return isFields(inside) ? inside[key] : undefined
    }, this.#root)
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
    const all = this.#material.optional && depth < 6
    const names = all ? Object.keys(properties) : Object.keys(properties).filter((name) => required.includes(name))
    return Object.fromEntries(names.map((name) => [name, this.value(properties[name], name, depth + 1)]))
  }

  #array(schema: Fields, name: string, depth: number): unknown[] {
    const { items, minItems = 0, maxItems = 5 } = schema
    const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : []
    const first = prefix.map((each) => this.value(each, name, depth + 1))
    const inner = this.#resolved(items)
    if (items === undefined || items === false || (depth > 6 && minItems === 0)) return first
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
    const form = typeof pattern === 'string' ? new RegExp(pattern, 'u') : /^/
    const known = [usual, ...(Array.isArray(examples) ? examples : [])].filter((each) => typeof each === 'string')
    const candidates = [...this.#candidates(String(format ?? ''), name, known), formats[String(format)], ...known]
    const found = candidates.find((each) => each !== undefined && each !== '' && form.test(each)) ?? 'something'
    return found.padEnd(Number(minLength), '.').slice(0, Number(maxLength))
  }

  /** The likeliest first. */
  #candidates(format: string, name: string, known: readonly string[]): (string | undefined)[] {
    const { text, sentence, except } = this.#material
    if (format in formats) return kinds.filter(([names]) => names.test(format)).map(([, find]) => find(text))
    const special = kinds.filter(([names]) => names.test(name)).map(([, find]) => find(text))
    if (special.some((each) => each !== undefined)) return [...special, ...this.#matches()]
    if (sentences.test(name)) return [sentence, ...this.#matches()]
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

function typeOf(schema: Fields): string {
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

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function above(limit: number | undefined, by: number): number | undefined {
  return limit === undefined ? undefined : limit + by
}
