// Plays what was recorded: each event reaches the terminal when it is due.
import { setTimeout as after } from 'node:timers/promises'
import type { InputAnswer, InputRequest, Notice, StreamEvent } from '../core/event.ts'
import { textOf } from '../core/message.ts'
import { durationText, type JournalRecord, type ReplayPace } from '../journal/index.ts'
import type { Sink, Speaker } from '../scope.ts'
import { answeredWords } from '../terminal/question.ts'

/** Shorter ones are not worth a line: milliseconds. */
const toldSkipMs = 1000

const teller: Speaker = { name: 'replay', id: 'replay' }

/** Plays until the end, or until the signal fires; it then rejects with the signal's reason. */
export async function play(
  records: Iterable<JournalRecord>,
  pace: ReplayPace,
  screen: Sink,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now()
  const questions = new Map<string, InputRequest>()
  for (const record of records) {
    if (record.type !== 'event') continue
    const { dueMs, skippedMs } = pace.next(record.at)
    if (skippedMs >= toldSkipMs) await screen.event(teller, news(`skipped ${durationText(skippedMs)}`))
    const wait = dueMs - (performance.now() - began)
    if (wait > 0) await after(wait, undefined, { signal })
    signal.throwIfAborted()
    const shown = shownOf(record.event, questions)
    if (shown !== undefined) await screen.event(record.speaker, shown)
  }
}

/** A question is asked no more: it is told, and so is its answer, unless that is spoken as a message. */
function shownOf(event: StreamEvent, questions: Map<string, InputRequest>): StreamEvent | undefined {
  if (event.type === 'input-answer') return answerNews(event, questions.get(event.id))
  if (event.type !== 'input-request') return event
  questions.set(event.id, event)
  return event.text === undefined ? undefined : news(`${event.name}: ${event.text}`)
}

function answerNews({ content, value, by }: InputAnswer, request: InputRequest | undefined): Notice | undefined {
  const isUsual = by === undefined || by === 'terminal'
  if (request?.approval === undefined) return isUsual ? undefined : news(answeredWords(by))
  const decision = (value as { decision?: unknown } | undefined)?.decision
  return news(`${answeredWords(by)}: ${typeof decision === 'string' ? decision : textOf({ content })}`)
}

function news(text: string): Notice {
  return { type: 'notice', id: teller.id, kind: 'progress', text }
}
