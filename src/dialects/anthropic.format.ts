// Requests in the form of Anthropic's messages API: blocks, a system prompt apart, alternating roles.
// https://docs.anthropic.com/en/api/messages
import { carriedTurns } from '../core/carried-media.ts'
import { mediaSource, textOfMedia, unsupportedMedia } from '../core/media.ts'
import type { MediaBlock, Msg, ThinkingBlock, ToolUseBlock } from '../core/message.ts'
import { type FoldedTurn, foldedText, foldHistory, relocateMedia, resultText } from '../core/perspective.ts'
import type { ToolSchema } from '../core/tool.ts'
import {
  inputObject,
  isMedia,
  type SpeechTurn,
  spokenText,
  type ToolAnswer,
  type Turn,
  turnsOf,
} from '../core/turns.ts'
import { outputFormat } from './anthropic.structured.ts'
import type { DialectCall, Perspective, WireMessage, WireRequest } from './dialect.ts'
import type { PrefillAccent } from './prefill.ts'
import type { StructuredAccent } from './structured.ts'
import {
  callName,
  offeredTools,
  onlySystem,
  type ResolvedChoice,
  resolvedChoice,
  schemaOf,
  without,
} from './tool-request.ts'
import { type Fields, fieldsOf, isFields, listOf } from './values.ts'

export interface AnthropicRequestAccent extends StructuredAccent, PrefillAccent {
  /** The `anthropic-version` header. */
  version: string
  /** `max_tokens` when the options do not say; the API requires it. AgentScope: 2048. */
  maxTokens: number
}

type CallIds = Map<ToolUseBlock, string>

/** A conversation on this wire has to begin with a user turn. */
const opening = { type: 'text', text: '(The conversation begins.)' }

/** The messages for one call, in this wire's form: a leading system message as a string, then turns that alternate. */
export function formatAnthropic(
  messages: readonly Msg[],
  perspective: Perspective,
  _accent?: AnthropicRequestAccent,
  continues = false,
): WireMessage[] {
  const turns = carriedTurns(turnsOf(messages, 'anthropic'), mediaBlock)
  const places = { assistant: false, results: true }
  const { system, turns: kept } = perspective === 'chat' ? splitSystem(turns) : foldHistory(turns)
  const alternating: { role: string; content: unknown[] }[] = []
  const ids = callIds(kept)
  for (const turn of relocateMedia<Turn | FoldedTurn>(kept, places)) {
    const content = contentOf(turn, ids)
    if (content.length === 0) continue
    const role = turn.role === 'assistant' ? 'assistant' : 'user'
    const last = alternating.at(-1)
    if (last?.role === role) last.content.push(...content)
    else alternating.push({ role, content })
  }
  if (!continues && alternating[0]?.role === 'assistant') alternating.unshift({ role: 'user', content: [opening] })
  return [...(system === undefined ? [] : [{ role: 'system', content: spokenText(system) }]), ...alternating]
}

function splitSystem(turns: Turn[]): { system?: SpeechTurn; turns: Turn[] } {
  const [first, ...rest] = turns
  return first?.role === 'system' ? { system: first, turns: rest } : { turns }
}

/** Ids of this wire's letters, each only once in a request: other providers count anew, or write what they like. */
function callIds(turns: readonly (Turn | FoldedTurn)[]): CallIds {
  const ids: CallIds = new Map()
  const used = new Set<string>()
  for (const turn of turns) {
    for (const { call } of turn.role === 'results' ? turn.results : []) {
      const own = call.id.replace(/[^a-zA-Z0-9_-]/g, '_') || 'call'
      let id = own
      for (let count = 2; used.has(id); count += 1) id = `${own}_${count}`
      used.add(id)
      ids.set(call, id)
    }
  }
  return ids
}

function contentOf(turn: Turn | FoldedTurn, ids: CallIds): unknown[] {
  if (turn.role === 'results') return turn.results.map((answer) => resultBlock(answer, ids))
  if (turn.role === 'folded') {
    const media = turn.media.map(({ block, at }) => mediaBlock(block, at))
    return [{ type: 'text', text: foldedText(turn) }, ...media]
  }
  return turn.blocks.flatMap((block): unknown[] => {
    if (block.type === 'text') return textBlocks(block.text)
    if (block.type === 'thinking') return turn.role === 'assistant' ? thinkingBlocks(block) : []
    if (block.type === 'raw') return [block.value]
    if (block.type !== 'tool_use') return [mediaBlock(block, turn.at)]
    return [callBlock(block, ids)]
  })
}

/** `caller` goes back as it came: a program of the provider's waits for that answer. */
function callBlock(block: ToolUseBlock, ids: CallIds): Fields {
  const { caller } = block.metadata ?? {}
  const called = { id: ids.get(block) ?? block.id, name: callName(block.name), input: inputObject(block) }
  return { type: 'tool_use', ...called, ...(isFields(caller) && { caller }) }
}

