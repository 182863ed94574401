// Google's Gemini. https://ai.google.dev/api/generate-content
// Longer than its neighbours: every kind of part and every finish reason of this wire has a meaning of its own.
import type { FinishReason } from '../core/ending.ts'
import { failureIn } from '../core/provider-failure.ts'
import { sumReported, type Usage, usageOf } from '../core/usage.ts'
import type { EventWriter } from '../core/writer.ts'
import type { Decoder, Dialect, Findings, FrameContext, PlainValue } from './dialect.ts'
import { newFindings, noteFailure, noteFields, noteFinish, noteOtherChoice, seedOf } from './findings.ts'
import { type GeminiAccent, geminiAsking } from './gemini.asking.ts'
import { applyPartialArg, noArgs } from './gemini.partial-args.ts'
import { mintedId } from './tool-calls.ts'
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
  wordsIn,
} from './values.ts'

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
  MODEL_ARMOR: 'content-filter',
}
/** The model called a tool wrongly; asking again may well help. */
const badCalls = new Set(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS'])
/** Whatever else failed, and whether asking again may help. */
const failures: Readonly<Record<string, boolean>> = { MALFORMED_RESPONSE: true, MISSING_THOUGHT_SIGNATURE: false }
/** Findings beside the parts. */
const candidateFields = new Set([
  'safetyRatings',
  'groundingMetadata',
  'citationMetadata',
  'urlContextMetadata',
  'finishMessage',
  'avgLogprobs',
  'logprobsResult',
])

/** A call whose arguments come in pieces. */
interface OpenCall {
  handle: number
  args: Fields
  signature: string | undefined
}

export const gemini: Dialect<GeminiAccent> = {
  ...geminiAsking,
  decoder: (writer) => new GeminiDecoder(writer),
}

class GeminiDecoder implements Decoder {
  readonly findings: Findings = newFindings()
  readonly #writer: EventWriter
  #calls = 0
  #candidate: number | undefined
  #usage: Fields | undefined
  #first: unknown
  #open: OpenCall | undefined

  constructor(writer: EventWriter) {
    this.#writer = writer
  }

  decode(value: unknown, _frame: FrameContext): void {
    if (Array.isArray(value)) {
      for (const each of value) this.decode(each, _frame)
      return
    }
    if (!isFields(value)) return this.#writer.raw(value)
    this.#first ??= value
    if (holdsNumbers(value['usageMetadata'])) this.#usage = value['usageMetadata']
    this.#noteReply(value)
    for (const candidate of listOf(value['candidates'])) if (isFields(candidate)) this.#decodeCandidate(candidate)
    if (isFields(value['promptFeedback'])) this.#decodeFeedback(value['promptFeedback'])
    if (saysSomething(value['error'])) noteFailure(this.findings, value)
    else if (!isKnown(value)) this.#decodeOther(value)
  }

  plain(value: unknown): PlainValue | undefined {
    const { candidates, promptFeedback, error } = fieldsOf(value)
    if (!Array.isArray(candidates) || candidates.length !== 1 || isFields(promptFeedback)) return undefined
    const candidate = fieldsOf(candidates[0])
    const parts = listOf(fieldsOf(candidate['content'])['parts'])
    if ((placeIn(candidate['index']) ?? 0) !== this.#candidate || parts.length !== 1) return undefined
    if (saysSomething(error) || candidate['finishReason']) return undefined
    const { text, thought, thoughtSignature } = fieldsOf(parts[0])
    if (typeof text !== 'string' || thoughtSignature) return undefined
    return {
      text: ['candidates', 0, 'content', 'parts', 0, 'text'],
      free: [['usageMetadata'], ['createTime']],
      say: (words) => this.#decodeText(words, thought === true, undefined),
    }
  }

  recount(value: unknown): void {
    const { usageMetadata } = fieldsOf(value)
    if (holdsNumbers(usageMetadata)) this.#usage = usageMetadata
  }

  mark(text: string): boolean {
    return text === '[DONE]'
  }

  finish(): void {
    if (this.#open === undefined) return
    this.findings.allToolCallsClosed = false
    this.#endOpenCall(true)
  }

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
    const index = placeIn(candidate['index']) ?? 0
    const parts = listOf(fieldsOf(candidate['content'])['parts'])
    if (parts.length > 0) this.#candidate ??= index
    if (this.#candidate !== undefined && index !== this.#candidate) {
      return noteOtherChoice(this.findings, index, flatText(parts), candidate['finishReason'])
    }
    for (const part of parts) this.#decodePart(part)
    this.#noteFinish(candidate)
    noteFields(this.findings, candidate, candidateFields)
  }

  #decodePart(part: unknown): void {
    if (!isFields(part)) return this.#writer.raw(part)
    const { text, thought, functionCall: call, inlineData: data, fileData: file } = part
    const signature = textIn(part['thoughtSignature'])
    if (typeof text === 'string' || typeof text === 'number') {
      return this.#decodeText(wordsIn(text), thought === true, signature)
    }
    if (isFields(call)) return this.#decodeCall(call, signature)
    if (isFields(data)) return this.#decodeMedia(data, `data:${mimeTypeOf(data)};base64,${wordsIn(data['data'])}`, part)
    if (isFields(file) && textIn(file['fileUri'])) return this.#decodeMedia(file, file['fileUri'] as string, part)
    if (signature !== undefined && hasOnlyFlags(part)) return this.#decodeText('', thought === true, signature)
    if (Object.keys(part).length > 0) this.#writer.block({ type: 'raw', dialect: 'gemini', value: part }, signature)
  }

  /** A signature stays on the block that its part belongs to; an empty last part signs the text before it. */
  #decodeText(text: string, thought: boolean, signature: string | undefined): void {
    const type = thought ? 'thinking' : 'text'
    if (thought) this.#writer.thinking(text)
    else this.#writer.text(text)
    if (signature !== undefined) this.#writer.sign(type, signature)
  }

  /** Calls come whole on this wire, often without an id; on Vertex in pieces, when the request asked for that. */
  #decodeCall(call: Fields, signature: string | undefined): void {
    const { willContinue, partialArgs, args } = call
    const goesOn = this.#open !== undefined && textIn(call['name']) === undefined
    if (!goesOn && willContinue !== true && partialArgs === undefined) {
      const handle = this.#beginCall(call)
      this.#writer.toolUseDelta(handle, jsonOf(args ?? {}))
      return this.#writer.endToolUse(handle, { signature })
    }
    if (!goesOn) {
      this.#endOpenCall(false)
      this.#open = { handle: this.#beginCall(call), args: noArgs(), signature }
    }
    const open = this.#open as OpenCall
    open.signature ??= signature
    if (isFields(args)) Object.assign(open.args, args)
    for (const piece of listOf(partialArgs)) applyPartialArg(open.args, piece)
    if (willContinue !== true) this.#endOpenCall(false)
  }

  #beginCall(call: Fields): number {
    const ordinal = this.#calls++
    const id = textIn(call['id']) ?? mintedId(seedOf(this.findings, this.#first), ordinal)
    return this.#writer.beginToolUse(id, wordsIn(call['name']))
  }

  #endOpenCall(incomplete: boolean): void {
    const open = this.#open
    if (open === undefined) return
    this.#open = undefined
    this.#writer.toolUseDelta(open.handle, jsonOf(open.args))
    this.#writer.endToolUse(open.handle, { incomplete, signature: open.signature })
  }

  #decodeMedia(data: Fields, url: string, part: Fields): void {
    const mimeType = mimeTypeOf(data)
    const kind = mimeType.split('/')[0]
    const type = kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file'
    const thought = part['thought'] === true && { metadata: { thought: true } }
    this.#writer.block({ type, url, mimeType, ...thought }, textIn(part['thoughtSignature']))
  }

  /** STOP may stand on early chunks: the last reason counts, when the stream is over. */
  #noteFinish(candidate: Fields): void {
    const raw = candidate['finishReason']
    noteFinish(this.findings, raw === 'FINISH_REASON_UNSPECIFIED' ? null : raw, finishReasons)
    if (typeof raw !== 'string') return
    const told = textIn(candidate['finishMessage'])
    if (badCalls.has(raw)) {
      const message = told ?? 'the model called a tool in a way that could not be read'
      this.findings.failure = { message: `${raw}: ${message}`, code: 'bad_tool_call', retryable: true }
    } else if (Object.hasOwn(failures, raw)) {
      const message = told ?? 'the answer could not be finished'
      this.findings.failure = { message: `${raw}: ${message}`, code: raw, retryable: failures[raw] === true }
    }
  }

  #decodeFeedback(feedback: Fields): void {
    if (saysSomething(feedback)) this.findings.metadata['promptFeedback'] = feedback
    const reason = textIn(feedback['blockReason'])
    if (reason === undefined || reason === 'BLOCK_REASON_UNSPECIFIED') return
    this.findings.finish = 'content-filter'
    this.findings.finishRaw = reason
    this.findings.metadata['blockReason'] = reason
  }

  #noteReply(value: Fields): void {
    const { metadata } = this.findings
    if (textIn(value['responseId'])) metadata['responseId'] ??= value['responseId']
    if (textIn(value['modelVersion'])) metadata['model'] = value['modelVersion']
  }

  /** A failure without an `error` around it, or nothing that is known. */
  #decodeOther(value: Fields): void {
    const failure = failureIn(value)
    if (failure === undefined) this.#writer.raw(value)
    else this.findings.failure = failure
  }
}

function isKnown(value: Fields): boolean {
  return Boolean(value['candidates'] || value['promptFeedback'] || value['usageMetadata'] || value['responseId'])
}

function mimeTypeOf(data: Fields): string {
  return textIn(data['mimeType']) ?? 'application/octet-stream'
}

/** A part that carries nothing but its signature. */
function hasOnlyFlags(part: Fields): boolean {
  return Object.keys(part).every((key) => key === 'thoughtSignature' || key === 'thought')
}
