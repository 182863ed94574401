// A conversation as text for the model that summarises it.
import { dataTypeOf } from '../core/media.ts'
import { type Block, blocksOf, type MediaBlock, type Msg } from '../core/message.ts'
import { isMedia } from '../core/turns.ts'
import { estimateTokens } from './tokens.ts'

/**
 * The conversation as text, which every model can read: tool calls need no tools, media no eyes. Thoughts are left out.
 * It comes in portions of about so many tokens; what is longer by itself is cut.
 */
export function transcriptOf(messages: readonly Msg[], portionTokens: number): string[] {
  const lines = messages.flatMap((message) => blocksOf(message).flatMap((block) => lineOf(message.name, block)))
  const portions: string[][] = [[]]
  let tokens = 0
  for (const piece of lines.flatMap((line) => piecesOf(line, portionTokens))) {
    const more = estimateTokens(piece)
    if (tokens > 0 && tokens + more > portionTokens) {
      portions.push([])
      tokens = 0
    }
    portions.at(-1)?.push(piece)
    tokens += more
  }
  return portions.map((pieces) => ['<conversation>', ...pieces, '</conversation>'].join('\n'))
}

function piecesOf(line: string, portionTokens: number): string[] {
  const tokens = estimateTokens(line)
  if (tokens <= portionTokens) return [line]
  const size = Math.max(1, Math.floor((line.length * portionTokens) / tokens))
  return Array.from({ length: Math.ceil(line.length / size) }, (_, index) =>
    line.slice(index * size, (index + 1) * size),
  )
}

function lineOf(name: string, block: Block): string[] {
  if (block.type === 'text') return block.text === '' ? [] : [`${name}: ${block.text}`]
  if (isMedia(block)) return [`${name} shows: ${shown(block)}`]
  if (block.type === 'tool_use') {
    return [`${name} calls the tool ${block.name}: ${block.rawInput || (JSON.stringify(block.input) ?? '')}`]
  }
  if (block.type !== 'tool_result') return []
  const output = blocksOf({ content: block.output }).map((each) => {
    if (isMedia(each)) return shown(each)
    return each.type === 'text' ? each.text : ''
  })
  return [`The tool ${block.name ?? block.id} ${block.isError ? 'failed' : 'answered'}: ${output.join('\n')}`]
}

/** What lies inside a `data:` URI cannot be read as text. */
function shown(block: MediaBlock): string {
  return `[${block.type}: ${dataTypeOf(block) ?? block.url}]`
}
