// Alibaba's DashScope in its own words (not the OpenAI-compatible mode).
// https://help.aliyun.com/zh/model-studio/qwen-api-via-dashscope
import type { FinishReason } from '../core/ending.ts'
import { failureIn } from '../core/provider-failure.ts'
import { type Usage, usageOf } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import { type DashScopeRequestAccent, formatDashScope, requestDashScope } from './dashscope.format.ts'
import type { Decoder, Dialect, Findings, FrameContext } from './dialect.ts'
import { newFindings, noteFinish, saidDone } from './findings.ts'
import { SnapshotFilter } from './snapshots.ts'
import { ThinkTagSplitter, type ThinkTags } from './think-tags.ts'
import { mintedId, ToolCallAssembler } from './tool-calls.ts'
import { type Fields, fieldsOf, flatText, isFields, listOf, textIn } from './values.ts'

export interface DashScopeAccent extends DashScopeRequestAccent {
  /** Set for models that write reasoning into the text between tags. */
  thinkTags?: ThinkTags
}

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
  error: 'error',
}

export const dashscope: Dialect<DashScopeAccent> = {
  name: 'dashscope',
  framing: 'sse',
  roles: ['system', 'user', 'assistant', 'tool'],
  format: formatDashScope,
  request: requestDashScope,
  decoder: (writer, accent, extras) => new DashScopeDecoder(writer, accent, extras['incremental_output'] !== false),
}

class DashScopeDecoder implements Decoder {
  readonly findings: Findings = newFindings()
  readonly #writer: EventWriter
  readonly #tags: ThinkTagSplitter | undefined
  readonly #tools: ToolCallAssembler
  readonly #snapshots: SnapshotFilter
  #usage: Fields | undefined

  constructor(writer: EventWriter, accent: DashScopeAccent, incremental: boolean) {
    this.#writer = writer
    this.#tags = accent.thinkTags && new ThinkTagSplitter(writer, accent.thinkTags)
    const seed = () => textIn(this.findings.metadata['responseId']) ?? writer.id
    this.#tools = new ToolCallAssembler(writer, (ordinal) => mintedId(seed(), ordinal))
    this.#snapshots = new SnapshotFilter(incremental)
  }

  decode(value: unknown, frame: FrameContext): void {
    if (!isFields(value)) return this.#writer.raw(value)
    if (textIn(value['request_id'])) this.findings.metadata['responseId'] ??= value['request_id']
    if (frame.event === 'error' || !isFields(value['output'])) return this.#decodeOther(value, frame)
    if (isFields(value['usage'])) this.#usage = value['usage']
    this.#decodeOutput(value['output'])
  }

  mark(text: string): boolean {
    return text === '[DONE]'
  }

  finish(): void {
    for (const [channel, text] of this.#snapshots.finish()) this.#write(channel, text)
    this.#tags?.finish()
    this.findings.allToolCallsClosed = this.#tools.finish(saidDone(this.findings))
  }

  /** Counters stand on every event and are totals. Input includes cached tokens. */
  usage(): Usage | undefined {
    const usage = this.#usage
    if (usage === undefined) return undefined
    const input = fieldsOf(usage['prompt_tokens_details'] ?? usage['input_tokens_details'])
    return usageOf(
      {
        inputTokens: usage['input_tokens'],
        outputTokens: usage['output_tokens'],
        totalTokens: usage['total_tokens'],
        cachedInputTokens: input['cached_tokens'],
        cacheWriteInputTokens: input['cache_creation_input_tokens'],
        reasoningTokens: fieldsOf(usage['output_tokens_details'])['reasoning_tokens'],
      },
      usage,
    )
  }

  #decodeOutput(output: Fields): void {
    const choice = fieldsOf(listOf(output['choices'])[0])
    const message = fieldsOf(choice['message'])
    this.#read('thinking', flatText(message['reasoning_content']))
    this.#read('text', flatText(message['content'] ?? output['text']))
    for (const call of listOf(message['tool_calls'])) this.#decodeToolCall(fieldsOf(call))
    noteFinish(this.findings, choice['finish_reason'] ?? output['finish_reason'], finishReasons)
    if (isFields(output['search_info'])) this.findings.metadata['searchInfo'] = output['search_info']
  }

  #read(channel: 'text' | 'thinking', text: string): void {
    if (text !== '') this.#write(channel, this.#snapshots.push(channel, text, this.#outputTokens()))
  }

  #write(channel: string, text: string): void {
    if (text === '') return
    if (channel === 'thinking') return this.#writer.thinking(text)
    this.#tools.settle()
    if (this.#tags === undefined) this.#writer.text(text)
    else this.#tags.text(text)
  }

  #outputTokens(): number | undefined {
    const tokens = this.#usage?.['output_tokens']
    return typeof tokens === 'number' ? tokens : undefined
  }

  #decodeToolCall(call: Fields): void {
    const { index, id } = call
    const { name, arguments: input } = fieldsOf(call['function'])
    this.#tools.add({ index: typeof index === 'number' ? index : undefined, id: textIn(id), name: textIn(name), input })
  }

  /** `event:error` with `{code, message, request_id}`; the HTTP status stands in a comment, `:HTTP_STATUS/400`. */
  #decodeOther(value: Fields, frame: FrameContext): void {
    const failure = failureIn(value)
    if (failure === undefined && frame.event !== 'error') {
      if (isFields(value['usage'])) this.#usage = value['usage']
      return this.#writer.raw(value)
    }
    const status = Number(/HTTP_STATUS\/(\d{3})/.exec(frame.comment ?? '')?.[1])
    const told = failure ?? { message: JSON.stringify(value).slice(0, 500) }
    this.findings.failure = status >= 400 ? { ...told, status } : told
  }
}
