// What Anthropic refuses in the order of messages: calls without their results, and results without their calls.
// https://docs.claude.com/en/docs/agents-and-tools/tool-use/implement-tool-use
import { refusal } from '../wire.ts'
import { type Fields, recordsIn, stringIn } from './fields.ts'

/** Each call is answered once, at the head of the message right behind it; each result answers a call right before it. */
export function checkToolTurns(messages: readonly Fields[]): void {
  checkIds(messages)
  for (const [index, message] of messages.entries()) {
    const results = idsIn(message, 'tool_result', 'tool_use_id')
    const before = index === 0 ? [] : idsIn(messages[index - 1], 'tool_use', 'id')
    const stray = results.find((id) => !before.includes(id))
    if (stray !== undefined) {
      throw refusal(
        `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. Each ` +
          '`tool_result` block must have a corresponding `tool_use` block in the previous message.',
      )
    }
    const twice = results.find((id, at) => results.indexOf(id) !== at)
    if (twice !== undefined) {
      throw refusal(
        `messages.${index}.content: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${twice}`,
      )
    }
    const answers = leadingResults(messages[index + 1])
    const unanswered = idsIn(message, 'tool_use', 'id').filter((id) => !answers.includes(id))
    if (unanswered.length > 0) {
      throw refusal(
        `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ` +
          `${unanswered.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
      )
    }
  }
}

function checkIds(messages: readonly Fields[]): void {
  const seen = new Set<string>()
  for (const [index, message] of messages.entries()) {
    for (const [at, block] of recordsIn(message['content']).entries()) {
      if (block['type'] !== 'tool_use') continue
      const id = stringIn(block['id'])
      if (seen.has(id)) throw refusal(`messages.${index}.content.${at}: \`tool_use\` ids must be unique`)
      seen.add(id)
    }
  }
}

/** Results count only before everything else in their message. */
function leadingResults(message: Fields | undefined): string[] {
  const blocks = recordsIn(message?.['content'])
  const end = blocks.findIndex((block) => block['type'] !== 'tool_result')
  return blocks.slice(0, end < 0 ? blocks.length : end).map((block) => stringIn(block['tool_use_id']))
}

export function idsIn(message: Fields | undefined, type: string, key: string): string[] {
  return recordsIn(message?.['content'])
    .filter((block) => block['type'] === type)
    .map((block) => stringIn(block[key]))
}
