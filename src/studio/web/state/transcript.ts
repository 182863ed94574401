// What the transcript shows of a run, in its order, and what belongs to whom.
import type { RunNotice } from '../../protocol/frames.ts'
import type { AskedRequest, RunMessage } from '../../protocol/model.ts'
import type { ShownRun } from './shown-run.ts'

export type Row =
  | { type: 'message'; key: string; message: RunMessage; continued: boolean }
  | { type: 'answered'; key: string; request: AskedRequest }
  /** News of the run that is about no message: a request that was refused before it was answered. */
  | { type: 'notice'; key: string; notice: RunNotice }
  /** The program went away: nobody writes on, whatever is open. */
  | { type: 'lost'; key: string }

/** Messages in their order, with the questions that were answered where they were asked. `agent`: only that one's. */
export function rowsOf(run: ShownRun, agent?: string): Row[] {
  const rows: Row[] = []
  const beside = rowsBeside(run, agent)
  let before: RunMessage | undefined
  for (const message of run.model.messages) {
    if (agent !== undefined && message.head.agent !== agent) continue
    const at = message.head.at ?? Number.POSITIVE_INFINITY
    for (let next = beside[0]; next !== undefined && next.at < at; next = beside[0]) {
      rows.push(next.row)
      beside.shift()
      before = undefined
    }
    if (isAnswerOnly(run, message) && message.notices.length === 0) {
      rows.push({ type: 'message', key: message.id, message, continued: true })
      continue
    }
    rows.push({ type: 'message', key: message.id, message, continued: goesOn(before, message) })
    before = message
  }
  rows.push(...beside.map(({ row }) => row))
  if (run.model.head.status === 'lost') rows.push({ type: 'lost', key: '! lost' })
  return rows
}

/** What stands between messages, by its time. */
function rowsBeside(run: ShownRun, agent?: string): { at: number; row: Row }[] {
  const answered = [...run.model.requests.values()]
    .filter(({ answered, name }) => answered !== undefined && (agent === undefined || name === agent))
    .map((request) => ({ at: request.at, row: { type: 'answered', key: `? ${request.id}`, request } as const }))
  const notices = run.model.notices
    .filter(({ details }) => agent === undefined || (details as { agent?: string } | undefined)?.agent === agent)
    .map((notice) => ({ at: notice.at, row: { type: 'notice', key: noticeKey(notice), notice } as const }))
  return [...answered, ...notices].sort((a, b) => a.at - b.at)
}

/** The key of its row, by which it is chosen as messages are by their ids. */
export function noticeKey({ id }: RunNotice): string {
  return `! ${id}`
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
export function isAnswerOnly(run: ShownRun, { parts }: RunMessage): boolean {
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

export function openRequests(run: ShownRun): AskedRequest[] {
  return [...run.model.requests.values()].filter(({ answered }) => answered === undefined).sort((a, b) => a.at - b.at)
}
