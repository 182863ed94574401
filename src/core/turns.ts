// A history as every wire needs it: turns in which each tool call is followed by its result, and nothing is an orphan.
import { isFields } from './kind.ts'
import {
  type Block,
  blocksOf,
  type MediaBlock,
  type Metadata,
  type Msg,
  type RawBlock,
  type Role,
  type TextBlock,
  type ThinkingBlock,
  type ToolUseBlock,
} from './message.ts'
import { checkMessage } from './message-check.ts'

/** What can stand in a turn; results have a turn of their own. */
export type SpokenBlock = TextBlock | ThinkingBlock | ToolUseBlock | MediaBlock | RawBlock

/** What one speaker said without a break. `at` is the message's position in the list that was given. */
export interface SpeechTurn {
  role: Role
  name: string
  blocks: SpokenBlock[]
  at: number
  /** The message's own metadata, on its first turn. */
  metadata?: Metadata
}

/** The answers to all calls of the turn before, in the order of the calls. */
export interface ResultsTurn {
  role: 'results'
  results: ToolAnswer[]
}

/** One call with its answer; `at` is the position of the message that held the answer, or else the call. */
export interface ToolAnswer {
  call: ToolUseBlock
  output: string | Block[]
  isError: boolean
  at: number
}

export type Turn = SpeechTurn | ResultsTurn

/** What a model is told about a call that nobody answered. */
export const interruptedCall = 'The call was interrupted before a result was recorded. It may or may not have run.'

const mediaTypes: readonly string[] = ['image', 'audio', 'video', 'file']

/** Whether a block of this type is an image, audio, video or a file. */
export function isMediaType(type: unknown): boolean {
  return typeof type === 'string' && mediaTypes.includes(type)
}

export function isMedia(block: Block): block is MediaBlock {
  return isMediaType(block.type)
}

/** A turn's readable text, joined without a separator. */
export function spokenText(turn: Pick<SpeechTurn, 'blocks'>): string {
  return turn.blocks.map((block) => (block.type === 'text' ? block.text : '')).join('')
}

/** A turn's thinking, joined. */
export function thinkingText(turn: Pick<SpeechTurn, 'blocks'>): string {
  return turn.blocks.map((block) => (block.type === 'thinking' ? block.thinking : '')).join('')
}

/** A tool call's input as the JSON object that every wire wants; `{}` for a call that was cut off. */
export function inputObject(call: ToolUseBlock): Record<string, unknown> {
  const { input } = call
  if (input === undefined || input === null) return {}
  if (isFields(input)) return input
  return { value: input }
}

/**
 * The turns of a history for one dialect. Empty messages and `raw` blocks of other dialects are left out; a message
 * whose `metadata.dialect` names another dialect loses its thinking and signatures, which only their maker understands.
 * A result is moved behind its call, a call without one gets `interruptedCall`, a result without a call is left out.
 *
 * @throws InputError for what is no message or block (`checkMessage`), naming its place and what is allowed.
 */
export function turnsOf(messages: readonly Msg[], dialect: string): Turn[] {
  const turns: Turn[] = []
  const open = new Map<string, { owner: ResultsTurn; answers: ToolAnswer[] }>()
  // A hole in the list is skipped: whoever formats a part of a conversation leaves the rest open to keep the positions.
  messages.forEach((message, at) => {
    checkMessage(message, at)
    let speech: SpeechTurn | undefined
    let metadata = isForeign(message, dialect) ? undefined : message.metadata
    for (const block of blocksOf(message)) {
      if (block.type === 'tool_result') {
        speech = undefined
        const answer = open.get(block.id)?.answers.shift()
        if (answer) Object.assign(answer, { output: block.output, isError: block.isError === true, at })
        continue
      }
      const kept = ownBlock(block, message, dialect)
      if (kept === undefined) continue
      if (speech === undefined) {
        speech = { role: message.role, name: message.name, blocks: [], at, ...(metadata !== undefined && { metadata }) }
        metadata = undefined
        turns.push(speech)
      }
      speech.blocks.push(kept)
      if (kept.type === 'tool_use') openCall(kept, speech, turns, open)
    }
  })
  return turns
}

/** A call makes its turn the assistant's, whoever was named, and reserves the place of its answer. */
function openCall(
  call: ToolUseBlock,
  speech: SpeechTurn,
  turns: Turn[],
  open: Map<string, { owner: ResultsTurn; answers: ToolAnswer[] }>,
): void {
  speech.role = 'assistant'
  const last = turns.at(-1)
  const owner: ResultsTurn = last?.role === 'results' ? last : { role: 'results', results: [] }
  if (owner !== last) turns.push(owner)
  const answer: ToolAnswer = { call, output: interruptedCall, isError: true, at: speech.at }
  owner.results.push(answer)
  const waiting = open.get(call.id)
  if (waiting?.owner === owner) waiting.answers.push(answer)
  else open.set(call.id, { owner, answers: [answer] })
}

function ownBlock(
  block: Exclude<Block, { type: 'tool_result' }>,
  message: Msg,
  dialect: string,
): SpokenBlock | undefined {
  if (block.type === 'raw') return block.dialect === dialect ? block : undefined
  const foreign = isForeign(message, dialect)
  if (foreign && block.type === 'thinking') return undefined
  const kept = foreign && block.signature !== undefined ? withoutSignature(block) : block
  return kept.type === 'text' && kept.text === '' && kept.signature === undefined ? undefined : kept
}

function isForeign(message: Msg, dialect: string): boolean {
  const maker = message.metadata?.['dialect']
  return typeof maker === 'string' && maker !== dialect
}

function withoutSignature<B extends SpokenBlock>(block: B): B {
  const copy = { ...block }
  delete copy.signature
  return copy
}
