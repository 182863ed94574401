// OpenAI's chat completions, and the many servers that speak like it.
// https://platform.openai.com/docs/api-reference/chat/streaming
import type { FinishReason } from '../core/ending.ts'
import type { Block } from '../core/message.ts'
import { failureIn } from '../core/provider-failure.ts'
import type { Usage } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import type { Decoder, Dialect, Findings, FrameContext } from './dialect.ts'
import { newFindings, noteFailure, noteFinish, noteOtherChoice, saidDone, seedOf } from './findings.ts'
import { SpokenAudio } from './openai-chat.audio.ts'
import { formatOpenAIChat, type OpenAIChatRequestAccent, requestOpenAIChat } from './openai-chat.format.ts'
import { noteChoice, noteMessage, noteReplyFields, noteReplyId } from './openai-chat.notes.ts'
import { openAIUsage } from './openai-chat.usage.ts'
import { ThinkTagSplitter, type ThinkTags } from './think-tags.ts'
import { mintedId, ToolCallAssembler, type ToolCallFragment } from './tool-calls.ts'
import { type Fields, fieldsOf, flatText, holdsNumbers, isFields, listOf, placeIn, textIn } from './values.ts'

/** What differs between the servers of this wire. */
export interface OpenAIChatAccent extends OpenAIChatRequestAccent {
  /** Finish reasons beside OpenAI's own. */
  finishReasons?: Readonly<Record<string, FinishReason>>
  /** Fields that hold reasoning, the first that says something counts. Default: those in use, `reasoning_content` first. */
  reasoningFields?: readonly string[]
  /** Set when the server writes reasoning into the text between tags. */
  thinkTags?: ThinkTags
}

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  end_turn: 'stop',
  eos: 'stop',
  length: 'length',
  max_tokens: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  refusal: 'refusal',
  error: 'error',
}
const defaultReasoningFields = ['reasoning_content', 'reasoning', 'reasoning_text']

export const openaiChat: Dialect<OpenAIChatAccent> = {
  name: 'openai-chat',
  framing: 'sse',
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  format: formatOpenAIChat,
  request: requestOpenAIChat,
  decoder: (writer, accent) => new OpenAIChatDecoder(writer, accent),
}

class OpenAIChatDecoder implements Decoder {
  readonly findings: Findings = newFindings()
  readonly #writer: EventWriter
  readonly #finishReasons: Readonly<Record<string, FinishReason>>
  readonly #reasoningFields: readonly string[]
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
  /** What was written last is a thought, so a signature that comes now is its own. */
  #thinks = false
  #thinksInBlocks = false
  /** The text came as content, so a transcript only repeats it. */
  #saysContent = false

