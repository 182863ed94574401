// Messages that come from outside: from a caller, a saved state, or JSON text.
import { InputError, messageOf } from '../core/error.ts'
import { isFields, shapeOf } from '../core/kind.ts'
import type { Msg } from '../core/message.ts'
import { checkMessage } from '../core/message-check.ts'
import type { Loadable } from './memory.ts'

/** @throws InputError when it is not a message. Plain objects of the right shape are welcome. */
export function assertMessage(message: unknown): asserts message is Msg {
  const { id, name, role, content } = (message ?? {}) as Record<string, unknown>
  const named = typeof id === 'string' && typeof name === 'string' && typeof role === 'string'
  if (named && (typeof content === 'string' || Array.isArray(content))) return
  throw new InputError(`Only messages can be remembered, but got ${shapeOf(message)}.`, {
    advice: "Wrap it: new Msg('User', 'what was said', 'user').",
  })
}

/**
 * The messages of what was saved, each checked with all its blocks.
 *
 * @throws InputError for text that is no JSON, and naming the place of what is no message or block.
 */
export function messagesIn(source: Loadable): Msg[] {
  const value = typeof source === 'string' ? parsed(source) : source
  const messages: unknown = isFields(value) && 'messages' in value ? value['messages'] : [value].flat()
  if (!Array.isArray(messages)) {
    throw new InputError(`A memory cannot be loaded from messages that are ${shapeOf(messages)}.`, {
      advice: 'Give a message, a list of them, { messages: [...] }, or the JSON text of one of these.',
    })
  }
  return messages.map((message: unknown, at) => {
    assertMessage(message)
    checkMessage(message, at)
    return message
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = messageOf(cause)
    throw new InputError(`A memory cannot be loaded from this text, which is not JSON: ${reason}`, {
      advice: 'Give the JSON text of a list of messages. loadFrom(memory, path) reads a file.',
      cause,
    })
  }
}
