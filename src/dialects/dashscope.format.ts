// Requests in DashScope's native form: the text and the multimodal generation service.
// https://www.alibabacloud.com/help/model-studio/qwen-api-via-dashscope
import { carriedTurns } from '../core/carried-media.ts'
import { InputError } from '../core/error.ts'
import { mediaSource, unsupportedMedia } from '../core/media.ts'
import type { MediaBlock, Msg } from '../core/message.ts'
import { type FoldedTurn, foldedText, resultText, seenTurns } from '../core/perspective.ts'
import { isMedia, type SpeechTurn, type Turn, thinkingText, turnsOf } from '../core/turns.ts'
import type { DialectCall, Perspective, StructuredQuestion, WireMessage, WireRequest } from './dialect.ts'
import type { PrefillAccent } from './prefill.ts'
import { asksIn, responseFormat, type StructuredAccent, type StructuredWay } from './structured.ts'
import { functionCalls, functionChoice, functionTool, offeredTools, resolvedChoice, without } from './tool-request.ts'
import { type Fields, fieldsOf, isFields } from './values.ts'

/** What differs between the models and hosts of this wire. */
export interface DashScopeRequestAccent extends StructuredAccent, PrefillAccent {
  /** Which service is asked: `by-content` takes the multimodal one when the model's name or a message calls for it. */
  service: 'by-content' | 'text-generation' | 'multimodal-generation'
  /** Parts of the names of models that only the multimodal service has, for example `-vl`. */
  multimodalModels: readonly string[]
  /** The field of assistant messages in which thinking goes back. Absent: it stays here. */
  replayedReasoningField?: string
}

const mediaKeys = ['image', 'audio', 'video']

/** The messages for one call, in this wire's form. */
export function formatDashScope(
  messages: readonly Msg[],
  perspective: Perspective,
  accent: DashScopeRequestAccent,
): WireMessage[] {
  const isFolded = perspective === 'multi-agent'
  const turns = carriedTurns(turnsOf(messages, 'dashscope'), mediaPart)
  return seenTurns(turns, isFolded).flatMap((turn) => turnMessages(turn, accent))
}

function turnMessages(turn: Turn | FoldedTurn, accent: DashScopeRequestAccent): WireMessage[] {
  if (turn.role === 'results') {
    return turn.results.map(({ call, output, at }) => {
      return { role: 'tool', tool_call_id: call.id, content: resultText(output, at), name: call.name }
    })
  }
  if (turn.role === 'folded') {
    const media = turn.media.map(({ block, at }) => mediaPart(block, at))
    return [{ role: 'user', content: [...media, { text: foldedText(turn) }] }]
  }
  const content = contentOf(turn)
  const extra = turn.role === 'assistant' ? assistantFields(turn, accent) : {}
  if (content.length === 0 && Object.keys(extra).length === 0) return []
  return [{ role: turn.role, content: content.length === 0 ? '' : content, ...extra }]
}

function contentOf(turn: SpeechTurn): unknown[] {
  return turn.blocks.flatMap((block): unknown[] => {
    if (block.type === 'text') return block.text === '' ? [] : [{ text: block.text }]
    if (block.type === 'raw') return [block.value]
    return isMedia(block) ? [mediaPart(block, turn.at)] : []
  })
}

function assistantFields(turn: SpeechTurn, accent: DashScopeRequestAccent): Fields {
  const fields: Fields = {}
  const thinking = thinkingText(turn)
  if (accent.replayedReasoningField !== undefined && thinking !== '') fields[accent.replayedReasoningField] = thinking
  const calls = functionCalls(turn)
  if (calls.length > 0) fields['tool_calls'] = calls
  return fields
}

function mediaPart(block: MediaBlock, at: number): Fields {
  if (block.type === 'file') {
    throw unsupportedMedia(block, at, 'the DashScope wire', 'It takes images, audio and video. Send a text as text.')
  }
  return { [block.type]: mediaSource(block, at).url }
}

/** One call as an HTTP request. Options go into `parameters`; `input`, `parameters` and `resources` into their own place. */
export function requestDashScope(call: DialectCall<DashScopeRequestAccent>): WireRequest {
  const { model, stream, extras } = call
  const service = serviceOf(call)
  const messages = service === 'multimodal-generation' ? call.messages.map(withContentList) : call.messages
  const body: Fields = {
    ...(extras['resources'] !== undefined && { resources: extras['resources'] }),
    model,
    input: { ...fieldsOf(extras['input']), messages },
    parameters: parametersOf(call),
  }
  const headers: Record<string, string> = stream ? { 'X-DashScope-SSE': 'enable', Accept: 'text/event-stream' } : {}
  return { path: `/services/aigc/${service}/generation`, headers, body }
}

/** Whether the service was asked for increments; else every piece repeats the whole text so far. */
export function asksForIncrements(extras: Readonly<Fields>): boolean {
  return (extras['incremental_output'] ?? fieldsOf(extras['parameters'])['incremental_output']) !== false
}

function parametersOf(call: DialectCall<DashScopeRequestAccent>): Fields {
  const options = {
    result_format: 'message',
    incremental_output: true,
    ...fieldsOf(call.extras['parameters']),
    ...without(call.extras, 'model', 'messages', 'stream', 'input', 'parameters', 'resources', 'tools'),
  }
  const tools = offeredTools(call, functionTool)
  const choice = choiceOf(call)
  return {
    ...(call.stream ? options : without(options, 'incremental_output')),
    ...(tools !== undefined && { tools }),
    ...(choice !== undefined && { tool_choice: choice }),
    ...(call.format !== undefined && { response_format: responseFormat(call.format) }),
  }
}

/**
 * A `response_format` of the user's own stays as it is, and a model that thinks is given none: the service refuses that.
 * https://www.alibabacloud.com/help/model-studio/json-mode
 */
export function structuredWayDashScope(way: StructuredWay, { extras }: StructuredQuestion): StructuredWay {
  const options = { ...fieldsOf(extras['parameters']), ...extras }
  if (asksIn(options, 'response_format')) return 'prompt'
  return options['enable_thinking'] === true && way !== 'tool-call' ? 'prompt' : way
}

/** This wire cannot demand just any tool; with a single one that means the same as naming it. */
function choiceOf(call: DialectCall<DashScopeRequestAccent>): unknown {
  const choice = resolvedChoice(call)
  if (choice === undefined) return undefined
  const [only] = call.tools
  if (choice.mode !== 'required') return functionChoice(choice)
  if (call.tools.length === 1 && only) return functionChoice({ mode: 'tool', name: only.name })
  throw new InputError('toolChoice is "required", which the DashScope wire cannot say.', {
    advice: `Say auto or none, or name one of the tools: ${call.tools.map((tool) => tool.name).join(', ')}.`,
  })
}

function serviceOf(call: DialectCall<DashScopeRequestAccent>): 'text-generation' | 'multimodal-generation' {
  const { service, multimodalModels } = call.accent
  if (service !== 'by-content') return service
  const isMultimodal = multimodalModels.some((part) => call.model.includes(part)) || call.messages.some(holdsMedia)
  return isMultimodal ? 'multimodal-generation' : 'text-generation'
}

function holdsMedia({ content }: WireMessage): boolean {
  return Array.isArray(content) && content.some((part) => isFields(part) && mediaKeys.some((key) => key in part))
}

/** The multimodal service wants every content as a list. */
function withContentList(message: WireMessage): WireMessage {
  const { content } = message
  return typeof content === 'string' ? { ...message, content: content === '' ? [] : [{ text: content }] } : message
}
