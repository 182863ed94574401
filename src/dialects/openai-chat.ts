// OpenAI's chat completions, and the many servers that speak like it.
// https://platform.openai.com/docs/api-reference/chat/streaming
import type { FinishReason } from '../core/ending.ts'
import { failureIn } from '../core/provider-failure.ts'
import { type Usage, usageOf } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import type { Decoder, Dialect, Findings, FrameContext } from './dialect.ts'
import { newFindings, noteFinish, saidDone } from './findings.ts'
import { formatOpenAIChat, type OpenAIChatRequestAccent, requestOpenAIChat } from './openai-chat.format.ts'
import { ThinkTagSplitter, type ThinkTags } from './think-tags.ts'
import { mintedId, ToolCallAssembler } from './tool-calls.ts'
import { type Fields, fieldsOf, flatText, isFields, textIn } from './values.ts'

/** What differs between the servers of this wire. */
export interface OpenAIChatAccent extends OpenAIChatRequestAccent {
  /** Finish reasons beside OpenAI's own. */
  finishReasons?: Readonly<Record<string, FinishReason>>
  /** Fields that hold reasoning, the first that says something counts. Default `reasoning_content`, `reasoning`. */
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
const defaultReasoningFields = ['reasoning_content', 'reasoning']

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
  #responseId: string | undefined
  /** The choice that is the message: the first that says something. */
  #choice: number | undefined
  #usage: unknown
  #refused = false

  constructor(writer: EventWriter, accent: OpenAIChatAccent) {
    this.#writer = writer
    this.#finishReasons = accent.finishReasons ? { ...finishReasons, ...accent.finishReasons } : finishReasons
    this.#reasoningFields = accent.reasoningFields ?? defaultReasoningFields
    this.#tags = accent.thinkTags && new ThinkTagSplitter(writer, accent.thinkTags)
    this.#tools = new ToolCallAssembler(writer, (ordinal) => mintedId(this.#responseId ?? writer.id, ordinal))
  }

  decode(value: unknown, frame: FrameContext): void {
    if (!isFields(value)) return this.#writer.raw(value)
    if (value['id'] !== this.#responseId) this.#noteReply(value)
    const { choices } = value
    if (Array.isArray(choices)) for (const choice of choices) this.#decodeChoice(choice)
    if (isFields(value['usage'])) this.#usage = value['usage']
    if (value['error'] || frame.event === 'error') {
      this.findings.failure = failureIn(value) ?? { message: JSON.stringify(value).slice(0, 500) }
    }
    if (choices === undefined && !value['error']) this.#noteOther(value, frame)
  }

  mark(text: string): boolean {
    if (text !== '[DONE]') return false
    this.findings.marker = true
    return true
  }

  finish(): void {
    this.#tags?.finish()
    this.findings.allToolCallsClosed = this.#tools.finish(saidDone(this.findings))
    if (this.#refused && this.findings.finish === 'stop') this.findings.finish = 'refusal'
  }

  usage(): Usage | undefined {
    return this.#usage === undefined ? undefined : openAIUsage(this.#usage as Fields)
  }

  #decodeChoice(choice: unknown): void {
    if (!isFields(choice)) return
    const index = typeof choice['index'] === 'number' ? choice['index'] : 0
    const delta = fieldsOf(choice['delta'] ?? choice['message'])
    if (this.#choice !== undefined && index !== this.#choice) return this.#noteOtherChoice(index, choice, delta)
    if (isFields(choice['usage'])) this.#usage = choice['usage']
    noteFinish(this.findings, choice['finish_reason'], this.#finishReasons)
    this.#decodeDelta(delta, index)
    if (typeof choice['text'] === 'string') this.#say(choice['text'], index)
    noteFilters(this.findings, choice)
  }

  #decodeDelta(delta: Fields, index: number): void {
    const reasoning = this.#reasoningIn(delta)
    if (reasoning !== '') {
      this.#choice ??= index
      this.#writer.thinking(reasoning)
    }
    const { content } = delta
    if (content !== undefined && content !== null && content !== '') this.#say(flatText(content), index)
    if (delta['refusal']) this.#refuse(delta['refusal'], index)
    const { tool_calls: toolCalls, function_call: functionCall } = delta
    if (Array.isArray(toolCalls) && toolCalls.length > 0) {
      this.#choice ??= index
      for (const call of toolCalls) this.#decodeToolCall(call)
    }
    if (isFields(functionCall)) this.#decodeToolCall({ index: 0, function: functionCall })
    noteVendorFields(this.findings, delta)
  }

  #say(text: string, index: number): void {
    if (text === '') return
    this.#choice ??= index
    this.#tools.settle()
    if (this.#tags === undefined) this.#writer.text(text)
    else this.#tags.text(text)
  }

  #refuse(refusal: unknown, index: number): void {
    const text = flatText(refusal)
    if (text === '') return
    this.#choice ??= index
    this.#refused = true
    this.#writer.refusal(text)
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

  #decodeToolCall(call: unknown): void {
    const { index, id, function: called } = fieldsOf(call)
    const { name, arguments: input } = fieldsOf(called)
    this.#tools.add({ index: typeof index === 'number' ? index : undefined, id: textIn(id), name: textIn(name), input })
  }

  /** Once per reply id: LiteLLM changes it when it falls back to another model mid-stream, the message goes on. */
  #noteReply(value: Fields): void {
    const { metadata } = this.findings
    const id = textIn(value['id'])
    if (id !== undefined && this.#responseId === undefined) metadata['responseId'] = id
    else if (id !== undefined && id !== this.#responseId) noteLater(metadata, id)
    if (id !== undefined) this.#responseId ??= id
    if (textIn(value['model'])) metadata['model'] = value['model']
    for (const field of ['system_fingerprint', 'service_tier', 'provider', 'prompt_filter_results', 'citations']) {
      if (value[field]) metadata[field] = value[field]
    }
  }

  #noteOtherChoice(index: number, choice: Fields, delta: Fields): void {
    const others = listIn(this.findings.metadata, 'otherChoices') as Fields[]
    const known = others.find((each) => each['index'] === index)
    const other: Fields = known ?? { index, text: '' }
    if (known === undefined) others.push(other)
    other['text'] = String(other['text']) + flatText(delta['content'])
    if (textIn(choice['finish_reason'])) other['finishReason'] = choice['finish_reason']
  }

  #noteOther(value: Fields, frame: FrameContext): void {
    if (frame.event === 'error') return
    const failure = value['object'] === undefined && value['usage'] === undefined ? failureIn(value) : undefined
    if (failure !== undefined) this.findings.failure = failure
    else if (value['object'] !== 'ping' && value['usage'] === undefined) this.#writer.raw(value)
  }
}

