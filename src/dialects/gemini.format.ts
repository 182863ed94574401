// Messages in Gemini's form: contents with parts, thoughts and calls with the signatures that they came with.
// https://ai.google.dev/api/generate-content and https://ai.google.dev/gemini-api/docs/thought-signatures
import { carriedTurns } from '../core/carried-media.ts'
import { mediaSource } from '../core/media.ts'
import type { MediaBlock, Msg } from '../core/message.ts'
import { type FoldedTurn, foldedText, foldHistory, relocateMedia, resultText } from '../core/perspective.ts'
import {
  inputObject,
  isMedia,
  type ResultsTurn,
  type SpeechTurn,
  type SpokenBlock,
  spokenText,
  type Turn,
  turnsOf,
} from '../core/turns.ts'
import type { Perspective, WireMessage } from './dialect.ts'
import type { StructuredAccent } from './structured.ts'
import { type Fields, isFields } from './values.ts'

export { formatGeminiTools, requestGemini } from './gemini.request.ts'

export interface GeminiRequestAccent extends StructuredAccent {
  /**
   * Stands in for the signature of a call that did not come from this provider: Gemini 3 refuses a turn whose first
   * call has none. The documentation names `skip_thought_signature_validator`. Absent: nothing is sent.
   */
  placeholderSignature?: string
}

interface Content extends Fields {
  role: string
  parts: Fields[]
}

/** A call may only follow a user's turn, so a conversation that the model began gets one. */
function withOpening(contents: Content[]): Content[] {
  const first = contents.findIndex(({ role }) => role !== 'system')
  if (contents[first]?.role !== 'model') return contents
  return contents.toSpliced(first, 0, { role: 'user', parts: [{ text: '(The conversation begins.)' }] })
}

/**
 * The messages for one call. In chat mode the leading system message keeps its role, and `requestGemini` makes it the
 * system instruction; in multi-agent mode its text begins the first user turn, as in AgentScope.
 */
export function formatGemini(
  messages: readonly Msg[],
  perspective: Perspective,
  accent: GeminiRequestAccent,
  continues = false,
): WireMessage[] {
  const turns = carriedTurns(turnsOf(messages, 'gemini'), mediaPart)
  const contents = perspective === 'chat' ? chatContents(turns, accent) : foldedContents(turns, accent)
  return continues ? contents : withOpening(contents)
}

function chatContents(turns: readonly Turn[], accent: GeminiRequestAccent): Content[] {
  const [first, ...rest] = turns
  if (first?.role !== 'system') return contentsOf(turns, accent)
  const system = { role: 'system', parts: [{ text: spokenText(first) }] }
  return [system, ...contentsOf(rest, accent)]
}

function foldedContents(turns: readonly Turn[], accent: GeminiRequestAccent): Content[] {
  const { system, turns: folded } = foldHistory(turns)
  const contents = contentsOf(folded, accent)
  if (system === undefined) return contents
  const text = spokenText(system)
  const [first, ...rest] = contents
  const leads = folded[0]?.role === 'folded' && first !== undefined
  if (!leads) return [{ role: 'user', parts: [{ text }] }, ...contents]
  const [history, ...others] = first.parts
  return [{ role: 'user', parts: [{ text: `${text}\n\n${String(history?.['text'])}` }, ...others] }, ...rest]
}

function contentsOf(turns: readonly (Turn | FoldedTurn)[], accent: GeminiRequestAccent): Content[] {
  const contents: Content[] = []
  for (const turn of relocateMedia(turns, { assistant: true, results: true })) {
    const parts = partsOf(turn, accent)
    if (parts.length === 0) continue
    const role = turn.role === 'assistant' ? 'model' : 'user'
    const last = contents.at(-1)
    if (role === 'model' && last?.role === 'model') last.parts.push(...parts)
    else contents.push({ role, parts })
  }
  return contents
}

function partsOf(turn: Turn | FoldedTurn, accent: GeminiRequestAccent): Fields[] {
  if (turn.role === 'results') return resultParts(turn)
  if (turn.role === 'folded') {
    return [{ text: foldedText(turn) }, ...turn.media.map(({ block, at }) => mediaPart(block, at))]
  }
  return signedCalls(speechParts(turn), accent)
}

function speechParts(turn: SpeechTurn): Fields[] {
  return turn.blocks.flatMap((block) => {
    const part = partOf(block, turn.at)
    if (part === undefined) return []
    return [
      turn.role !== 'assistant' || block.signature === undefined
        ? part
        : { ...part, thoughtSignature: block.signature },
    ]
  })
}

/** Thoughts go back only when they were signed; an empty text only carries its signature. */
function partOf(block: SpokenBlock, at: number): Fields | undefined {
  switch (block.type) {
    case 'text':
      return { text: block.text }
    case 'thinking':
      return block.signature === undefined ? undefined : { text: block.thinking, thought: true }
    case 'tool_use':
      return { functionCall: { id: block.id, name: block.name, args: inputObject(block) } }
    case 'raw':
      return isFields(block.value) ? block.value : undefined
    default:
      return mediaPart(block, at)
  }
}

function signedCalls(parts: Fields[], { placeholderSignature }: GeminiRequestAccent): Fields[] {
  const first = parts.findIndex((part) => part['functionCall'] !== undefined)
  const call = parts[first]
  if (call === undefined || placeholderSignature === undefined || call['thoughtSignature'] !== undefined) return parts
  return parts.with(first, { ...call, thoughtSignature: placeholderSignature })
}

/** All answers to one turn's calls stand in one content; what they show stands behind them. */
function resultParts(turn: ResultsTurn): Fields[] {
  const responses = turn.results.map(({ call, output, isError, at }) => {
    const response = { [isError ? 'error' : 'output']: resultText(output, at) }
    return { functionResponse: { id: call.id, name: call.name, response } }
  })
  const media = turn.results.flatMap(({ output, at }) =>
    typeof output === 'string' ? [] : output.filter(isMedia).map((block) => mediaPart(block, at)),
  )
  return [...responses, ...media]
}

function mediaPart(block: MediaBlock, at: number): Fields {
  const source = mediaSource(block, at)
  if (source.kind === 'data') return { inlineData: { mimeType: source.mimeType, data: source.base64 } }
  return { fileData: { ...(source.mimeType !== undefined && { mimeType: source.mimeType }), fileUri: source.url } }
}
