// OpenAI's chat completions, and the many servers that speak like it.
// https://platform.openai.com/docs/api-reference/chat/streaming
// Longer than its neighbours: dozens of servers bend this wire, and in which order a chunk is read must stand in one place.

import type { FinishReason } from '../core/ending.ts'
import type { Block } from '../core/message.ts'
import { failureIn } from '../core/provider-failure.ts'
import type { Usage } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import type { Decoder, Dialect, Findings, FrameContext, PlainValue } from './dialect.ts'
import { newFindings, noteFailure, noteFinish, noteOtherChoice, saidDone, seedOf } from './findings.ts'
import { type OpenAIChatAccent, openaiChatAsking } from './openai-chat.asking.ts'
import { fragmentOf, isForeign } from './openai-chat.calls.ts'
import { noteChoice, noteMessage, noteReplyFields, noteReplyId } from './openai-chat.notes.ts'
import { Reasoning, reasoningFields } from './openai-chat.reasoning.ts'
import { openAIUsage } from './openai-chat.usage.ts'
import { SpokenAudio } from './spoken-audio.ts'
import { ThinkTagSplitter } from './think-tags.ts'
import { mintedId, ToolCallAssembler, type ToolCallFragment } from './tool-calls.ts'
import {
  type Fields,
  fieldsOf,
  flatText,
  holdsNumbers,
  isFields,
  listOf,
  placeIn,
  saysSomething,
  textIn,
} from './values.ts'

/** OpenAI's, and those of Anthropic, Mistral, DeepSeek, Bedrock and Hugging Face behind servers that hand them on. */
const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  end_turn: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  guardrail_intervened: 'content-filter',
  refusal: 'refusal',
  error: 'error',
  abort: 'error',
  insufficient_system_resource: 'error',
}

export const openaiChat: Dialect<OpenAIChatAccent> = {
  ...openaiChatAsking,
  decoder: (writer, accent) => new OpenAIChatDecoder(writer, accent),
}

class OpenAIChatDecoder implements Decoder {
  readonly findings: Findings = newFindings()
  readonly #writer: EventWriter
  readonly #finishReasons: Readonly<Record<string, FinishReason>>
  readonly #reasoning: Reasoning
  readonly #tags: ThinkTagSplitter | undefined
  readonly #tools: ToolCallAssembler
  #first: unknown
  #responseId: unknown
  /** The choice that is the message: the first that says something. */
  #choice: number | undefined
  #usage: Fields | undefined
  #audio: SpokenAudio | undefined
  /** Something of the message has come. */
  #speaks = false
  #refused = false
  #sendsDeltas = false
  /** The text came as content, so a transcript only repeats it. */
  #saysContent = false

  constructor(writer: EventWriter, accent: OpenAIChatAccent) {
    this.#writer = writer
    this.#finishReasons = accent.finishReasons ? { ...finishReasons, ...accent.finishReasons } : finishReasons
    this.#reasoning = new Reasoning(writer, () => this.#settle())
    this.#tags = accent.thinkTags && new ThinkTagSplitter(writer, accent.thinkTags)
    this.#tools = new ToolCallAssembler(writer, (ordinal) => mintedId(seedOf(this.findings, this.#first), ordinal))
  }

