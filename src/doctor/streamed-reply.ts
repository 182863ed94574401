// Judges one streamed reply: what its bytes show, and whether our wrapper reads it, with options where they help.
import { AbortedError, TimeoutError } from '../core/error.ts'
import { quirkOptions } from './configuration.ts'
import type { QuirkName } from './quirk.ts'
import { bytesOf, type Recording } from './recording.ts'
import { noteQuirk, type Report } from './report.ts'
import { type Heard, heardAgain, type Question, type Setup } from './speaking.ts'
import { streamQuirks } from './stream-quirks.ts'
import { wires } from './wires.ts'

/** Held back so long, and then all at once within so small a part of it. Milliseconds. */
const heldBackMs = 300
const atOncePart = 0.03
const fewPieces = 8

const explained: ReadonlySet<QuirkName> = new Set([
  ...(['reset', 'stalled', 'endless', 'cut-off', 'error-in-stream', 'error-event', 'call-broken-arguments'] as const),
])

/** Notes everything, and says how the reply reads with the options that were found. */
export async function judgeReply(report: Report, setup: Setup, question: Question, heard: Heard, where: string) {
  const { recording } = heard
  if (recording === undefined) return heard
  const names = new Set(
    streamQuirks(wires[setup.place.wire].dialect, bytesOf(recording), recording.headers.get('content-type') ?? ''),
  )
  const broke = breakOf(heard)
  if (broke !== undefined && names.add(broke)) names.delete('cut-off')
  if (isBuffered(recording)) names.add('buffered')
  for (const name of names) noteQuirk(report, name, where)
  const options = quirkOptions(report)
  const isHelped = Object.keys(options).length > 0
  const best = isHelped ? await heardAgain(recording, setup, { ...question, options }) : heard
  const isExplained = [...names].some((name) => explained.has(name))
  if (!isExplained && !isRead(best)) noteQuirk(report, 'not-read', where)
  else if (!isExplained && saysNothing(best)) noteQuirk(report, 'nothing-said', where)
  return best
}

/** How the reply was kept from ending by itself; a break behind its end mark does no harm. */
function breakOf({ error, ending, recording }: Heard): QuirkName | undefined {
  if (error instanceof TimeoutError) return 'stalled'
  if (error instanceof AbortedError) return 'endless'
  return recording?.ended === 'broken' && ending?.complete !== true ? 'reset' : undefined
}

function isRead({ ending, text, error }: Heard): boolean {
  return error === undefined && ending?.complete === true && !/<\/?think>/.test(text)
}

/** A limit may end a reply before the first word; that is no fault. */
function saysNothing({ text, calls, ending, thinking }: Heard): boolean {
  return text === '' && calls.length === 0 && (ending?.reason !== 'length' || thinking === '')
}

function isBuffered({ chunks }: Recording): boolean {
  const [first, last] = [chunks[0], chunks.at(-1)]
  const events = chunks.reduce((count, { bytes }) => count + bytes.filter((byte) => byte === 10).length, 0)
  if (first === undefined || last === undefined || events < fewPieces * 2) return false
  return first.at > heldBackMs && last.at - first.at < first.at * atOncePart
}
