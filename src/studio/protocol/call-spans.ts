// The spans of tool calls: from the end of a call's writing to the end of its result.
import type { BlockEnd, BlockStart } from '../../core/event.ts'
import type { Block } from '../../core/message.ts'
import type { Span } from '../../journal/journal.ts'
import type { Speaker } from '../../scope.ts'
import { mostOpen } from './run-limits.ts'

/** A tool use or a result that is being written; a result has no name. */
interface Use {
  id: string
  name: string
}

/** A span that begins: its id, name and kind. */
export type BeginSpan = (id: string, name: string, kind: Span['kind'], startMs: number, messageId: string) => Span

export class CallSpans {
  readonly #begin: BeginSpan
  readonly #changed: (span: Span) => void
  readonly #open = new Map<string, Span>()
  /** By `<message>.<block>`. */
  readonly #uses = new Map<string, Use>()

  constructor(begin: BeginSpan, changed: (span: Span) => void) {
    this.#begin = begin
    this.#changed = changed
  }

  started({ id, index, block }: BlockStart): void {
    if (this.#uses.size + this.#open.size >= mostOpen) return
    if (block.type === 'tool_use') this.#uses.set(`${id}.${index}`, { id: block.id, name: block.name })
    if (block.type === 'tool_result') this.#uses.set(`${id}.${index}`, { id: block.id, name: '' })
  }

  /** `block`: what has ended, whole, when that is known. */
  ended(speaker: Speaker, event: BlockEnd, at: number, block: Block | undefined): void {
    const place = `${event.id}.${event.index}`
    const use = this.#uses.get(place)
    this.#uses.delete(place)
    if (use === undefined) return
    if (use.name === '') this.#gave(use, event, at, block)
    else if (event.incomplete === undefined) this.#called(speaker, use, event.id, at, block)
  }

  #gave({ id }: Use, { isError }: BlockEnd, at: number, block: Block | undefined): void {
    const span = this.#open.get(id)
    if (span === undefined) return
    this.#open.delete(id)
    span.endMs = at
    span.status = isError ? 'error' : 'ok'
    if (block?.type === 'tool_result') span.attributes['gen_ai.tool.call.result'] = block.output
    this.#changed(span)
  }

  #called(speaker: Speaker, { id, name }: Use, messageId: string, at: number, block: Block | undefined): void {
    const span = this.#begin(`tool:${id}`, name, 'tool', at, messageId)
    const input = block?.type === 'tool_use' ? (block.input ?? block.rawInput) : undefined
    span.attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': id,
      'gen_ai.agent.name': speaker.name,
      ...(input !== undefined && { 'gen_ai.tool.call.arguments': input }),
      'agentscope.message_id': messageId,
    }
    this.#open.set(id, span)
    this.#changed(span)
  }
}
