// What a decoder notes beside the content, the same for all wires.
import type { FinishReason } from '../core/ending.ts'
import type { Findings } from './dialect.ts'

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
