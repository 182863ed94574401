// Answers of several parts, each between tags of its own.
import { ConfigError } from '../core/error.ts'
import { type Dict, DictParser, type KeyOptions } from './dict-parser.ts'
import { jsonOfText } from './json-answer.ts'
import { TagNotFoundError } from './parsing-error.ts'
import { TagStream } from './tag-stream.ts'

/** One part of an answer. */
export interface TaggedContent {
  /** The field that it becomes. */
  name: string
  /** What belongs there. */
  contentHint: string
  /** Default: `<name>`. */
  tagBegin?: string
  /** Default: `</name>`. */
  tagEnd?: string
  /** Whether the content is JSON, to be given as its value. Default false. */
  parseJson?: boolean
}

export interface MultiTaggedOptions extends KeyOptions {
  /** In the order in which the model is to write them. */
  tags: readonly TaggedContent[]
}

/**
 * An object with one field a tag; the space around a content does not count. One forgotten end tag is forgiven: then
 * the content ends where the next part begins, else with the answer, unless that was cut off. AgentScope: the same name.
 *
 * @throws ConfigError without tags, or with two of one name; `parse`: TagNotFoundError, which names every tag that is
 * missing, and JsonParsingError.
 */
export class MultiTaggedContentParser extends DictParser {
  readonly #tags: readonly Required<TaggedContent>[]

  constructor({ tags, ...keys }: MultiTaggedOptions) {
    super(keys)
    const names = new Set(Array.isArray(tags) ? tags.map((tag) => tag?.name || '') : [])
    if (names.size === 0 || names.size < tags.length || names.has('')) {
      throw new ConfigError('A parser of tagged content needs at least one tag, each with a name of its own.', {
        advice: "Write new MultiTaggedContentParser({ tags: [{ name: 'thought', contentHint: 'what you think' }] }).",
      })
    }
    this.#tags = tags.map((tag) => {
      const { name, contentHint, parseJson = false } = tag
      return { name, contentHint, parseJson, tagBegin: tag.tagBegin || `<${name}>`, tagEnd: tag.tagEnd || `</${name}>` }
    })
  }

  get formatInstruction(): string {
    const lines = this.#tags.map(({ tagBegin, contentHint, tagEnd }) => `${tagBegin}${contentHint}${tagEnd}`)
    const json = this.#tags.filter((tag) => tag.parseJson).map(({ tagBegin, tagEnd }) => `${tagBegin} and ${tagEnd}`)
    const rule = json.length > 0 ? [`What stands between ${json.join(', between ')} must be JSON.`] : []
    return ['Answer with these tags, and write what each is for between its two tags:', ...lines, ...rule].join('\n')
  }

  override follow(field: string): TagStream {
    const tag = this.#tags.find(({ name }) => name === field)
    if (tag !== undefined) return new TagStream(tag.tagBegin, tag.tagEnd)
    const known = this.#tags.map(({ name }) => name).join(', ')
    throw new ConfigError(`No tag is for the field ${JSON.stringify(field)}. Known are ${known}.`)
  }

  protected override read(text: string, complete: boolean): Dict {
    const places = this.#tags.map((tag) => placeOf(tag, text))
    const missing = places.flatMap((place) => place.missing)
    const forgivable = missing.length === 1 && complete && places.every(({ begin }) => begin >= 0)
    if (missing.length > 0 && !forgivable) {
      throw new TagNotFoundError(missing, { received: text, advice: 'Write every tag exactly as it was given.' })
    }
    const fields = this.#tags.map((tag, index): [string, unknown] => {
      const { begin, end } = places[index] as Place
      const content = text.slice(begin, end < 0 ? nextPart(begin, places, text) : end).trim()
      if (!tag.parseJson) return [tag.name, content]
      return [tag.name, jsonOfText(content, `between ${tag.tagBegin} and ${tag.tagEnd}`, text)]
    })
    return Object.fromEntries(fields)
  }
}

interface Place {
  /** Where the begin tag stands, where the content begins and ends; -1 for what is not there. */
  tag: number
  begin: number
  end: number
  missing: string[]
}

function placeOf({ tagBegin, tagEnd }: Required<TaggedContent>, text: string): Place {
  const tag = text.indexOf(tagBegin)
  const begin = tag < 0 ? -1 : tag + tagBegin.length
  const end = text.indexOf(tagEnd, Math.max(begin, 0))
  return {
    tag,
    begin,
    end: begin < 0 ? -1 : end,
    missing: [...(tag < 0 ? [tagBegin] : []), ...(end < 0 ? [tagEnd] : [])],
  }
}

function nextPart(from: number, places: readonly Place[], text: string): number {
  return Math.min(text.length, ...places.map(({ tag }) => tag).filter((tag) => tag >= from))
}
