// Whether a block that was told before is the one that is told now.
import type { Block } from '../../core/message.ts'
import type { SaidBlock } from './ingest-v1-blocks.ts'

/** Whether it is the block that was told at this place, however far it has grown. */
export function isSameBlock(block: Block, opening: Block): boolean {
  if (block.type !== opening.type) return false
  switch (opening.type) {
    case 'tool_use':
    case 'tool_result':
      return (block as typeof opening).id === opening.id && (block as typeof opening).name === opening.name
    case 'raw':
      return JSON.stringify((block as typeof opening).value) === JSON.stringify(opening.value)
    case 'text':
    case 'thinking':
      return true
    default:
      return (block as typeof opening).url === opening.url
  }
}

/** Whether a block that was sealed is still told as it was. */
export function isUnchanged(block: Block, now: SaidBlock): boolean {
  if (block.type !== 'tool_result' || typeof block.output === 'string') return grownText(block) === now.text
  return JSON.stringify(block.output) === JSON.stringify(now.whole)
}

/** What the one growing field of a block holds. */
export function grownText(block: Block): string {
  if (block.type === 'text') return block.text
  if (block.type === 'thinking') return block.thinking
  if (block.type === 'tool_use') return block.rawInput
  return block.type === 'tool_result' && typeof block.output === 'string' ? block.output : ''
}
