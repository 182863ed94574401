// Ollama's chat. https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion
import type { FinishReason } from '../core/ending.ts'
import { isWholeJson } from '../core/json.ts'
import { failureIn } from '../core/provider-failure.ts'
import { type Usage, usageOf } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import type { Decoder, Dialect, Findings } from './dialect.ts'
import { newFindings, noteFinish } from './findings.ts'
import { formatOllama, type OllamaRequestAccent, requestOllama } from './ollama.format.ts'
import { ThinkTagSplitter, type ThinkTags } from './think-tags.ts'
import { mintedId } from './tool-calls.ts'
import { type Fields, fieldsOf, flatText, isFields, listOf, textIn } from './values.ts'

export interface OllamaAccent extends OllamaRequestAccent {
  /** Set for models whose template writes reasoning into the text between tags. */
  thinkTags?: ThinkTags
}

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
}
/** What Ollama answers when it only loaded or unloaded the model. */
const noAnswers = new Set(['load', 'unload'])

export const ollama: Dialect<OllamaAccent> = {
  name: 'ollama',
  framing: 'ndjson',
  nestedExtras: ['options'],
  roles: ['system', 'user', 'assistant', 'tool'],
  format: formatOllama,
  request: requestOllama,
  decoder: (writer, accent) => new OllamaDecoder(writer, accent),
}

class OllamaDecoder implements Decoder {
  readonly findings: Findings = newFindings()
  readonly #writer: EventWriter
  readonly #tags: ThinkTagSplitter | undefined
  #calls = 0
  #seed: string | undefined
  #counters: Fields | undefined

  constructor(writer: EventWriter, accent: OllamaAccent) {
    this.#writer = writer
    this.#tags = accent.thinkTags && new ThinkTagSplitter(writer, accent.thinkTags)
  }

  decode(value: unknown): void {
    if (!isFields(value)) return this.#writer.raw(value)
    if (value['error']) this.findings.failure = failureIn(value) ?? { message: JSON.stringify(value).slice(0, 500) }
    this.#seed ??= textIn(value['created_at'])
    if (isFields(value['message'])) this.#decodeMessage(value['message'])
    if (value['done'] === true) this.#decodeDone(value)
  }

  mark(): boolean {
    return false
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
    const { thinking, content } = message
    if (typeof thinking === 'string') this.#writer.thinking(thinking)
    if (content) {
      const text = flatText(content)
      if (this.#tags === undefined) this.#writer.text(text)
      else this.#tags.text(text)
    }
    for (const call of listOf(message['tool_calls'])) this.#decodeCall(fieldsOf(call))
  }

  /** Each call comes whole, its arguments as an object; some servers send them as text. */
  #decodeCall(call: Fields): void {
    const called = fieldsOf(call['function'])
    const id = textIn(call['id']) ?? textIn(called['id']) ?? mintedId(this.#seed ?? this.#writer.id, this.#calls)
    this.#calls += 1
    const input = called['arguments']
    const raw = typeof input === 'string' ? input : JSON.stringify(input ?? {})
    const closed = raw.trim() === '' || isWholeJson(raw)
    this.findings.allToolCallsClosed &&= closed
    const handle = this.#writer.beginToolUse(id, String(called['name'] ?? ''))
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
    const { metadata } = this.findings
    if (textIn(value['model'])) metadata['model'] = value['model']
    for (const field of ['total_duration', 'load_duration', 'prompt_eval_duration', 'eval_duration']) {
      if (typeof value[field] === 'number') metadata[field] = value[field]
    }
    if (value['prompt_eval_count'] === undefined && value['eval_count'] === undefined) return
    this.#counters = { prompt_eval_count: value['prompt_eval_count'], eval_count: value['eval_count'] }
  }
}
