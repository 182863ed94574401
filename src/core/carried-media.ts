// Media that a wire cannot carry, told in words where nobody can mend it any more: everywhere but in the newest word of a user.
import { InputError } from './error.ts'
import { isLocal, shortUrl } from './media.ts'
import type { Block, MediaBlock, TextBlock } from './message.ts'
import { isMedia, type Turn } from './turns.ts'

/** Puts a media block of `messages[at]` in a wire's own form. Throws InputError for one that the wire cannot carry. */
type Carry = (block: MediaBlock, at: number) => unknown

/**
 * The turns with all media that `carry` refuses replaced by a text that says what is missing. They stand in the history,
 * so an error for them would come again with each request. Those of the last user turn stay as they are, and are
 * refused: whoever sent them can send something else.
 */
export function carriedTurns(turns: readonly Turn[], carry: Carry): Turn[] {
  const newest = turns.findLast(({ role }) => role === 'user')
  return turns.map((turn) => {
    if (turn.role === 'results') {
      const results = turn.results.map((answer) =>
        typeof answer.output === 'string' ? answer : { ...answer, output: told(answer.output, answer.at, carry) },
      )
      return { ...turn, results }
    }
    return turn === newest ? turn : { ...turn, blocks: told(turn.blocks, turn.at, carry) }
  })
}

/** The same list when all of it can be carried. */
function told<B extends Block>(blocks: B[], at: number, carry: Carry): (B | TextBlock)[] {
  if (blocks.every((block) => !isMedia(block) || isCarried(block, at, carry))) return blocks
  return blocks.map((block) => (isMedia(block) && !isCarried(block, at, carry) ? wordsFor(block) : block))
}

function isCarried(block: MediaBlock, at: number, carry: Carry): boolean {
  // Bytes of an unknown kind are refused by every provider.
  if (/^data:application\/octet-stream[;,]/i.test(block.url)) return false
  try {
    carry(block, at)
    return true
  } catch (error) {
    if (error instanceof InputError) return false
    throw error
  }
}

function wordsFor({ type, url, mimeType, metadata }: MediaBlock): TextBlock {
  const { filename, uri } = metadata ?? {}
  const [name] = [filename, uri].filter((each) => typeof each === 'string')
  const kind = mimeType ?? /^data:([^;,]+)/i.exec(url)?.[1]
  const what = [
    type,
    ...(name === undefined ? [] : [shortUrl(name)]),
    ...(kind === undefined ? [] : [`(${kind})`]),
    /^data:/i.test(url) ? `of ${url.length - url.indexOf(',') - 1} characters` : shortUrl(url),
  ].join(' ')
  const why = isLocal(url) ? 'it cannot be read' : 'it cannot be sent to this model'
  return { type: 'text', text: `[Not shown: ${what}, because ${why}.]` }
}
