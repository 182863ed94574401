// An answer whose value came as the input of a tool, spoken as the text that other wires would have given.
import type { StreamEvent } from '../core/event.ts'
import { blocksOf, type Msg } from '../core/message.ts'
import { answerTool } from '../core/tool.ts'
import type { ModelResponse } from '../models/response.ts'
import { ResponseView } from './response-view.ts'

/**
 * The call of the answer tool reads as JSON text. So the message is the same on every wire, and holds no call that
 * nobody answers.
 */
export class ValueInText extends ResponseView {
  readonly #values = new Set<number>()
  #otherCalls = false

  protected override heard(event: StreamEvent): readonly StreamEvent[] {
    switch (event.type) {
      case 'block-start':
        return [this.#begin(event)]
      case 'tool-use-delta':
        return [this.#values.has(event.index) ? { ...event, type: 'text-delta' } : event]
      case 'block-end': {
        const { type, id, index } = event
        return [this.#values.has(index) ? { type, id, index } : event]
      }
      case 'message-end': {
        const { ending } = event
        const isAnswer = this.#values.size > 0 && !this.#otherCalls && ending.reason === 'tool-calls'
        return [isAnswer ? { ...event, ending: { ...ending, reason: 'stop' } } : event]
      }
      default:
        return [event]
    }
  }

  #begin(event: StreamEvent & { type: 'block-start' }): StreamEvent {
    if (event.block.type !== 'tool_use') return event
    if (event.block.name !== answerTool) {
      this.#otherCalls = true
      return event
    }
    this.#values.add(event.index)
    return { ...event, block: { type: 'text', text: event.block.rawInput } }
  }
}

/** What the last repair round of a response answered, in the same form; `undefined` when there was none. */
export function lastRepair(response: ModelResponse): Msg | undefined {
  if (response.repair === undefined) return undefined
  let last = response.repair
  while (last.repair !== undefined) last = last.repair
  const { message } = last
  const content = blocksOf(message).map((block) =>
    block.type === 'tool_use' && block.name === answerTool ? { type: 'text' as const, text: block.rawInput } : block,
  )
  const { ending } = message
  return { ...message, content, ...(ending?.reason === 'tool-calls' && { ending: { ...ending, reason: 'stop' } }) }
}