  decode(value: unknown, frame: FrameContext): void {
    if (!isFields(value)) return this.#decodeList(value, frame)
    const isFirst = this.#first === undefined
    if (isFirst) this.#first = value
    if (value['id'] !== this.#responseId) this.#noteId(value)
    const { choices } = value
    if (Array.isArray(choices)) for (const choice of choices) this.#decodeChoice(choice)
    else if (isFields(choices)) this.#decodeChoice(choices)
    // What is said of the whole reply stands on its first pieces and on the last.
    if (isFirst || this.findings.finish !== undefined || !this.#speaks || !choices || isEmpty(choices)) {
      noteReplyFields(this.findings, value)
    }
    if (holdsNumbers(value['usage'])) this.#usage = value['usage']
    if (value['error'] || frame.event === 'error') this.#decodeError(value, frame)
    else if (choices === undefined) this.#decodeOther(value)
    if (value['x_groq']) this.#decodeGroq(fieldsOf(value['x_groq']))
  }

  mark(text: string): boolean {
    if (text !== '[DONE]') return false
    this.findings.marker = true
    return true
  }

  /** Fields of the whole reply count only on its first pieces and on the last. */
  plain(value: unknown): PlainValue | undefined {
    const { id, choices, error, x_groq: groq } = fieldsOf(value)
    const isOne = Array.isArray(choices) && choices.length === 1 && id === this.#responseId && !error && !groq
    if (!isOne || !this.#speaks || this.findings.finish !== undefined) return undefined
    const choice = fieldsOf(choices[0])
    const { delta, logprobs, usage, error: fault } = choice
    if (!isFields(delta) || saysSomething(logprobs) || saysSomething(usage) || fault) return undefined
    if ((placeIn(choice['index']) ?? 0) !== this.#choice) return undefined
    const said = onlyField(delta)
    if (said === 'content') return plainAt(said, (text) => this.#decodeText(text))
    if (!reasoningFields.includes(said)) return undefined
    return plainAt(said, (text) => this.#decodeDelta({ [said]: text }))
  }

  recount(value: unknown): void {
    const { usage } = fieldsOf(value)
    if (holdsNumbers(usage)) this.#usage = usage
  }

  finish(): void {
    this.#tags?.finish()
    this.findings.allToolCallsClosed = this.#tools.finish(saidDone(this.findings))
    const audio = this.#audio?.block()
    if (audio !== undefined) this.#writer.block(audio)
    if (this.#refused && this.findings.finish === 'stop') this.findings.finish = 'refusal'
  }

  usage(): Usage | undefined {
    return this.#usage && openAIUsage(this.#usage)
  }

  #decodeChoice(choice: unknown): void {
    if (!isFields(choice)) return this.#writer.raw(choice)
    const index = placeIn(choice['index']) ?? 0
    const delta = this.#deltaOf(choice)
    if (this.#choice !== undefined && index !== this.#choice) {
      return noteOtherChoice(this.findings, index, flatText(delta['content']), choice['finish_reason'])
    }
    if (holdsNumbers(choice['usage'])) this.#usage = choice['usage']
    noteFinish(this.findings, choice['finish_reason'], this.#finishReasons)
    this.#decodeDelta(delta)
    if (this.#speaks) this.#choice ??= index
    noteChoice(this.findings, choice)
    if (choice['error']) noteFailure(this.findings, choice)
  }

  /**
   * The delta, else the message of a whole reply, else the text of an old completion. Servers that send deltas repeat
   * them there: Perplexity the message at the end, Together the text on each piece.
   */
  #deltaOf({ delta, message, text }: Fields): Fields {
    if (isFields(delta)) {
      this.#sendsDeltas = true
      return delta
    }
    if (this.#sendsDeltas) return fieldsOf(undefined)
    return isFields(message) ? message : { content: text }
  }

  #decodeDelta(delta: Fields): void {
    if (this.#reasoning.decode(delta)) this.#speaks = true
    const { content, refusal, tool_calls: toolCalls, function_call: functionCall } = delta
    if (typeof content === 'string') this.#decodeText(content)
    else if (content !== undefined && content !== null) this.#decodeContent(content)
    if (refusal) this.#refuse(flatText(refusal))
    if (toolCalls) this.#decodeToolCalls(Array.isArray(toolCalls) ? toolCalls : [toolCalls])
    if (isFields(functionCall)) this.#decodeToolCalls([{ index: 0, function: functionCall }])
    if (delta['images']) for (const image of listOf(delta['images'])) this.#decodePart(image)
    if (delta['audio']) this.#decodeAudio(fieldsOf(delta['audio']))
    noteMessage(this.findings, delta)
  }

  // What is said.

  #decodeText(text: string): void {
    if (text === '') return
    this.#saysContent = true
    this.#say(text)
  }

  /** Content that is no string: parts as Mistral, Databricks and others send them. */
  #decodeContent(content: unknown): void {
    if (Array.isArray(content)) for (const part of content) this.#decodePart(part)
    else this.#decodeText(flatText(content))
  }

  #decodePart(part: unknown): void {
    if (!isFields(part)) return this.#decodeText(flatText(part))
    switch (part['type']) {
      case 'thinking':
        return this.#think(part['thinking'])
      case 'reasoning':
        return this.#think(part['summary'] ?? part['text'] ?? part['reasoning'])
      case 'refusal':
        return this.#refuse(flatText(part['refusal']))
      case 'image_url':
        return this.#decodeImage(part)
      default:
        if (part['text'] !== undefined) return this.#decodeText(flatText(part))
        return this.#whole({ type: 'raw', dialect: 'openai-chat', value: part })
    }
  }

  #think(content: unknown): void {
    if (this.#reasoning.think(flatText(content))) this.#speaks = true
  }

  #decodeImage(part: Fields): void {
    const { image_url: image } = part
    const url = textIn(image) ?? textIn(fieldsOf(image)['url'])
    if (url === undefined) return this.#whole({ type: 'raw', dialect: 'openai-chat', value: part })
    const mimeType = /^data:([^;,]+)/.exec(url)?.[1]
    this.#whole({ type: 'image', url, ...(mimeType !== undefined && { mimeType }) })
  }

  #whole(block: Block): void {
    this.#settle()
    this.#writer.block(block)
    this.#speaks = true
    this.#reasoning.isLatest = false
  }

  #decodeAudio(audio: Fields): void {
    this.#audio ??= new SpokenAudio()
    this.#audio.add(audio)
    if (!this.#saysContent) this.#say(flatText(audio['transcript']))
  }

  #say(text: string): void {
    if (text === '') return
    this.#tools.settle()
    this.#speaks = true
    this.#reasoning.isLatest = false
    if (this.#tags === undefined) this.#writer.text(text)
    else this.#tags.text(text)
  }

  #refuse(text: string): void {
    if (text === '') return
    this.#settle()
    this.#writer.refusal(text)
    this.#refused = true
    this.#speaks = true
    this.#reasoning.isLatest = false
  }

  /** Something else is about to be written: what waits to be shown goes before it. */
  #settle(): void {
    this.#tags?.finish()
    this.#tools.settle()
  }