/** The list under that name, made when there is none. */
function listIn(metadata: Fields, name: string): unknown[] {
  metadata[name] ??= []
  return metadata[name] as unknown[]
}

function noteLater(metadata: Fields, id: string): void {
  const later = listIn(metadata, 'laterResponseIds')
  if (later.length < 16 && later.at(-1) !== id) later.push(id)
}

/** Azure and LiteLLM put their own findings beside the content. */
function noteFilters(findings: Findings, choice: Fields): void {
  for (const field of ['content_filter_results', 'native_finish_reason', 'matched_stop']) {
    if (choice[field]) findings.metadata[field] = choice[field]
  }
}

function noteVendorFields(findings: Findings, delta: Fields): void {
  for (const field of ['provider_specific_fields', 'thinking_blocks', 'annotations', 'reasoning_details']) {
    const value = delta[field]
    if (!value) continue
    const known = findings.metadata[field]
    if (Array.isArray(value) && Array.isArray(known)) for (const each of value) known.push(each)
    else findings.metadata[field] = Array.isArray(value) ? [...value] : value
  }
}

/** Input includes cached tokens and output includes reasoning on this wire already. */
export function openAIUsage(usage: Fields): Usage {
  const prompt = fieldsOf(usage['prompt_tokens_details'] ?? usage['input_tokens_details'])
  const completion = fieldsOf(usage['completion_tokens_details'] ?? usage['output_tokens_details'])
  return usageOf(
    {
      inputTokens: usage['prompt_tokens'] ?? usage['input_tokens'],
      outputTokens: usage['completion_tokens'] ?? usage['output_tokens'],
      totalTokens: usage['total_tokens'],
      cachedInputTokens: prompt['cached_tokens'] ?? usage['cached_tokens'] ?? usage['prompt_cache_hit_tokens'],
      cacheWriteInputTokens: prompt['cache_creation_tokens'] ?? usage['cache_creation_input_tokens'],
      reasoningTokens: completion['reasoning_tokens'] ?? usage['reasoning_tokens'],
    },
    usage,
  )
}
