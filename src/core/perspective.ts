// Who sees the history how: folding a conversation of many into user turns, and media into turns that may carry them.
import { InputError } from './error.ts'
import type { Block, MediaBlock, TextBlock } from './message.ts'
import { isMedia, type ResultsTurn, type SpeechTurn, spokenText, type Turn } from './turns.ts'

/** Plain conversation as one user turn. Only the first one of a history has the header. */
export interface FoldedTurn {
  role: 'folded'
  header: boolean
  /** `name: text`, one for each message that said something. */
  lines: string[]
  media: PlacedMedia[]
}

/** A media block and the position of the message that it came with. */
interface PlacedMedia {
  block: MediaBlock
  at: number
}

interface FoldedHistory {
  /** The leading system message, if there is one. */
  system?: SpeechTurn
  turns: (Turn | FoldedTurn)[]
}

const historyHeader = '## Conversation History'

/**
 * AgentScope's multi-agent form: the leading system message stays, everything else becomes one user turn of
 * `name: text` lines. Tool calls with their results, and what only the provider understands, stay native and in order
 * (AgentScope lost them), so that the conversation around them becomes several user turns.
 *
 * @throws InputError when there is nothing at all to fold.
 */
export function foldHistory(turns: readonly Turn[]): FoldedHistory {
  const [first] = turns
  if (first === undefined) {
    throw new InputError('There is no message to format.', { advice: 'Give at least one message that is not empty.' })
  }
  const system = first.role === 'system' ? first : undefined
  const folded: (Turn | FoldedTurn)[] = []
  let current: FoldedTurn | undefined
  let header = true
  for (const turn of system === undefined ? turns : turns.slice(1)) {
    if (isNative(turn)) {
      folded.push(turn)
      current = undefined
      continue
    }
    if (!saysSomething(turn)) continue
    if (current === undefined) {
      current = { role: 'folded', header, lines: [], media: [] }
      folded.push(current)
      header = false
    }
    addLine(current, turn)
  }
  if (folded.length === 0) folded.push({ role: 'folded', header: true, lines: [], media: [] })
  return system === undefined ? { turns: folded } : { system, turns: folded }
}

function isNative(turn: Turn): turn is ResultsTurn {
  return turn.role === 'results' || turn.blocks.some((block) => block.type === 'tool_use' || block.type === 'raw')
}

function saysSomething(turn: SpeechTurn): boolean {
  return turn.blocks.some((block) => isMedia(block) || (block.type === 'text' && block.text !== ''))
}

function addLine(folded: FoldedTurn, turn: SpeechTurn): void {
  const text = spokenText(turn)
  if (text !== '') folded.lines.push(`${turn.name || turn.role}: ${text}`)
  for (const block of turn.blocks) if (isMedia(block)) folded.media.push({ block, at: turn.at })
}

/** The folded turn's text, header first. */
export function foldedText(turn: FoldedTurn): string {
  return [...(turn.header ? [historyHeader] : []), ...turn.lines].join('\n')
}

/** A history as a wire sees it that keeps the system message among the others and media in user turns alone. */
export function seenTurns(turns: readonly Turn[], isFolded: boolean): (Turn | FoldedTurn)[] {
  const places = { assistant: false, results: false }
  if (!isFolded) return relocateMedia(turns, places)
  const { system, turns: folded } = foldHistory(turns)
  return relocateMedia(system === undefined ? folded : [system, ...folded], places)
}

/** Which turns of a wire may hold media; user turns always do. */
interface MediaPlaces {
  assistant: boolean
  results: boolean
}

/**
 * Moves media out of turns whose role cannot carry them on a wire into a user turn right behind (behind the results,
 * when the turn made calls), introduced by a line that says whose they are.
 */
export function relocateMedia<T extends Turn | FoldedTurn>(turns: readonly T[], places: MediaPlaces): (T | Turn)[] {
  const placed: (T | Turn)[] = []
  let moved: SpeechTurn | undefined
  for (const turn of turns) {
    const next = turn.role === 'results' ? withoutMediaResults(turn, places) : withoutMediaSpeech(turn, places)
    if (moved && turn.role !== 'results') {
      placed.push(moved)
      moved = undefined
    }
    if (next.rest !== undefined) placed.push(next.rest as T | Turn)
    if (next.moved) moved = moved ? { ...moved, blocks: [...moved.blocks, ...next.moved.blocks] } : next.moved
  }
  if (moved) placed.push(moved)
  return placed
}

interface Separated {
  rest?: Turn | FoldedTurn
  moved?: SpeechTurn
}

function withoutMediaSpeech(turn: SpeechTurn | FoldedTurn, places: MediaPlaces): Separated {
  if (turn.role === 'folded' || turn.role === 'user' || (turn.role === 'assistant' && places.assistant)) {
    return { rest: turn }
  }
  const media = turn.blocks.filter(isMedia)
  if (media.length === 0) return { rest: turn }
  const blocks = turn.blocks.filter((block) => !isMedia(block))
  const moved = carrier(turn.at, `Sent by ${turn.name || turn.role}:`, media)
  return blocks.length === 0 ? { moved } : { rest: { ...turn, blocks }, moved }
}

function withoutMediaResults(turn: ResultsTurn, places: MediaPlaces): Separated {
  if (places.results) return { rest: turn }
  let moved: SpeechTurn | undefined
  const results = turn.results.map((answer) => {
    if (typeof answer.output === 'string') return answer
    const media = answer.output.filter(isMedia)
    if (media.length === 0) return answer
    const added = carrier(answer.at, `Part of the result of ${answer.call.name} (${answer.call.id}):`, media)
    moved = moved ? { ...moved, blocks: [...moved.blocks, ...added.blocks] } : added
    return { ...answer, output: answer.output.filter((block) => !isMedia(block)) }
  })
  return moved ? { rest: { role: 'results', results }, moved } : { rest: turn }
}

function carrier(at: number, words: string, media: MediaBlock[]): SpeechTurn {
  const text: TextBlock = { type: 'text', text: words }
  return { role: 'user', name: '', blocks: [text, ...media], at }
}

/**
 * A result's text: its text blocks joined by line breaks.
 *
 * @throws InputError for a block that no result can hold, such as a tool call.
 */
export function resultText(output: string | Block[], at: number): string {
  if (typeof output === 'string') return output
  const texts: string[] = []
  for (const block of output) {
    if (block.type === 'text') texts.push(block.text)
    else if (!isMedia(block)) {
      throw new InputError(`messages[${at}] holds a tool result with a block of type ${JSON.stringify(block.type)}.`, {
        advice: 'A tool result is a string, or a list of text and media blocks.',
      })
    }
  }
  return texts.join('\n')
}