  constructor(writer: EventWriter, accent: OpenAIChatAccent) {
    this.#writer = writer
    this.#finishReasons = accent.finishReasons ? { ...finishReasons, ...accent.finishReasons } : finishReasons
    this.#reasoningFields = accent.reasoningFields ?? defaultReasoningFields
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
    const delta = fieldsOf(choice['delta'] ?? choice['message'])
    if (this.#choice !== undefined && index !== this.#choice) {
      return noteOtherChoice(this.findings, index, flatText(delta['content']), choice['finish_reason'])
    }
    if (holdsNumbers(choice['usage'])) this.#usage = choice['usage']
    noteFinish(this.findings, choice['finish_reason'], this.#finishReasons)
    this.#decodeDelta(delta)
    if (choice['text']) this.#say(flatText(choice['text']))
    if (this.#speaks) this.#choice ??= index
    noteChoice(this.findings, choice)
    if (choice['error']) noteFailure(this.findings, choice)
  }

  #decodeDelta(delta: Fields): void {
    this.#decodeReasoning(delta)
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

  // Reasoning.

  #decodeReasoning(delta: Fields): void {
    const told = this.#reasoningIn(delta)
    if (delta['thinking_blocks']) return this.#decodeThinkingBlocks(listOf(delta['thinking_blocks']), told)
    if (!delta['reasoning_details']) return this.#think(told)
    const details = listOf(delta['reasoning_details']).map(fieldsOf)
    const hidden = told === '' && !this.#writer.thinkingSeen
    this.#think(hidden ? details.map((each) => flatText(each['text'] ?? each['summary'])).join('') : told)
    for (const detail of details) this.#sign(detail['signature'])
  }

  /** LiteLLM's form of Claude's thinking: the words stand in the reasoning field too, the signature only here. */
  #decodeThinkingBlocks(list: readonly unknown[], told: string): void {
    const blocks = list.map(fieldsOf)
    const inBlocks = blocks.map((block) => flatText(block['thinking'])).join('')
    if (inBlocks !== told && (told !== '' || (this.#writer.thinkingSeen && !this.#thinksInBlocks))) {
      this.#think(told)
      for (const block of blocks) this.#sign(block['signature'])
      return
    }
    this.#thinksInBlocks ||= inBlocks !== ''
    for (const block of blocks) {
      this.#think(flatText(block['thinking']))
      if (this.#sign(block['signature'])) this.#writer.endProse()
      if (textIn(block['data'])) {
        this.#writer.block({ type: 'thinking', thinking: '', redacted: block['data'] as string })
      }
    }
  }

  #reasoningIn(delta: Fields): string {
    for (const field of this.#reasoningFields) {
      const reasoning = delta[field]
      if (reasoning === undefined || reasoning === null || reasoning === '') continue
      const text = flatText(reasoning)
      if (text !== '') return text
    }
    return ''
  }

  #think(text: string): void {
    if (text === '') return
    this.#settle()
    this.#writer.thinking(text)
    this.#speaks = true
    this.#thinks = true
  }

  /** Only a thought that was just told can be signed; what belongs to another place stays in the metadata. */
  #sign(signature: unknown): boolean {
    if (!this.#thinks || typeof signature !== 'string' || signature === '') return false
    this.#writer.sign('thinking', signature)
    return true
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
        return this.#think(flatText(part['thinking']))
      case 'reasoning':
        return this.#think(flatText(part['summary'] ?? part['text'] ?? part['reasoning']))
      case 'refusal':
        return this.#refuse(flatText(part['refusal']))
      case 'image_url':
        return this.#decodeImage(part)
      default:
        if (part['text'] !== undefined) return this.#decodeText(flatText(part))
        return this.#whole({ type: 'raw', dialect: 'openai-chat', value: part })
    }
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
    this.#thinks = false
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
    this.#thinks = false
    if (this.#tags === undefined) this.#writer.text(text)
    else this.#tags.text(text)
  }

  #refuse(text: string): void {
    if (text === '') return
    this.#settle()
    this.#writer.refusal(text)
    this.#refused = true
    this.#speaks = true
    this.#thinks = false
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
    this.#thinks = false
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

  /** A value without choices: a ping, counters alone, or a failure in other words (vLLM: `object: "error"`). */
  #decodeOther(value: Fields): void {
    const { object, usage } = value
    const failure = usage === undefined && (object === undefined || object === 'error') ? failureIn(value) : undefined
    if (failure !== undefined) this.findings.failure = failure
    else if (object !== 'ping' && usage === undefined && value['x_groq'] === undefined) this.#writer.raw(value)
  }

  /** https://console.groq.com/docs/api-reference#chat-create: counters and failures come beside the choices. */
  #decodeGroq(told: Fields): void {
    if (this.#usage === undefined && holdsNumbers(told['usage'])) this.#usage = told['usage']
    if (textIn(told['error']) || isFields(told['error'])) noteFailure(this.findings, told)
  }
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

/** A call of a kind that is not ours to run or that nobody knows: no function, but a type of its own. */
function isForeign(call: Fields): boolean {
  const { type, function: called, name, arguments: input } = call
  if (called !== undefined || name !== undefined || input !== undefined) return false
  return textIn(type) !== undefined && type !== 'function'
}

function fragmentOf(call: Fields, called: Fields): ToolCallFragment {
  return {
    index: placeIn(call['index']),
    id: textIn(call['id']),
    name: textIn(called['name']),
    input: called['arguments'],
    signature: signatureOf(call, called),
  }
}

/** Gemini's signature of a call, as Google's own compatible endpoint and as LiteLLM hand it on. */
function signatureOf(call: Fields, called: Fields): string | undefined {
  const { extra_content: extra, provider_specific_fields: specific } = call
  if (extra === undefined && specific === undefined && called['provider_specific_fields'] === undefined) return undefined
  return (
    textIn(fieldsOf(fieldsOf(extra)['google'])['thought_signature']) ??
    textIn(fieldsOf(specific)['thought_signature']) ??
    textIn(fieldsOf(called['provider_specific_fields'])['thought_signature'])
  )
}