  // Tool calls.

  #decodeToolCalls(calls: readonly unknown[]): void {
    const fragments: ToolCallFragment[] = []
    for (const call of calls) {
      if (!isFields(call)) continue
      const called = isFields(call['function']) ? call['function'] : call
      if (isForeign(call)) this.#writer.raw(call)
      else fragments.push(fragmentOf(call, called))
    }
    if (fragments.length === 0) return
    this.#tags?.finish()
    this.#tools.add(fragments)
    this.#speaks = true
    this.#reasoning.isLatest = false
  }

  // Everything else.

  /** Google's compatible endpoint puts its failures into a list. */
  #decodeList(value: unknown, frame: FrameContext): void {
    if (!Array.isArray(value)) return this.#writer.raw(value)
    for (const each of value) {
      if (isFields(each)) this.decode(each, frame)
      else this.#writer.raw(each)
    }
  }

  #noteId(value: Fields): void {
    const id = textIn(value['id'])
    if (id === undefined) return
    if (this.#responseId !== undefined) noteReplyFields(this.findings, value)
    this.#responseId ??= id
    noteReplyId(this.findings, id)
  }

  #decodeError(value: Fields, frame: FrameContext): void {
    const { error } = value
    if (frame.event === 'error' || !isFields(error) || Object.keys(error).length > 0) noteFailure(this.findings, value)
  }

  /**
   * A value without choices: a ping, counters alone, a failure in other words (vLLM: `object: "error"`), or Cloudflare's
   * own `response`.
   */
  #decodeOther(value: Fields): void {
    const { object, usage } = value
    const failure = usage === undefined && (object === undefined || object === 'error') ? failureIn(value) : undefined
    if (failure !== undefined) this.findings.failure = failure
    else if (typeof value['response'] === 'string') this.#decodeDelta({ ...value, content: value['response'] })
    else if (object !== 'ping' && usage === undefined && value['x_groq'] === undefined) this.#writer.raw(value)
  }

  /** https://console.groq.com/docs/api-reference#chat-create: counters and failures come beside the choices. */
  #decodeGroq(told: Fields): void {
    if (this.#usage === undefined && holdsNumbers(told['usage'])) this.#usage = told['usage']
    if (textIn(told['error']) || isFields(told['error'])) noteFailure(this.findings, told)
  }
}

/** Which field of a delta says something, when it is one and holds text; '' otherwise. */
function onlyField(delta: Fields): string {
  let only = ''
  for (const field in delta) {
    if (field === 'role' || !saysSomething(delta[field])) continue
    if (only !== '' || typeof delta[field] !== 'string') return ''
    only = field
  }
  return only
}

function plainAt(field: string, say: (words: string) => void): PlainValue {
  return { text: ['choices', 0, 'delta', field], free: [['created'], ['usage'], ['obfuscation']], say }
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}
