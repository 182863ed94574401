// Requests in OpenAI's chat completions form: messages, tools and options.
// https://platform.openai.com/docs/api-reference/chat/create
import { carriedTurns } from '../core/carried-media.ts'
import { mediaSource, unsupportedMedia } from '../core/media.ts'
import type { MediaBlock, Msg } from '../core/message.ts'
import { type FoldedTurn, foldedText, resultText, seenTurns } from '../core/perspective.ts'
import {
  isMedia,
  type SpeechTurn,
  spokenText,
  type ToolAnswer,
  type Turn,
  thinkingText,
  turnsOf,
} from '../core/turns.ts'
import type { DialectCall, Perspective, WireMessage, WireRequest } from './dialect.ts'
import type { PrefillAccent } from './prefill.ts'
import { responseFormat, type StructuredAccent } from './structured.ts'
import { functionCalls, functionChoice, functionTool, offeredTools, resolvedChoice, without } from './tool-request.ts'
import { type Fields, isFields, textIn } from './values.ts'

/** What the servers of this wire expect of a request. */
export interface OpenAIChatRequestAccent extends StructuredAccent, PrefillAccent {
  /** `parts`: content as a list of parts (AgentScope's OpenAI formatter). `text`: a string unless media are there. */
  contentStyle: 'parts' | 'text'
  /** What multi-agent means: `roles` keeps roles and names, `folded` makes one user turn of the history. */
  multiAgent: 'roles' | 'folded'
  /** Whether messages carry the speaker's `name`. */
  namedMessages: boolean
  /** Whether to ask for usage with `stream_options` when streaming. */
  streamOptions: boolean
  /** The field of assistant messages in which thinking goes back, for servers that want it. Absent: it stays here. */
  replayedReasoningField?: string
  /** Whether messages with calls have that field even when the model thought nothing. */
  replaysEmptyReasoning?: boolean
  /**
   * Where the signature of a call goes back, which Gemini wants: as Google's own endpoint has it, or as a LiteLLM proxy.
   * Absent: it stays here. https://ai.google.dev/gemini-api/docs/thought-signatures
   */
  callSignature?: 'extra-content' | 'provider-fields' | undefined
  /** Stands in for the signature of a first call that came from another model. */
  placeholderSignature?: string
  /** Fields of a message's metadata that go back in assistant messages (`reasoning_details`, `thinking_blocks`). */
  replayedMetadata?: readonly string[]
  /** Whether the server takes `video_url` parts. */
  videoParts?: boolean
  /** Whether the server takes files as `file_url` parts, by their address alone, in place of `file` parts with the data. */
  fileUrlParts?: boolean
}

/** The messages for one call, in this wire's form. */
export function formatOpenAIChat(
  messages: readonly Msg[],
  perspective: Perspective,
  accent: OpenAIChatRequestAccent,
): WireMessage[] {
  const isFolded = perspective === 'multi-agent' && accent.multiAgent === 'folded'
  const turns = carriedTurns(turnsOf(messages, 'openai-chat'), (block, at) => mediaPart(block, at, accent))
  return seenTurns(turns, isFolded).flatMap((turn) => turnMessages(turn, accent))
}

function turnMessages(turn: Turn | FoldedTurn, accent: OpenAIChatRequestAccent): WireMessage[] {
  if (turn.role === 'results') return turn.results.map((answer) => toolMessage(answer, accent))
  if (turn.role === 'folded') return [foldedMessage(turn, accent)]
  const message = turn.role === 'assistant' ? assistantMessage(turn, accent) : spokenMessage(turn, accent)
  return message === undefined ? [] : [message]
}

function foldedMessage(turn: FoldedTurn, accent: OpenAIChatRequestAccent): WireMessage {
  const text = turn.lines.length === 0 ? '' : foldedText(turn)
  const media = turn.media.map(({ block, at }) => mediaPart(block, at, accent))
  if (accent.contentStyle === 'text' && media.length === 0) return { role: 'user', content: text }
  return { role: 'user', content: [...(text === '' ? [] : [{ type: 'text', text }]), ...media] }
}

function spokenMessage(turn: SpeechTurn, accent: OpenAIChatRequestAccent): WireMessage | undefined {
  const content = contentOf(turn, accent)
  return content === undefined ? undefined : { role: turn.role, ...nameOf(turn.name, accent), content }
}

function assistantMessage(turn: SpeechTurn, accent: OpenAIChatRequestAccent): WireMessage | undefined {
  const content = contentOf(turn, accent)
  const calls = signedCalls(turn, accent)
  const raw = rawFields(turn)
  // Thoughts alone are no message: what broke off before a word was said is refused.
  if (content === undefined && calls.length === 0 && Object.keys(raw).length === 0) return undefined
  return {
    role: 'assistant',
    ...nameOf(turn.name, accent),
    content: content ?? null,
    ...replayedFields(turn, calls.length > 0, accent),
    ...raw,
    ...(calls.length > 0 && { tool_calls: calls }),
  }
}

/** The first call of a turn is the one that must be signed. */
function signedCalls(turn: SpeechTurn, { callSignature, placeholderSignature }: OpenAIChatRequestAccent): Fields[] {
  const calls = functionCalls(turn)
  if (callSignature === undefined) return calls
  const blocks = turn.blocks.filter((block) => block.type === 'tool_use')
  return calls.map((call, at) => {
    const signature = blocks[at]?.signature ?? (at === 0 ? placeholderSignature : undefined)
    if (signature === undefined) return call
    const signed = { thought_signature: signature }
    const isProxied = callSignature === 'provider-fields'
    return { ...call, ...(isProxied ? { provider_specific_fields: signed } : { extra_content: { google: signed } }) }
  })
}

