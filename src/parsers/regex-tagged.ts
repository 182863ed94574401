// Answers of any tags the model chooses, or of whatever a regular expression of one's own finds.
import { ConfigError } from '../core/error.ts'
import { parseRepaired } from '../core/json.ts'
import { missingOf } from './content-hint.ts'
import { type Dict, DictParser, type KeyOptions } from './dict-parser.ts'
import { RequiredFieldNotFoundError, TagNotFoundError } from './parsing-error.ts'
import { TagStream } from './tag-stream.ts'

export interface RegexTaggedOptions extends KeyOptions {
  /** Finds the parts, with the named groups `name` and `content`. Default: `<name>content</name>`, over many lines. */
  pattern?: RegExp
  /** What to tell the model. Needed with a pattern of one's own; else there is a default that names the required keys. */
  formatInstruction?: string
  /** Whether a content that is JSON is given as its value; what is none stays text. Default true. */
  parseJson?: boolean
  /** Fields that must be there. Default: none. */
  requiredKeys?: readonly string[]
}

/**
 * An object with one field for each part found; of two with one name the later counts. The space around a content does
 * not count. AgentScope: the same name.
 *
 * @throws ConfigError for a pattern without the two groups, or without words for the model; `parse`: TagNotFoundError
 * when nothing is found, RequiredFieldNotFoundError.
 */
export class RegexTaggedContentParser extends DictParser {
  readonly formatInstruction: string
  readonly #pattern: RegExp | undefined
  readonly #parseJson: boolean
  readonly #requiredKeys: readonly string[]

  constructor({ pattern, formatInstruction, parseJson = true, requiredKeys = [], ...keys }: RegexTaggedOptions = {}) {
    super(keys)
    this.#pattern = pattern === undefined ? undefined : checkedPattern(pattern, formatInstruction)
    this.#parseJson = parseJson
    this.#requiredKeys = requiredKeys
    this.formatInstruction = formatInstruction ?? instructionFor(requiredKeys)
  }

  override follow(field: string): TagStream {
    if (this.#pattern === undefined) return new TagStream(`<${field}>`, `</${field}>`)
    throw new ConfigError('A field that a regular expression finds cannot be followed while it grows.', {
      advice: 'Use MultiTaggedContentParser, or let the whole text be heard.',
    })
  }

  protected override read(text: string): Dict {
    const parts = this.#pattern === undefined ? tagsIn(text) : matchesIn(text, this.#pattern)
    const parsed: Dict = Object.fromEntries(parts.map(([name, content]) => [name, this.#valueOf(content.trim())]))
    const advice = this.formatInstruction
    if (parts.length === 0) throw new TagNotFoundError(['<name>', '</name>'], { received: text, advice })
    const missing = missingOf(parsed, this.#requiredKeys)
    if (missing.length > 0) throw new RequiredFieldNotFoundError(missing, { received: text, advice })
    return parsed
  }

  #valueOf(content: string): unknown {
    const value = this.#parseJson ? parseRepaired(content) : undefined
    return value === undefined ? content : value
  }
}

type Part = [name: string, content: string]

function matchesIn(text: string, pattern: RegExp): Part[] {
  return Array.from(text.matchAll(pattern), ({ groups }) => [groups?.['name'] ?? '', groups?.['content'] ?? ''])
}

/** The same as `<(?<name>[^<>]+)>(?<content>.*?)</\k<name>>`, but in one pass, however many tags are never closed. */
function tagsIn(text: string): Part[] {
  const tags = Array.from(text.matchAll(/<(\/?)([^<>/]+)>/g), ({ 0: all, 1: slash, 2: name, index }) => {
    return { name: name as string, closes: slash === '/', begin: index, end: index + all.length }
  })
  const closing = new Map<string, number[]>()
  for (const { name, begin } of tags.filter(({ closes }) => closes).reverse()) {
    const known = closing.get(name)
    if (known === undefined) closing.set(name, [begin])
    else known.push(begin)
  }
  const parts: Part[] = []
  let at = 0
  for (const { name, closes, begin, end } of tags) {
    if (closes || begin < at) continue
    const ends = closing.get(name) ?? []
    while (ends.length > 0 && (ends.at(-1) as number) < end) ends.pop()
    const close = ends.at(-1)
    if (close === undefined) continue
    parts.push([name, text.slice(end, close)])
    at = close
  }
  return parts
}

function checkedPattern(pattern: RegExp, formatInstruction: string | undefined): RegExp {
  if (!pattern.source.includes('(?<name>') || !pattern.source.includes('(?<content>')) {
    throw new ConfigError('The pattern needs the named groups (?<name>...) and (?<content>...).')
  }
  if (formatInstruction === undefined) {
    throw new ConfigError('With a pattern of your own, say in formatInstruction how the model is to answer.')
  }
  return new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`)
}

function instructionFor(requiredKeys: readonly string[]): string {
  const names = requiredKeys.length > 0 ? requiredKeys : ['name']
  const lines = names.map((name) => `<${name}>{the ${name}}</${name}>`)
  const needed = requiredKeys.length > 0 ? ' These are needed' : ' A name is a word of your choice'
  return [`Answer in parts, each between tags with its name.${needed}:`, ...lines].join('\n')
}
