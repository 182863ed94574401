// Ollama's chat. https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion

import type { FinishReason } from '../core/ending.ts'
import { isWholeJson } from '../core/json.ts'
import { failureIn } from '../core/provider-failure.ts'
import { type Usage, usageOf } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import type { Decoder, Dialect, Findings, PlainValue } from './dialect.ts'
import { listIn, newFindings, noteFailure, noteFields, noteFinish, seedOf } from './findings.ts'
import { type OllamaAccent, ollamaAsking } from './ollama.asking.ts'
import { ThinkTagSplitter } from './think-tags.ts'
import { mintedId } from './tool-calls.ts'
import { type Fields, fieldsOf, flatText, isFields, jsonOf, listOf, saysSomething, textIn, wordsIn } from './values.ts'

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
}
/** What Ollama answers when it only loaded or unloaded the model. */
const noAnswers = new Set(['load', 'unload'])
const doneFields = new Set([
  'model',
  'remote_model',
  'remote_host',
  'total_duration',
  'load_duration',
  'prompt_eval_duration',
  'eval_duration',
])

export const ollama: Dialect<OllamaAccent> = {
  ...ollamaAsking,
  decoder: (writer, accent) => new OllamaDecoder(writer, accent),
}

class OllamaDecoder implements Decoder {
  readonly findings: Findings = newFindings()
  readonly #writer: EventWriter
  readonly #tags: ThinkTagSplitter | undefined
  #calls = 0
  #first: unknown
  #counters: Fields | undefined

  constructor(writer: EventWriter, accent: OllamaAccent) {
    this.#writer = writer
    this.#tags = accent.thinkTags && new ThinkTagSplitter(writer, accent.thinkTags)
  }

  decode(value: unknown): void {
    if (!isFields(value)) return this.#writer.raw(value)
    this.#first ??= value
    if (isFields(value['message'])) this.#decodeMessage(value['message'])
    else if (typeof value['response'] === 'string') this.#decodeMessage({ ...value, content: value['response'] })
    else if (value['done'] === undefined && !value['error']) this.#decodeOther(value)
    for (const each of listOf(value['logprobs'])) listIn(this.findings.metadata, 'logprobs').push(each)
    if (value['error']) noteFailure(this.findings, value)
    if (value['done'] === true) this.#decodeDone(value)
  }

  plain(value: unknown): PlainValue | undefined {
    const { message, done, error, logprobs } = fieldsOf(value)
    if (!isFields(message) || done || error || saysSomething(logprobs)) return undefined
    const { content, thinking, tool_calls: calls } = message
    if (saysSomething(calls) || saysSomething(content) === saysSomething(thinking)) return undefined
    const field = saysSomething(content) ? 'content' : 'thinking'
    return { text: ['message', field], free: [['created_at']], say: (words) => this.#decodeMessage({ [field]: words }) }
  }

  mark(): boolean {
    return false
  }

  /** A gateway in front of the server may report a failure in words of its own. */
  #decodeOther(value: Fields): void {
    const failure = failureIn(value)
    if (failure === undefined) this.#writer.raw(value)
    else this.findings.failure = failure
  }

  finish(): void {
    this.#tags?.finish()
  }

  usage(): Usage | undefined {
    const counters = this.#counters
    if (counters === undefined) return undefined
    return usageOf(
      {
        inputTokens: counters['prompt_eval_count'],
        outputTokens: counters['eval_count'],
        totalTokens: undefined,
        cachedInputTokens: undefined,
        cacheWriteInputTokens: undefined,
        reasoningTokens: undefined,
      },
      counters,
    )
  }

  #decodeMessage(message: Fields): void {
    this.#think(flatText(message['thinking']))
    const text = flatText(message['content'])
    if (this.#tags === undefined) this.#writer.text(text)
    else this.#tags.text(text)
    for (const call of listOf(message['tool_calls'])) if (isFields(call)) this.#decodeCall(call)
  }

  #think(text: string): void {
    if (text === '') return
    this.#tags?.finish()
    this.#writer.thinking(text)
  }

  /** Each call comes whole, its arguments as an object; some servers send them as text. */
  #decodeCall(call: Fields): void {
    this.#tags?.finish()
    const called = fieldsOf(call['function'])
    const seed = seedOf(this.findings, this.#first)
    const id = textIn(call['id']) ?? textIn(called['id']) ?? mintedId(seed, this.#calls)
    this.#calls += 1
    const input = called['arguments']
    const raw = typeof input === 'string' ? input : jsonOf(input ?? {})
    const closed = raw.trim() === '' || isWholeJson(raw)
    this.findings.allToolCallsClosed &&= closed
    const handle = this.#writer.beginToolUse(id, wordsIn(called['name']))
    this.#writer.toolUseDelta(handle, raw)
    this.#writer.endToolUse(handle, { incomplete: !closed })
  }

  #decodeDone(value: Fields): void {
    this.findings.marker = true
    const reason = value['done_reason']
    if (typeof reason === 'string' && noAnswers.has(reason)) {
      this.findings.noAnswer = true
      this.findings.finishRaw = reason
    } else noteFinish(this.findings, reason, finishReasons)
    noteFields(this.findings, value, doneFields)
    const { prompt_eval_count: input, eval_count: output } = value
    if (typeof input === 'number' || typeof output === 'number') this.#counters = countersIn(value)
  }
}

/** The provider's own counters, and the times that it took. Nanoseconds. */
function countersIn(value: Fields): Fields {
  return Object.fromEntries(Object.entries(value).filter(([key]) => /_(count|duration)$/.test(key)))
}
