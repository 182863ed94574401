// Answers that are one fenced block of code.
import { ConfigError } from '../core/error.ts'
import { kindOf } from '../core/kind.ts'
import { Parser } from './parser.ts'
import { TagNotFoundError } from './parsing-error.ts'

export interface CodeBlockOptions {
  /** As it stands behind the opening fence: `python`. */
  language: string
  /** What belongs into the block. Default: words. */
  contentHint?: string
}

/**
 * The code of the first block in its language, else of the first block that names none, without the line ends around
 * it. One forgotten fence is forgiven. AgentScope: the same name.
 *
 * @throws ConfigError without a language; `parse`: TagNotFoundError when no fence is there, or the closing one is
 * missing because the answer was cut off.
 */
export class MarkdownCodeBlockParser extends Parser<string> {
  readonly #language: string
  readonly #hint: string

  constructor({ language, contentHint }: CodeBlockOptions) {
    super()
    if (typeof language !== 'string' || !/^[^\s`]+$/.test(language)) {
      throw new ConfigError(`A code block's language must be a word, but is ${kindOf(language)}.`, {
        advice: "Write new MarkdownCodeBlockParser({ language: 'python' }).",
      })
    }
    this.#language = language
    this.#hint = contentHint ?? `{your ${language} code}`
  }

  get formatInstruction(): string {
    const { begin, end } = this.#fences
    return `Answer with ${this.#language} code in a fenced code block, like this:\n${begin}\n${this.#hint}\n${end}`
  }

  protected override read(text: string, complete: boolean): string {
    const opening = this.#opening(text)
    if (opening === undefined) return this.#beforeClosing(text)
    const end = endOf(text, opening)
    if (end === undefined && !complete) throw this.#lacks([this.#fences.end], text)
    return inner(text.slice(opening.begin, end))
  }

  /** The opening fence was forgotten: one fence, at the very end. */
  #beforeClosing(text: string): string {
    const { begin, end } = this.#fences
    const at = text.indexOf(end)
    if (at < 0) throw this.#lacks([begin, end], text)
    if (text.slice(at + end.length).trim() !== '') throw this.#lacks([begin], text)
    return inner(text.slice(0, at))
  }

  get #fences(): { begin: string; end: string } {
    return { begin: `\`\`\`${this.#language}`, end: '```' }
  }

  /** The first fence of the language, else the first block without one. */
  #opening(text: string): Opening | undefined {
    let unnamed: Opening | undefined
    let inBlock = false
    for (const { 0: all, 1: ticks = '', 2: name = '', index } of text.matchAll(/(`{3,})([^\s`]*)/g)) {
      const opening = { ticks, begin: index + all.length }
      if (name.toLowerCase() === this.#language.toLowerCase()) return opening
      // A fence without a name closes the block that is open.
      if (unnamed === undefined && name === '' && !inBlock && endOf(text, opening) !== undefined) unnamed = opening
      inBlock = name !== '' || !inBlock
    }
    return unnamed
  }

  #lacks(missing: string[], received: string): TagNotFoundError {
    const { begin, end } = this.#fences
    return new TagNotFoundError(missing, { received, advice: `Write the code between ${begin} and ${end}.` })
  }
}

interface Opening {
  ticks: string
  /** Where the code begins. */
  begin: number
}

/** A fence at the beginning of a line closes a block; when there is none, any fence. */
function endOf(text: string, { ticks, begin }: Opening): number | undefined {
  const atLine = text.indexOf(`\n${ticks}`, begin)
  const end = atLine >= 0 ? atLine : text.indexOf(ticks, begin)
  return end >= 0 ? end : undefined
}

/** Indentation counts in code; the line ends around it do not. */
function inner(code: string): string {
  const firstLine = /^[ \t]*(\r?\n)?/.exec(code)
  const begin = firstLine?.[1] === undefined ? 0 : firstLine[0].length
  return code.slice(begin).trimEnd()
}
