// What a decoder notes beside the content, the same for all wires.
import type { FinishReason } from '../core/ending.ts'
import { failureIn } from '../core/provider-failure.ts'
import type { Findings } from './dialect.ts'
import { type Fields, flatText, isFields, jsonOf, saysSomething, textIn } from './values.ts'

export function newFindings(): Findings {
  return { marker: false, allToolCallsClosed: true, metadata: {} }
}

/**
 * Notes a finish reason. null, "" and "null" are none (SGLang, DashScope send them on every chunk), a later real one
 * replaces an earlier one, and one that is not in the table is `unknown`, never an exception.
 */
export function noteFinish(findings: Findings, raw: unknown, table: Readonly<Record<string, FinishReason>>): void {
  if (typeof raw !== 'string' || raw === '' || raw === 'null') return
  findings.finishRaw = raw
  findings.finish = Object.hasOwn(table, raw) ? (table[raw] as FinishReason) : 'unknown'
  if (findings.finish !== 'error') return
  findings.failure ??= { message: `the answer ended with the finish reason "${raw}"`, code: raw, retryable: true }
}

/** Whether the wire said that it is done and no limit cut the answer: then an empty argument text means no arguments. */
export function saidDone(findings: Findings): boolean {
  return (findings.marker || findings.finish !== undefined) && findings.finish !== 'length' && !findings.failure
}

/** Notes a failure that the wire reported as one, in whatever words it did. */
export function noteFailure(findings: Findings, value: unknown): void {
  findings.failure = failureIn(value) ?? { message: jsonOf(value).slice(0, 500) }
}

/** Keeps those fields that say something; a later one replaces an earlier one. */
export function noteFields(findings: Findings, fields: Fields, names: ReadonlySet<string>): void {
  for (const name in fields) {
    if (names.has(name) && saysSomething(fields[name])) findings.metadata[name] = fields[name]
  }
}

/** The list under that name in the metadata, made when there is none. */
export function listIn(metadata: Fields, name: string): unknown[] {
  metadata[name] ??= []
  return metadata[name] as unknown[]
}

/** What another choice said that was asked for beside the one that is the message. */
export function noteOtherChoice(findings: Findings, index: number, text: string, finish: unknown): void {
  const others = listIn(findings.metadata, 'otherChoices') as Fields[]
  let other = others.find((each) => each['index'] === index)
  if (other === undefined) {
    other = { index, text: '' }
    others.push(other)
  }
  other['text'] = flatText(other['text']) + text
  if (textIn(finish)) other['finishReason'] = finish
}

/** Tells a whole value apart from nothing: the first that came seeds ids that the wire does not give. */
export function seedOf(findings: Findings, first: unknown): string {
  const { responseId } = findings.metadata
  if (typeof responseId === 'string') return responseId
  const created = isFields(first) ? (first['created'] ?? first['created_at'] ?? first['createTime']) : undefined
  return created ? jsonOf(created) : jsonOf(first).slice(0, 8192)
}