/** Thinking and vendor data that the server wants to see again. */
function replayedFields(turn: SpeechTurn, calls: boolean, accent: OpenAIChatRequestAccent): Fields {
  const fields: Fields = {}
  const thinking = thinkingText(turn)
  const saysThinking = thinking !== '' || (calls && accent.replaysEmptyReasoning === true)
  if (accent.replayedReasoningField !== undefined && saysThinking) fields[accent.replayedReasoningField] = thinking
  for (const field of accent.replayedMetadata ?? []) {
    const value = signedOnly(turn.metadata?.[field])
    if (value !== undefined) fields[field] = value
  }
  return fields
}

/** Fields of the message that only this wire understands. */
function rawFields(turn: SpeechTurn): Fields {
  const fields: Fields = {}
  for (const block of turn.blocks) {
    if (block.type === 'raw' && isFields(block.value) && !isPart(block.value)) Object.assign(fields, block.value)
  }
  return fields
}

/** Thoughts that broke off before they were signed are refused, so they stay here; of other details all go back. */
function signedOnly(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  const kept = value.filter((each) => !(isFields(each) && each['type'] === 'thinking' && !textIn(each['signature'])))
  return kept.length === 0 ? undefined : kept
}

/** A raw value with a `type` is a part of the content, any other holds fields of the message. */
function isPart(value: unknown): boolean {
  return isFields(value) && textIn(value['type']) !== undefined
}

function contentOf(turn: SpeechTurn, accent: OpenAIChatRequestAccent): string | Fields[] | undefined {
  const isPlain = turn.blocks.every((block) => !isMedia(block) && !(block.type === 'raw' && isPart(block.value)))
  if (accent.contentStyle === 'text' && isPlain) return spokenText(turn) || undefined
  const parts = turn.blocks.flatMap((block): Fields[] => {
    if (block.type === 'text') return block.text === '' ? [] : [{ type: 'text', text: block.text }]
    if (block.type === 'raw') return isPart(block.value) ? [block.value as Fields] : []
    return isMedia(block) ? [mediaPart(block, turn.at, accent)] : []
  })
  return parts.length === 0 ? undefined : parts
}

function toolMessage(answer: ToolAnswer, accent: OpenAIChatRequestAccent): WireMessage {
  const { call, output, at } = answer
  return { role: 'tool', tool_call_id: call.id, content: resultText(output, at), ...nameOf(call.name, accent) }
}

/** Names with the characters that this wire refuses replaced. */
function nameOf(name: string, accent: OpenAIChatRequestAccent): { name?: string } {
  const allowed = accent.namedMessages && name ? name.replace(/[\s<|\\/>]+/g, '_').slice(0, 64) : ''
  return allowed === '' ? {} : { name: allowed }
}

const audioFormats: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
}

function mediaPart(block: MediaBlock, at: number, accent: OpenAIChatRequestAccent): Fields {
  const source = mediaSource(block, at)
  if (block.type === 'image') return { type: 'image_url', image_url: { url: source.url } }
  if (block.type === 'video' && accent.videoParts) return { type: 'video_url', video_url: { url: source.url } }
  if (block.type === 'audio' && source.kind === 'data') {
    const format = audioFormats[source.mimeType]
    if (format !== undefined) return { type: 'input_audio', input_audio: { data: source.base64, format } }
  }
  const { fileUrlParts = false } = accent
  if (block.type === 'file' && source.kind === 'url' && fileUrlParts) {
    return { type: 'file_url', file_url: { url: source.url } }
  }
  if (block.type === 'file' && source.kind === 'data' && !fileUrlParts) {
    const filename = textIn(block.metadata?.['filename']) ?? `file.${source.mimeType.split('/')[1] ?? 'bin'}`
    return { type: 'file', file: { filename, file_data: source.url } }
  }
  const files = fileUrlParts ? 'by URL' : 'as a data URI'
  const advice = `It takes images by URL or data URI, wav and mp3 audio as a data URI, and files ${files}.`
  throw unsupportedMedia(block, at, 'the OpenAI chat wire', advice)
}

/** One call as an HTTP request. Options stand beside the messages and win over nothing fixed. */
export function requestOpenAIChat(call: DialectCall<OpenAIChatRequestAccent>): WireRequest {
  const { model, messages, stream, format, extras, accent } = call
  const tools = offeredTools(call, functionTool)
  const choice = resolvedChoice(call)
  const body: Fields = {
    ...without(extras, 'model', 'messages', 'stream', 'stream_options', 'tools'),
    model,
    messages,
    stream,
    ...(tools !== undefined && { tools }),
    ...(choice !== undefined && { tool_choice: functionChoice(choice) }),
    ...(format !== undefined && { response_format: responseFormat(format) }),
  }
  const options = streamOptionsOf(extras['stream_options'], accent)
  if (stream && options !== undefined) body['stream_options'] = options
  return { path: '/chat/completions', headers: {}, body }
}

/** The user's own win; `null` keeps the field out, for servers that refuse it. */
function streamOptionsOf(own: unknown, accent: OpenAIChatRequestAccent): unknown {
  if (own === null) return undefined
  return own ?? (accent.streamOptions ? { include_usage: true } : undefined)
}
