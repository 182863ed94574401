// What Anthropic refuses in thoughts that come back: changed ones anywhere, missing ones while tools are being used.
// https://docs.claude.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks
import type { Issued } from '../issued.ts'
import { type Asked, refusal } from '../wire.ts'
import { idsIn } from './anthropic-turns.ts'
import { type Fields, isFields, recordsIn, stringIn } from './fields.ts'

export function checkThoughts({ body, issued }: Asked): void {
  const messages = recordsIn(body['messages'])
  for (const [index, message] of messages.entries()) {
    for (const [at, block] of recordsIn(message['content']).entries()) {
      checkThought(block, issued, `messages.${index}.content.${at}`)
    }
  }
  const { thinking } = body
  const begin = loopStart(messages)
  if (!isFields(thinking) || thinking['type'] === 'disabled' || begin < 0) return
  if (thinking['type'] === 'enabled') checkFirstThought(messages, begin, issued)
  for (const [at, message] of messages.slice(begin).entries()) checkUnchanged(message, begin + at, issued)
}

/** A thought with its signature, or a sealed one. */
export function checkThought(block: Fields, issued: Issued, at: string): void {
  if (block['type'] === 'thinking') {
    const isOurs = issued.accepts(stringIn(block['signature']), stringIn(block['thinking']))
    if (!isOurs) throw refusal(`${at}: Invalid \`signature\` in \`thinking\` block`)
  }
  if (block['type'] === 'redacted_thinking' && !issued.isSealed(stringIn(block['data']))) {
    throw refusal(`${at}: Invalid \`data\` in \`redacted_thinking\` block`)
  }
}

/** The first answer behind the last words of a user, when the end of the list is still about its calls; else -1. */
function loopStart(messages: readonly Fields[]): number {
  const last = messages.at(-1)
  if (idsIn(last, 'tool_result', 'tool_use_id').length === 0) return -1
  const words = messages.findLastIndex(
    (message) => message['role'] === 'user' && idsIn(message, 'tool_result', 'tool_use_id').length === 0,
  )
  return messages.findIndex((message, index) => index > words && message['role'] === 'assistant')
}

function checkFirstThought(messages: readonly Fields[], index: number, issued: Issued): void {
  const message = messages[index]
  const first = stringIn(recordsIn(message?.['content'])[0]?.['type'])
  if (first === 'thinking' || first === 'redacted_thinking' || !thought(message, issued)) return
  throw refusal(
    `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\`. When ` +
      '`thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the lastmost set ' +
      'of `tool_use` and `tool_result` blocks).',
  )
}

/** Whether the answer began with a thought, as far as that is known. */
function thought(message: Fields | undefined, issued: Issued): boolean {
  const calls = idsIn(message, 'tool_use', 'id')
  const marks = issued.marksOf(calls[0] ?? '')
  return marks === undefined || (marks[0] !== undefined && !calls.includes(marks[0]))
}

/** Thoughts and calls stand as they were sent, as far as the answer was read. */
function checkUnchanged(message: Fields, index: number, issued: Issued): void {
  const marks = recordsIn(message['content']).flatMap(markOf)
  const sent = idsIn(message, 'tool_use', 'id').map((id) => issued.marksOf(id))[0]
  if (sent === undefined) return
  const changed = marks.findIndex((mark, at) => mark !== sent[at])
  if (changed < 0) return
  throw refusal(
    `messages.${index}.content.${changed}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message ` +
      'cannot be modified. These blocks must remain as they were in the original response.',
  )
}

function markOf(block: Fields): string[] {
  if (block['type'] === 'thinking') return [stringIn(block['signature'])]
  if (block['type'] === 'redacted_thinking') return [stringIn(block['data'])]
  return block['type'] === 'tool_use' ? [stringIn(block['id'])] : []
}
