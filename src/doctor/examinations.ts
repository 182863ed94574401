// The questions that want an answer, after the first one: a tool call, a reply that is left, one that does not stream.
import { isFields } from '../core/kind.ts'
import { asked } from './asked.ts'
import { callsTool, greetsWhole, isLeft } from './questions.ts'
import { noteFact, noteQuirk, type Report } from './report.ts'
import { type Heard, type Setup, wordsOf } from './speaking.ts'
import { judgeReply } from './streamed-reply.ts'

export async function askTools(report: Report, setup: Setup): Promise<void> {
  const name = 'a tool call'
  const heard = await asked(report, setup, callsTool, name)
  if (heard === undefined || isUnanswered(report, heard, name)) return
  if (heard.recording !== undefined && heard.recording.status >= 400) {
    noteQuirk(report, 'tools-refused', name)
    return noteFact(report, 'tools', wordsOf(heard))
  }
  const best = await judgeReply(report, setup, callsTool, heard, name)
  if (best.calls.length === 0) noteQuirk(report, 'tool-not-called', name)
  else
    noteFact(report, 'tools', best.calls.every(({ input }) => isFields(input)) ? 'called, arguments whole' : 'called')
}

/** Whether the server was too busy to answer, which says nothing of what it can, or gave no answer at all. */
function isUnanswered(report: Report, { recording }: Heard, name: string): boolean {
  if (recording === undefined) noteQuirk(report, 'no-answer', name)
  else if (recording.status === 429 || recording.status >= 500) report.leftOut.push(`${name} (${recording.status})`)
  else return false
  return true
}

/** Leaves at the first words; whether the server stopped then shows in how soon the next answer comes. */
export async function askLeft(report: Report, setup: Setup): Promise<void> {
  const heard = await asked(report, setup, isLeft, 'leaving a reply')
  if (heard?.firstWordsMs !== undefined)
    noteFact(report, 'break', `left at the first words, after ${Math.round(heard.firstWordsMs)} ms`)
}

/** So much longer than the same answer before: a server that still works on what nobody waits for. Milliseconds. */
const muchLater = 3000

export async function askWhole(report: Report, setup: Setup, greeting: Heard): Promise<void> {
  const name = 'an answer that does not stream'
  const heard = await asked(report, setup, greetsWhole, name)
  if (heard === undefined || isUnanswered(report, heard, name)) return
  if (heard.error !== undefined || heard.ending?.complete !== true) {
    noteQuirk(report, 'whole-not-read', name)
    return noteFact(report, 'not streamed', wordsOf(heard))
  }
  noteFact(report, 'not streamed', `${Math.round(heard.totalMs)} ms`)
  const wasLeft = !report.leftOut.includes('leaving a reply')
  if (wasLeft && heard.totalMs > 2 * greeting.totalMs + muchLater) noteQuirk(report, 'goes-on-after-break', name)
}
