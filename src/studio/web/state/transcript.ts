// What the transcript shows of a run, in its order, and what belongs to whom.
import type { AskedRequest, RunMessage } from '../../protocol/model.ts'
import type { OpenRun } from './open-run.ts'

export type Row =
  | { type: 'message'; key: string; message: RunMessage; continued: boolean }
  | { type: 'answered'; key: string; request: AskedRequest }

/** Messages in their order, with the questions that were answered where they were asked. `agent`: only that one's. */
export function rowsOf(run: OpenRun, agent?: string): Row[] {
  const rows: Row[] = []
  const asked = [...run.model.requests.values()]
    .filter(({ answered, name }) => answered !== undefined && (agent === undefined || name === agent))
    .sort((a, b) => a.at - b.at)
  let before: RunMessage | undefined
  for (const message of run.model.messages) {
    if (agent !== undefined && message.head.agent !== agent) continue
    const at = message.head.at ?? Number.POSITIVE_INFINITY
    for (let next = asked[0]; next !== undefined && next.at < at; next = asked[0]) {
      rows.push({ type: 'answered', key: `? ${next.id}`, request: next })
      asked.shift()
      before = undefined
    }
    if (isAnswerOnly(run, message) && message.notices.length === 0) {
      rows.push({ type: 'message', key: message.id, message, continued: true })
      continue
    }
    rows.push({ type: 'message', key: message.id, message, continued: goesOn(before, message) })
    before = message
  }
  for (const request of asked) rows.push({ type: 'answered', key: `? ${request.id}`, request })
  return rows
}

function goesOn(before: RunMessage | undefined, message: RunMessage): boolean {
  if (before === undefined || before.head.role === 'user') return false
  return (
    before.head.agent === message.head.agent &&
    before.head.reply !== undefined &&
    before.head.reply === message.head.reply
  )
}

/** Only results of calls that are shown with their calls: nothing of its own to show. */
export function isAnswerOnly(run: OpenRun, { parts }: RunMessage): boolean {
  if (parts.length === 0) return false
  return parts.every((part) => {
    if (part.head.kind === 'data') return part.id.split('.').length > 2
    return part.head.kind === 'tool_out' && run.partner(part) !== undefined
  })
}

/** All that a message says, as text. */
export function textOf({ parts }: RunMessage): string {
  return parts
    .filter(({ head }) => head.kind === 'text')
    .map(({ text }) => text)
    .join('\n\n')
}

/** Words of a text in any language. */
export function countWords(text: string, language: string): number {
  let count = 0
  for (const { isWordLike } of new Intl.Segmenter(language, { granularity: 'word' }).segment(text)) {
    if (isWordLike === true) count += 1
  }
  return count
}

export function openRequests(run: OpenRun): AskedRequest[] {
  return [...run.model.requests.values()].filter(({ answered }) => answered === undefined).sort((a, b) => a.at - b.at)
}
