// The first question, on which the others rest: whether a streamed answer comes at all, and what is measured on it.
import { asked, textOf } from './asked.ts'
import { isWebPage } from './asking.ts'
import { greets } from './questions.ts'
import { noteFact, noteQuirk, type Report } from './report.ts'
import { type Heard, type Setup, wordsOf } from './speaking.ts'
import { judgeReply } from './streamed-reply.ts'
import { wires } from './wires.ts'

/** The first streamed reply: without one there is nothing to examine, and the report says why. */
export async function askGreeting(report: Report, setup: Setup): Promise<Heard | undefined> {
  let heard = await asked(report, setup, greets, 'a streamed answer')
  for (const quirk of ['stream-options-refused', 'max-tokens-refused'] as const) {
    if (heard === undefined || !isRefusedFor(heard, quirk, setup)) continue
    noteQuirk(report, quirk, 'a streamed answer')
    heard = await asked(report, setup, greets, 'a streamed answer')
  }
  const why = heard === undefined ? 'No request was left for an answer.' : unexaminable(heard)
  if (heard === undefined || why !== undefined) {
    report.reason = why ?? ''
    if (heard?.error?.advice !== undefined) report.advice = heard.error.advice
    return undefined
  }
  await judgeReply(report, setup, greets, heard, 'a streamed answer')
  noteMeasures(report, heard)
  return heard
}

function isRefusedFor({ recording }: Heard, quirk: 'stream-options-refused' | 'max-tokens-refused', setup: Setup) {
  if (recording === undefined || (recording.status !== 400 && recording.status !== 422)) return false
  if (wires[setup.place.wire].dialect !== 'openai-chat') return false
  const words = quirk === 'stream-options-refused' ? /stream_options/ : /max_tokens/
  return words.test(textOf(recording))
}

function unexaminable(heard: Heard): string | undefined {
  const { recording } = heard
  if (recording === undefined) return wordsOf(heard)
  if (recording.status < 200 || recording.status > 299) return wordsOf(heard)
  if (isWebPage(recording)) return 'A web page answers there, not the API of a model.'
  return recording.chunks.length === 0 && heard.error !== undefined ? wordsOf(heard) : undefined
}

function noteMeasures(report: Report, heard: Heard): void {
  const { recording, usage, ending, firstWordsMs } = heard
  const first = recording?.chunks[0]
  if (first !== undefined) noteFact(report, 'first byte', `${Math.round(first.at)} ms`)
  if (firstWordsMs !== undefined) noteFact(report, 'first words', `${Math.round(firstWordsMs)} ms`)
  noteFact(report, 'whole answer', `${Math.round(heard.totalMs)} ms`)
  const { inputTokens, outputTokens } = usage ?? {}
  if (usage !== undefined) noteFact(report, 'usage', `${inputTokens ?? '?'} tokens in, ${outputTokens ?? '?'} out`)
  if (ending?.raw !== undefined) noteFact(report, 'finish reason', ending.raw)
  const headers = recording?.headers
  noteFact(report, 'compression', headers?.get('content-encoding') ?? 'none')
  noteFact(report, 'server', (headers?.get('server') ?? '').slice(0, 60))
  if (headers?.get('connection') === 'close') noteQuirk(report, 'no-keep-alive', 'a streamed answer')
}
