// Alibaba's DashScope in its own words (not the OpenAI-compatible mode).
// https://help.aliyun.com/zh/model-studio/qwen-api-via-dashscope

import type { FinishReason } from '../core/ending.ts'
import type { MediaBlock } from '../core/message.ts'
import { failureIn } from '../core/provider-failure.ts'
import { type Usage, usageOf } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import { type DashScopeAccent, dashscopeAsking } from './dashscope.asking.ts'
import { asksForIncrements } from './dashscope.format.ts'
import type { Decoder, Dialect, Findings, FrameContext, PlainValue } from './dialect.ts'
import { newFindings, noteFields, noteFinish, noteOtherChoice, saidDone, seedOf } from './findings.ts'
import { SnapshotFilter } from './snapshots.ts'
import { SpokenAudio } from './spoken-audio.ts'
import { ThinkTagSplitter } from './think-tags.ts'
import { mintedId, ToolCallAssembler, type ToolCallFragment } from './tool-calls.ts'
import {
  type Fields,
  fieldsOf,
  flatText,
  holdsNumbers,
  isFields,
  jsonOf,
  listOf,
  placeIn,
  saysSomething,
  textIn,
} from './values.ts'

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
  error: 'error',
}
const mediaTypes = ['image', 'audio', 'video'] as const
const outputFields = new Set(['search_info'])
const messageFields = new Set(['annotations'])

export const dashscope: Dialect<DashScopeAccent> = {
  ...dashscopeAsking,
  decoder: (writer, accent, extras) => new DashScopeDecoder(writer, accent, asksForIncrements(extras)),
}

class DashScopeDecoder implements Decoder {
  readonly findings: Findings = newFindings()
  readonly #writer: EventWriter
  readonly #tags: ThinkTagSplitter | undefined
  readonly #tools: ToolCallAssembler
  readonly #snapshots: SnapshotFilter
  /** Media by address: a snapshot repeats those that were handed on. */
  readonly #media = new Set<string>()
  readonly #audio = new SpokenAudio()
  #usage: Fields | undefined
  #first: unknown

  constructor(writer: EventWriter, accent: DashScopeAccent, incremental: boolean) {
    this.#writer = writer
    this.#tags = accent.thinkTags && new ThinkTagSplitter(writer, accent.thinkTags)
    this.#tools = new ToolCallAssembler(writer, (ordinal) => mintedId(seedOf(this.findings, this.#first), ordinal))
    this.#snapshots = new SnapshotFilter(incremental)
  }

  decode(value: unknown, frame: FrameContext): void {
    if (!isFields(value)) return this.#writer.raw(value)
    if (textIn(value['request_id'])) this.findings.metadata['responseId'] ??= value['request_id']
    this.#first ??= value
    if (holdsNumbers(value['usage'])) this.#usage = value['usage']
    const { output } = value
    if (isFields(output)) this.#decodeOutput(output)
    if (frame.event === 'error' || !isFields(output) || isFault(value['code'])) this.#decodeOther(value, frame)
  }

