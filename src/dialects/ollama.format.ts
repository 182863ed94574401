// Requests in Ollama's own chat form: options apart, images as bare base64, tools without a choice.
// https://docs.ollama.com/api/chat
import { carriedTurns } from '../core/carried-media.ts'
import { InputError } from '../core/error.ts'
import { mediaSource, unsupportedMedia } from '../core/media.ts'
import type { MediaBlock, Msg } from '../core/message.ts'
import { type FoldedTurn, foldedText, resultText, seenTurns } from '../core/perspective.ts'
import { inputObject, isMedia, type SpeechTurn, spokenText, type Turn, thinkingText, turnsOf } from '../core/turns.ts'
import type { DialectCall, Perspective, StructuredQuestion, WireMessage, WireRequest } from './dialect.ts'
import type { PrefillAccent } from './prefill.ts'
import { asksIn, type StructuredAccent, type StructuredWay } from './structured.ts'
import { functionTool, offeredTools, resolvedChoice, without } from './tool-request.ts'
import { type Fields, fieldsOf, isFields } from './values.ts'

export interface OllamaRequestAccent extends StructuredAccent, PrefillAccent {
  /** Whether thinking goes back in the `thinking` field of assistant messages. */
  replaysThinking: boolean
}

/** Fields of the request itself; every other option is a model option and goes into `options`. */
const requestFields = ['format', 'keep_alive', 'think', 'logprobs', 'top_logprobs', 'truncate', 'shift']

/** The messages for one call, in this wire's form. */
export function formatOllama(
  messages: readonly Msg[],
  perspective: Perspective,
  accent: OllamaRequestAccent,
): WireMessage[] {
  const isFolded = perspective === 'multi-agent'
  const turns = carriedTurns(turnsOf(messages, 'ollama'), imageOf)
  return seenTurns(turns, isFolded).flatMap((turn) => turnMessages(turn, accent))
}

function turnMessages(turn: Turn | FoldedTurn, accent: OllamaRequestAccent): WireMessage[] {
  if (turn.role === 'results') {
    return turn.results.map(({ call, output, at }) => {
      return { role: 'tool', content: resultText(output, at), tool_name: call.name, tool_call_id: call.id }
    })
  }
  if (turn.role === 'folded') {
    const images = turn.media.map(({ block, at }) => imageOf(block, at))
    const content = turn.lines.length === 0 ? '' : foldedText(turn)
    return [{ role: 'user', content, ...(images.length > 0 && { images }) }]
  }
  const content = spokenText(turn)
  const images = turn.blocks.flatMap((block) => (isMedia(block) ? [imageOf(block, turn.at)] : []))
  const extra = turn.role === 'assistant' ? assistantFields(turn, accent) : {}
  if (content === '' && images.length === 0 && Object.keys(extra).length === 0) return []
  return [{ role: turn.role, content, ...(images.length > 0 && { images }), ...extra }]
}

function assistantFields(turn: SpeechTurn, accent: OllamaRequestAccent): Fields {
  const fields: Fields = {}
  const thinking = thinkingText(turn)
  if (accent.replaysThinking && thinking !== '') fields['thinking'] = thinking
  const calls = turn.blocks.flatMap((block) =>
    block.type === 'tool_use' ? [{ id: block.id, function: { name: block.name, arguments: inputObject(block) } }] : [],
  )
  if (calls.length > 0) fields['tool_calls'] = calls
  for (const block of turn.blocks) if (block.type === 'raw' && isFields(block.value)) Object.assign(fields, block.value)
  return fields
}

function imageOf(block: MediaBlock, at: number): string {
  const source = block.type === 'image' ? mediaSource(block, at) : undefined
  if (source?.kind === 'data') return source.base64
  const advice = 'It takes images, and only their bytes: give a local path or a data: URI.'
  throw unsupportedMedia(block, at, 'the Ollama wire', advice)
}

/** One call as an HTTP request. `keepAlive` is read as `keep_alive`. */
export function requestOllama(call: DialectCall<OllamaRequestAccent>): WireRequest {
  const { model, messages, stream, format, extras } = call
  const { keepAlive, ...options } = without(extras, 'model', 'messages', 'stream', 'tools', 'options', ...requestFields)
  const allOptions = { ...fieldsOf(extras['options']), ...options }
  const fields: Fields = keepAlive === undefined ? {} : { keep_alive: keepAlive }
  for (const field of requestFields) if (extras[field] !== undefined) fields[field] = extras[field]
  if (format !== undefined) fields['format'] = format.type === 'json-object' ? 'json' : format.schema
  const tools = toolsOf(call)
  return {
    path: '/api/chat',
    headers: {},
    body: {
      ...fields,
      model,
      messages,
      stream,
      ...(tools !== undefined && { tools }),
      ...(Object.keys(allOptions).length > 0 && { options: allOptions }),
    },
  }
}

/**
 * A `format` of the user's own stays as it is, and no tool can be forced.
 * https://docs.ollama.com/capabilities/structured-outputs
 */
export function structuredWayOllama(way: StructuredWay, { extras }: StructuredQuestion): StructuredWay {
  return asksIn(extras, 'format') || way === 'tool-call' ? 'prompt' : way
}

/** The server reads no tool choice: to forbid tools is to send none, to demand one is impossible. */
function toolsOf(call: DialectCall<OllamaRequestAccent>): unknown[] | undefined {
  const choice = resolvedChoice(call)
  if (choice === undefined || choice.mode === 'auto') return offeredTools(call, functionTool)
  if (choice.mode === 'none') return undefined
  throw new InputError(`toolChoice is ${JSON.stringify(call.toolChoice)}, and Ollama cannot be told to call a tool.`, {
    advice: 'Say auto or none, offer only the tool that you want, or ask for it in the prompt.',
  })
}
