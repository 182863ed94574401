// Google's Gemini. https://ai.google.dev/api/generate-content
import type { FinishReason } from '../core/ending.ts'
import { failureIn } from '../core/provider-failure.ts'
import { sumReported, type Usage, usageOf } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import type { Decoder, Dialect, Findings, FrameContext } from './dialect.ts'
import { newFindings, noteFinish } from './findings.ts'
import { formatGemini, type GeminiRequestAccent, requestGemini } from './gemini.format.ts'
import { mintedId } from './tool-calls.ts'
import { type Fields, fieldsOf, isFields, listOf, textIn } from './values.ts'

export interface GeminiAccent extends GeminiRequestAccent {}

/** https://ai.google.dev/api/generate-content#FinishReason */
const finishReasons: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'content-filter',
  RECITATION: 'content-filter',
  LANGUAGE: 'content-filter',
  BLOCKLIST: 'content-filter',
  PROHIBITED_CONTENT: 'content-filter',
  SPII: 'content-filter',
  IMAGE_SAFETY: 'content-filter',
  IMAGE_PROHIBITED_CONTENT: 'content-filter',
  IMAGE_RECITATION: 'content-filter',
}
/** The model called a tool wrongly; asking again may well help. */
const badCalls = new Set(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'])

export const gemini: Dialect<GeminiAccent> = {
  name: 'gemini',
  framing: 'sse',
  roles: ['system', 'user', 'assistant', 'model', 'function', 'tool'],
  format: formatGemini,
  request: requestGemini,
  decoder: (writer) => new GeminiDecoder(writer),
}

class GeminiDecoder implements Decoder {
  readonly findings: Findings = newFindings()
  readonly #writer: EventWriter
  #calls = 0
  #candidate: number | undefined
  #usage: Fields | undefined

  constructor(writer: EventWriter) {
    this.#writer = writer
  }

  decode(value: unknown, _frame: FrameContext): void {
    if (Array.isArray(value)) {
      for (const each of value) this.decode(each, _frame)
      return
    }
    if (!isFields(value)) return this.#writer.raw(value)
    if (value['error'] !== undefined)
      this.findings.failure = failureIn(value) ?? { message: JSON.stringify(value).slice(0, 500) }
    if (isFields(value['usageMetadata'])) this.#usage = value['usageMetadata']
    this.#noteReply(value)
    for (const candidate of listOf(value['candidates'])) this.#decodeCandidate(fieldsOf(candidate))
    if (isFields(value['promptFeedback'])) this.#decodeFeedback(value['promptFeedback'])
  }

  mark(text: string): boolean {
    return text === '[DONE]'
  }

  finish(): void {}

  /** `candidatesTokenCount` leaves thoughts out on this wire; our output counts them. */
  usage(): Usage | undefined {
    const usage = this.#usage
    if (usage === undefined) return undefined
    const thoughts = usage['thoughtsTokenCount']
    const said = usage['candidatesTokenCount'] ?? (thoughts === undefined ? undefined : 0)
    return usageOf(
      {
        inputTokens: usage['promptTokenCount'],
        outputTokens: sumReported(said, thoughts),
        totalTokens: usage['totalTokenCount'],
        cachedInputTokens: usage['cachedContentTokenCount'],
        cacheWriteInputTokens: undefined,
        reasoningTokens: thoughts,
      },
      usage,
    )
  }

  #decodeCandidate(candidate: Fields): void {
    const index = typeof candidate['index'] === 'number' ? candidate['index'] : 0
    const parts = listOf(fieldsOf(candidate['content'])['parts'])
    if (parts.length > 0) this.#candidate ??= index
    if (this.#candidate !== undefined && index !== this.#candidate) return
    for (const part of parts) this.#decodePart(fieldsOf(part))
    this.#noteFinish(candidate)
    for (const field of [
      'safetyRatings',
      'groundingMetadata',
      'citationMetadata',
      'urlContextMetadata',
      'finishMessage',
    ]) {
      if (candidate[field]) this.findings.metadata[field] = candidate[field]
    }
  }

  #decodePart(part: Fields): void {
    const signature = textIn(part['thoughtSignature'])
    if (typeof part['text'] === 'string') return this.#decodeText(part['text'], part['thought'] === true, signature)
    if (isFields(part['functionCall'])) return this.#decodeCall(part['functionCall'], signature)
    if (isFields(part['inlineData'])) return this.#decodeMedia(part['inlineData'], signature)
    if (Object.keys(part).length > 0) this.#writer.block({ type: 'raw', dialect: 'gemini', value: part }, signature)
  }

  /** A signature stays on the block that its part belongs to; an empty last part signs the text before it. */
  #decodeText(text: string, thought: boolean, signature: string | undefined): void {
    const type = thought ? 'thinking' : 'text'
    if (thought) this.#writer.thinking(text)
    else this.#writer.text(text)
    if (signature !== undefined) this.#writer.sign(type, signature)
  }

  /** Calls come whole on this wire, often without an id. */
  #decodeCall(call: Fields, signature: string | undefined): void {
    const seed = textIn(this.findings.metadata['responseId']) ?? this.#writer.id
    const id = textIn(call['id']) ?? mintedId(seed, this.#calls)
    this.#calls += 1
    const handle = this.#writer.beginToolUse(id, String(call['name'] ?? ''))
    this.#writer.toolUseDelta(handle, JSON.stringify(call['args'] ?? {}))
    this.#writer.endToolUse(handle, { signature })
  }

  #decodeMedia(data: Fields, signature: string | undefined): void {
    const mimeType = textIn(data['mimeType']) ?? 'application/octet-stream'
    const kind = mimeType.split('/')[0]
    const type = kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file'
    this.#writer.block({ type, url: `data:${mimeType};base64,${String(data['data'] ?? '')}`, mimeType }, signature)
  }

  /** STOP may stand on early chunks: the last reason counts, when the stream is over. */
  #noteFinish(candidate: Fields): void {
    const raw = candidate['finishReason']
    noteFinish(this.findings, raw === 'FINISH_REASON_UNSPECIFIED' ? null : raw, finishReasons)
    if (typeof raw !== 'string' || !badCalls.has(raw)) return
    const message = textIn(candidate['finishMessage']) ?? 'the model called a tool in a way that could not be read'
    this.findings.failure = { message: `${raw}: ${message}`, code: 'bad_tool_call', retryable: true }
  }

  #decodeFeedback(feedback: Fields): void {
    const reason = textIn(feedback['blockReason'])
    if (reason === undefined) return
    this.findings.finish = 'content-filter'
    this.findings.finishRaw = reason
    this.findings.metadata['blockReason'] = reason
    this.findings.metadata['promptFeedback'] = feedback
  }

  #noteReply(value: Fields): void {
    const { metadata } = this.findings
    if (textIn(value['responseId'])) metadata['responseId'] ??= value['responseId']
    if (textIn(value['modelVersion'])) metadata['model'] = value['modelVersion']
  }
}