  plain(value: unknown): PlainValue | undefined {
    const { output, code } = fieldsOf(value)
    const { choices, ...others } = fieldsOf(output)
    if (!this.#snapshots.areDeltas || isFault(code) || listOf(choices).length !== 1) return undefined
    const { role: _, ...message } = fieldsOf(fieldsOf(listOf(choices)[0])['message'])
    const said = Object.keys(message).filter((field) => saysSomething(message[field]))
    const field = said[0] as 'content' | 'reasoning_content'
    if (said.length !== 1 || this.findings.finish !== undefined || Object.values(others).some(saysSomething)) return
    if ((field !== 'content' && field !== 'reasoning_content') || typeof message[field] !== 'string') return undefined
    const channel = field === 'content' ? 'text' : 'thinking'
    const text = ['output', 'choices', 0, 'message', field]
    return { text, free: [['usage']], say: (words) => this.#write(channel, words) }
  }

  recount(value: unknown): void {
    const { usage } = fieldsOf(value)
    if (holdsNumbers(usage)) this.#usage = usage
  }

  mark(text: string): boolean {
    return text === '[DONE]'
  }

  finish(): void {
    for (const [channel, text] of this.#snapshots.finish()) this.#write(channel, text)
    this.#tags?.finish()
    this.findings.allToolCallsClosed = this.#tools.finish(saidDone(this.findings))
    const audio = this.#audio.block()
    if (audio !== undefined) this.#writer.block(audio)
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
    const choices = listOf(output['choices'])
    const choice = fieldsOf(choices[0])
    const message = fieldsOf(choice['message'])
    this.#read('thinking', flatText(message['reasoning_content']))
    this.#read('text', flatText(message['content'] ?? output['text']))
    for (const part of listOf(message['content'])) this.#decodeMedia(fieldsOf(part))
    this.#decodeMedia(output)
    if (message['tool_calls']) this.#decodeToolCalls(listOf(message['tool_calls']).filter(isFields))
    noteFinish(this.findings, choice['finish_reason'] ?? output['finish_reason'], finishReasons)
    noteFields(this.findings, output, outputFields)
    noteFields(this.findings, message, messageFields)
    for (let at = 1; at < choices.length; at += 1) this.#noteOther(at, fieldsOf(choices[at]))
  }

  #decodeToolCalls(calls: readonly Fields[]): void {
    if (calls.length === 0) return
    this.#tags?.finish()
    this.#tools.add(calls.map(fragmentOf))
  }

  #noteOther(at: number, choice: Fields): void {
    const text = flatText(fieldsOf(choice['message'])['content'])
    noteOtherChoice(this.findings, placeIn(choice['index']) ?? at, text, choice['finish_reason'])
  }

  /** `{ image }`, `{ video }` and `{ audio: { url } }` beside the text, as generating models answer; sound in pieces. */
  #decodeMedia(part: Fields): void {
    if (isFields(part['audio']) && textIn(part['audio']['data'])) return this.#audio.add(part['audio'])
    for (const type of mediaTypes) {
      if (part[type] === undefined) continue
      const url = textIn(part[type]) ?? textIn(fieldsOf(part[type])['url'])
      if (url === undefined || this.#media.has(url)) continue
      this.#media.add(url)
      this.#settle()
      this.#writer.block({ type, url } satisfies MediaBlock)
    }
  }

  #settle(): void {
    this.#tags?.finish()
    this.#tools.settle()
  }

  #read(channel: 'text' | 'thinking', text: string): void {
    if (text !== '') this.#write(channel, this.#snapshots.push(channel, text, this.#outputTokens()))
  }

  #write(channel: string, text: string): void {
    if (text === '') return
    if (channel === 'thinking') {
      this.#settle()
      return this.#writer.thinking(text)
    }
    this.#tools.settle()
    if (this.#tags === undefined) this.#writer.text(text)
    else this.#tags.text(text)
  }

  #outputTokens(): number | undefined {
    const tokens = this.#usage?.['output_tokens']
    return typeof tokens === 'number' ? tokens : undefined
  }

  /** `event:error` with `{code, message, request_id}`; the HTTP status stands in a comment, `:HTTP_STATUS/400`. */
  #decodeOther(value: Fields, frame: FrameContext): void {
    const failure = failureIn({ ...value, output: undefined })
    if (failure === undefined && frame.event !== 'error') {
      if (value['usage'] === undefined && !isFields(value['output'])) this.#writer.raw(value)
      return
    }
    const status = Number(/HTTP_STATUS\/(\d{3})/.exec(frame.comment ?? '')?.[1])
    const told = failure ?? { message: jsonOf(value).slice(0, 500) }
    this.findings.failure = status >= 400 ? { ...told, status } : told
  }
}

function fragmentOf(call: Fields): ToolCallFragment {
  const { name, arguments: input } = fieldsOf(call['function'])
  return { index: placeIn(call['index']), id: textIn(call['id']), name: textIn(name), input }
}

/** A code beside an output is empty, or a word for success, when nothing is wrong. */
function isFault(code: unknown): boolean {
  return typeof code === 'string' && code !== '' && !/^(200|ok|success)$/i.test(code)
}
