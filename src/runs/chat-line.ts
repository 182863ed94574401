// A complete message as its line in `logging.chat`: the same, whether it was streamed or came at once.
import { type Block, blocksOf, type Metadata, type Msg } from '../core/message.ts'

/** What of an answer's metadata must travel back to the model with the next question. */
const goesBack = ['dialect', 'model', 'thinking_blocks', 'reasoning_details']

/**
 * `{ id, name, role, content, metadata?, ending?, timestamp }`, AgentScope's `Msg.to_dict` with the content always as a
 * list of blocks. What tells about the exchange and not about the message (token counts, durations, the provider's ids)
 * is left out: it differs between two ways of saying the same, and stands in the record of the invocation.
 */
export function chatLine(message: Msg): Record<string, unknown> {
  const { id, name, role, ending, timestamp } = message
  const metadata = metadataOf(message.metadata)
  return {
    id,
    name,
    role,
    content: blocksOf(message).map(plain),
    ...(metadata !== undefined && { metadata }),
    ...(ending !== undefined && { ending: { reason: ending.reason, complete: ending.complete } }),
    timestamp,
  }
}

/** A model's answer says in its metadata by which dialect it came; whatever a user wrote there is kept whole. */
function metadataOf(metadata: Metadata | undefined): Metadata | undefined {
  if (metadata?.['dialect'] === undefined) return metadata
  return Object.fromEntries(goesBack.flatMap((name) => (name in metadata ? [[name, metadata[name]]] : [])))
}

/** A whole tool call is written in one way only: providers stream its JSON with other spaces than they send it with. */
function plain(block: Block): Block {
  if (block.type === 'tool_result' && typeof block.output !== 'string') {
    return { ...block, output: block.output.map(plain) }
  }
  if (block.type !== 'tool_use' || block.input === undefined) return block
  const { type, id, name, input, rawInput: _, ...rest } = block
  return { type, id, name, input, rawInput: JSON.stringify(input), ...rest }
}