/** The API refuses text that is nothing but white space. */
function textBlocks(text: string): Fields[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }]
}

/** Only signed thinking is accepted back; the redacted kind travels as it came. */
function thinkingBlocks({ thinking, signature, redacted }: ThinkingBlock): Fields[] {
  if (redacted !== undefined) return [{ type: 'redacted_thinking', data: redacted }]
  return signature === undefined ? [] : [{ type: 'thinking', thinking, signature }]
}

function resultBlock({ call, output, isError, at }: ToolAnswer, ids: CallIds): Fields {
  const content =
    typeof output !== 'string' && output.some(isMedia)
      ? output.flatMap((block) => (isMedia(block) ? [mediaBlock(block, at)] : textBlocks(resultText([block], at))))
      : resultText(output, at)
  return { type: 'tool_result', tool_use_id: ids.get(call) ?? call.id, content, ...(isError && { is_error: true }) }
}

/** https://docs.anthropic.com/en/docs/build-with-claude/vision */
const imageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

function mediaBlock(block: MediaBlock, at: number): Fields {
  const source = mediaSource(block, at)
  const advice = 'It takes images (PNG, JPEG, GIF, WebP), PDF documents and plain text.'
  if (block.type === 'audio' || block.type === 'video') {
    throw unsupportedMedia(block, at, 'the Anthropic wire', advice)
  }
  const type = block.type === 'image' ? 'image' : 'document'
  if (source.kind === 'url') return { type, source: { type: 'url', url: source.url } }
  if (type === 'image' && !imageTypes.includes(source.mimeType))
    throw unsupportedMedia(block, at, 'the Anthropic wire', advice)
  if (type === 'image' || source.mimeType === 'application/pdf') {
    return { type, source: { type: 'base64', media_type: source.mimeType, data: source.base64 } }
  }
  if (!source.mimeType.startsWith('text/')) throw unsupportedMedia(block, at, 'the Anthropic wire', advice)
  return { type, source: { type: 'text', media_type: 'text/plain', data: textOfMedia(block, source.base64, at) } }
}

/** One call as an HTTP request. System messages at the head become the system prompt. */
export function requestAnthropic(call: DialectCall<AnthropicRequestAccent>): WireRequest {
  const { model, stream, format, extras, accent } = call
  const firstOther = call.messages.findIndex((message) => message['role'] !== 'system')
  if (firstOther < 0) throw onlySystem()
  const system = systemOf([
    extras['system'],
    ...call.messages.slice(0, firstOther).map((message) => message['content']),
  ])
  const tools = offeredTools(call, anthropicTool)
  const choice = resolvedChoice(call)
  return {
    path: '/v1/messages',
    headers: { 'anthropic-version': accent.version },
    body: {
      max_tokens: accent.maxTokens,
      ...without(extras, 'model', 'messages', 'stream', 'system', 'tools'),
      model,
      ...(system !== undefined && { system }),
      messages: call.messages.slice(firstOther).map(plainMessage),
      stream,
      ...(tools !== undefined && { tools }),
      ...(choice !== undefined && { tool_choice: choiceOf(choice) }),
      ...(format !== undefined && {
        output_config: { ...fieldsOf(extras['output_config']), format: outputFormat(format) },
      }),
    },
  }
}

export function formatAnthropicTools(tools: readonly ToolSchema[]): Fields[] {
  return tools.map(anthropicTool)
}

function anthropicTool(tool: ToolSchema): Fields {
  const { name, description, strict } = tool
  return {
    name,
    ...(description !== undefined && { description }),
    input_schema: schemaOf(tool),
    ...(strict !== undefined && { strict }),
  }
}

/** Strings are joined; as soon as one prompt is a list of blocks (with cache marks, say), all are. */
function systemOf(prompts: unknown[]): string | unknown[] | undefined {
  const given = prompts.filter((prompt) => prompt !== undefined && prompt !== '')
  if (given.length === 0) return undefined
  if (given.every((prompt) => typeof prompt === 'string')) return given.join('\n\n')
  return given.flatMap((prompt) => (typeof prompt === 'string' ? [{ type: 'text', text: prompt }] : listOf(prompt)))
}

/** Native messages pass untouched; of the plain form this wire has no names and no later system messages. */
function plainMessage(message: WireMessage): WireMessage {
  const { role, content, name, ...rest } = message
  if (typeof content !== 'string') return message
  return { role: role === 'system' ? 'user' : role, content, ...rest }
}

function choiceOf(choice: ResolvedChoice): Fields {
  if (choice.mode === 'tool') return { type: 'tool', name: choice.name }
  return { type: choice.mode === 'required' ? 'any' : choice.mode }
}
