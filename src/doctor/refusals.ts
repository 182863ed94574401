// Questions that want no answer: a model that does not exist, a wrong key, a request that asks nothing.
import { isFields } from '../core/kind.ts'
import { asked, textOf } from './asked.ts'
import { jsonIn, Spent } from './asking.ts'
import { noSuchModel, refused, wrongKey } from './questions.ts'
import { noteFact, noteQuirk, type Report } from './report.ts'
import type { Heard, Setup } from './speaking.ts'
import { wires } from './wires.ts'

/** A model that does not exist, and a wrong key where there is a right one. */
export async function askRefusals(report: Report, setup: Setup): Promise<void> {
  const model = await asked(report, { ...setup, model: noSuchModel }, refused, 'a wrong model')
  noteRefusal(report, model, 'a wrong model', 'unknown-model-answers', [400, 403, 404, 422])
  if (setup.apiKey === undefined) return
  const key = await asked(report, { ...setup, apiKey: wrongKey }, refused, 'a wrong key')
  noteRefusal(report, key, 'a wrong key', 'wrong-key-answers', [400, 401, 403])
}

function noteRefusal(
  report: Report,
  heard: Heard | undefined,
  name: string,
  quirk: 'unknown-model-answers' | 'wrong-key-answers',
  expected: readonly number[],
): void {
  const { recording } = heard ?? {}
  if (heard === undefined) return
  if (recording === undefined) return noteFact(report, name, 'no answer')
  noteFact(report, name, `${recording.status}${heard.error === undefined ? '' : `, as ${heard.error.name}`}`)
  if (recording.status < 300) noteQuirk(report, heard.error === undefined ? quirk : 'error-in-200', name)
  else {
    if (!expected.includes(recording.status)) noteQuirk(report, 'error-status', name)
    if (jsonIn(textOf(recording)) === undefined) noteQuirk(report, 'error-not-json', name)
  }
  const retryAfter = recording.headers.get('retry-after')
  if (retryAfter !== null) noteFact(report, 'retry-after', retryAfter.slice(0, 40))
}

/** A request without messages, which no server should take; Ollama takes it for loading the model, and is not asked. */
export async function askBroken(report: Report, { place, model, asker, tell }: Setup): Promise<void> {
  if (place.wire === 'ollama') return
  const name = 'a bad request'
  if (asker.isSpent) return void report.leftOut.push(name)
  tell?.(name)
  const wire = wires[place.wire]
  const path = wire.path.replace('/models/none:', `/models/${encodeURIComponent(model)}:`)
  try {
    const answer = await asker.ask(place.baseUrl + path, wire, { model })
    noteFact(report, name, String(answer.status))
    if (answer.status < 300)
      return noteQuirk(report, isErrorIn(answer.text) ? 'error-in-200' : 'bad-request-answers', name)
    if (![400, 401, 403, 404, 422].includes(answer.status)) noteQuirk(report, 'error-status', name)
    if (jsonIn(answer.text) === undefined) noteQuirk(report, 'error-not-json', name)
  } catch (error) {
    if (error instanceof Spent) report.leftOut.push(name)
    else noteFact(report, name, 'no answer')
  }
}

function isErrorIn(text: string): boolean {
  const value = jsonIn(text)
  return isFields(value) && value['error'] !== undefined
}
