// The agent that answers in a form: a parser tells the model which, and what of the answer is remembered, said and passed on.
import { ConfigError, InputError } from '../core/error.ts'
import { Msg } from '../core/message.ts'
import type { Spelled } from '../models/options.ts'
import type { ModelResponse } from '../models/response.ts'
import { DictParser, ResponseParsingError } from '../parsers/index.ts'
import { AgentBase, type ReplyOptions } from './agent.ts'
import { asMetadata, withText } from './dict-message.ts'
import { type AgentOptions, readOptions, requireModel, warnOfUnknown } from './options.ts'
import { SpokenField } from './spoken-field.ts'

interface OwnOptions {
  /** The form of the answers; `setParser` gives another. Without one the agent cannot answer. */
  parser?: DictParser<object>
  /**
   * How often the model is asked again, with what was wrong, when its answer is not in that form. Default 1. AgentScope
   * has the option, but does not use it.
   */
  maxRetries?: number
  /** The one field that is heard, as it grows. Default: all the text is heard as the model writes it. */
  speakField?: string
}

/** AgentScope's snake_case names are accepted too (`max_retries`, ...). */
export type DictDialogAgentOptions = AgentOptions & Spelled<OwnOptions>

/**
 * A dialogue in which the model answers with fields. What is heard is the model's own text, or one field of it; what is
 * returned has the content and the metadata that the parser's keys choose, and the memory what `keysToMemory` chooses:
 * three views of one message with one id. Values that are no text stand there as JSON.
 *
 * An answer that is not in the form is asked for again; each attempt is a message of its own, and one that was made good
 * is not remembered. When the last fails, the call rejects with its `ResponseParsingError`, and all of its text stays in
 * memory; so does as much as came of an answer that broke off.
 *
 * @throws ConfigError without a model, and for a parser or `maxRetries` that is none.
 */
export class DictDialogAgent extends AgentBase {
  readonly maxRetries: number
  readonly speakField: string | undefined
  #parser: DictParser<object> | undefined

  constructor(options: DictDialogAgentOptions) {
    super(options)
    if (new.target === DictDialogAgent) {
      warnOfUnknown(`DictDialogAgent ${this.name}`, options, ['parser', 'maxRetries', 'speakField'])
    }
    const read = readOptions(options)
    requireModel(`DictDialogAgent ${this.name}`, read)
    const { parser, maxRetries = 1, speakField } = read as OwnOptions
    if (!Number.isInteger(maxRetries) || maxRetries < 0) {
      throw this.#cannot('cannot ask again that often.', 'maxRetries must be a whole number: 0, 1, 2, ...')
    }
    this.maxRetries = maxRetries
    this.speakField = speakField
    if (parser !== undefined) this.setParser(parser)
  }

  /** From the next reply on, answers have this parser's form. @throws ConfigError when its value has no fields. */
  setParser(parser: DictParser<object>): void {
    const advice = 'Use MarkdownJsonDictParser, MultiTaggedContentParser or RegexTaggedContentParser.'
    if (!(parser instanceof DictParser)) throw this.#cannot('needs a parser whose value has fields.', advice)
    if (this.speakField !== undefined) parser.follow(this.speakField)
    this.#parser = parser
  }

  protected override async reply(x?: Msg | readonly Msg[], { structuredModel }: ReplyOptions = {}): Promise<Msg> {
    const parser = this.#parser
    if (parser === undefined) throw this.#cannot('has no parser.', 'Give it one: { parser }, or setParser(parser).')
    if (structuredModel !== undefined) {
      throw new InputError(`DictDialogAgent ${this.name} answers in the form of its parser, not in another.`, {
        advice: 'Give the schema to its parser as contentHint, or use DialogAgent with structuredModel.',
      })
    }
    this.memory?.add(x)
    const given = x === undefined ? [] : [x].flat()
    return this.stepAnew(given, (heard, signal) => this.#answer(heard, parser, signal))
  }

  /** Of a reply that fails, everything that was said is remembered. */
  async #answer(given: readonly Msg[], parser: DictParser<object>, signal: AbortSignal): Promise<Msg> {
    const heard = await this.recalled(given)
    const attempts: Msg[] = []
    try {
      for (let retries = this.maxRetries; ; retries -= 1) {
        const messages = [this.#system(this.sysPrompt), ...heard, this.#system(parser.formatInstruction), ...attempts]
        const response = await this.ask(this.model.format(messages, { perspective: 'multi-agent' }), { signal })
        const written = await this.#say(response, parser, attempts)
        const answer = await this.#understood(response, written, parser).catch(async (error: unknown) => {
          if (!(error instanceof ResponseParsingError) || retries === 0) throw error
          attempts.push(correction(error))
          await this.notify('retry', `${this.name} is asked again. ${error.message}`)
        })
        if (answer !== undefined) return answer
      }
    } catch (error) {
      this.memory?.add(attempts.filter(({ role }) => role === 'assistant'))
      throw error
    }
  }

  /** Says the answer, or the field of it that is heard; gives it as the model wrote it, and adds it to `attempts`. */
  async #say(response: ModelResponse, parser: DictParser<object>, attempts: Msg[]): Promise<Msg> {
    const { speakField } = this
    const written = (said: Msg): Msg => {
      const message = { ...said, content: response.message.content }
      if (message.content.length > 0) attempts.push(message)
      return message
    }
    const heard = speakField === undefined ? response : new SpokenField(response, parser.follow(speakField))
    try {
      return written(await this.speak(heard))
    } catch (error) {
      if (this.spoken !== undefined) written(this.spoken)
      throw error
    }
  }

  /** @throws ResponseParsingError when the answer is not in the form; nothing has been remembered then. */
  async #understood(response: ModelResponse, written: Msg, parser: DictParser<object>): Promise<Msg> {
    const { parsed } = await parser.parse(response)
    const [memory, content, aside] = [parser.toMemory(parsed), parser.toContent(parsed), parser.toMetadata(parsed)]
    if (memory !== undefined) this.memory?.add(withText(written, memory))
    const returned = withText(written, content)
    if (aside === undefined) return returned
    return { ...returned, metadata: { ...returned.metadata, ...asMetadata(aside, parser.keysToMetadata) } }
  }

  #system(text: string | undefined): Msg | null {
    return text ? new Msg('system', text, 'system') : null
  }

  #cannot(what: string, advice: string): ConfigError {
    return new ConfigError(`DictDialogAgent ${this.name} ${what}`, { advice })
  }
}

/** What the model is told before it tries again. */
function correction({ message, advice }: ResponseParsingError): Msg {
  const text = [`Your answer could not be used. ${message}`, advice, 'Answer again, in the form described above.']
  return new Msg('system', text.filter((line) => line !== undefined).join('\n'), 'system')
}
