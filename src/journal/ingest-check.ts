// What a program sends is read with care: what is wrong never gets into a journal, and says so there.
import { InputError, messageOf } from '../core/error.ts'
import { isNestedDeeper, maxJsonDepth } from '../core/json-depth.ts'
import { type Fields, isFields } from '../core/kind.ts'
import { type ProgramHeader, splitFrame } from './ingest-frames.ts'
import type { JournalRecord } from './journal.ts'

/** Levels of a record: what a model may send, inside the fields of an event. */
const maxDepth = maxJsonDepth + 50

export interface ProgramFrame {
  header: ProgramHeader
  records: JournalRecord[]
}

/** @throws InputError when it is no frame of this protocol. */
export function readProgramFrame(text: string): ProgramFrame {
  const { header, lines } = splitFrame(text)
  const head = parsed(header)
  if (!isHeader(head)) throw new InputError('The first line of the frame is no header that is known.')
  return { header: head, records: head.t === 'append' ? readRecords(lines) : [] }
}

/**
 * The records of the lines. One that is none is told in its place, as an error of the run: whoever sent it would only send
 * it again, and all that stands behind it would wait for ever.
 */
export function readRecords(lines: readonly string[]): JournalRecord[] {
  return lines.map((line) => {
    try {
      const record = parsed(line)
      return isRecord(record) ? record : lostRecord('A record came that no journal can hold.')
    } catch (error) {
      return lostRecord(messageOf(error))
    }
  })
}

/** What stands in the place of a record that could not be kept. */
export function lostRecord(message: string): JournalRecord {
  const error = { type: 'input', message, retryable: false } as const
  return { type: 'event', at: Date.now(), speaker: { name: 'Studio', id: 'studio' }, event: { type: 'error', error } }
}

function parsed(line: string): unknown {
  if (isNestedDeeper(line, maxDepth)) throw new InputError(`The frame nests JSON more than ${maxDepth} levels deep.`)
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new InputError('The frame is no JSON.', { cause })
  }
}

function isHeader(value: unknown): value is ProgramHeader {
  if (!isFields(value)) return false
  if (value['t'] === 'hello') return typeof value['proto'] === 'number' && isName(value['writer'])
  if (value['t'] === 'append') return isCount(value['seq']) && value['seq'] > 0
  if (value['t'] === 'read') return isReading(value)
  if (value['t'] === 'more') return isCount(value['id']) && isCount(value['credit'])
  return value['t'] === 'leave' && isCount(value['id'])
}

function isReading({ id, after, credit, acknowledged }: Fields): boolean {
  return isCount(id) && isCount(after) && isCount(credit) && typeof acknowledged === 'boolean'
}

/** As far as whoever reads a journal relies on it. What only shows is not looked at here. */
export function isRecord(value: unknown): value is JournalRecord {
  if (!isFields(value) || !Number.isFinite(value['at'])) return false
  const { type, run, speaker, event, invocation, span } = value
  if (type === 'run')
    return isFields(run) && areTexts(run['id'], run['name'], run['project'], run['status'], run['startedAt'])
  if (type === 'event') return isSpeaker(speaker) && isEvent(event)
  if (type === 'invocation') return isFields(invocation) && isInvocation(invocation)
  return type === 'span' && isFields(span) && isSpan(span)
}

function isInvocation({ id, speaker, model, startedAt }: Fields): boolean {
  return isName(id) && isSpeaker(speaker) && isFields(model) && typeof startedAt === 'string'
}

function isSpan({ traceId, spanId, name, kind, startMs, attributes }: Fields): boolean {
  const isPlaced = isName(traceId) && isName(spanId) && Number.isFinite(startMs)
  return isPlaced && typeof name === 'string' && typeof kind === 'string' && isFields(attributes)
}

/** Each of them is a text, or not told. */
function areTexts(...values: unknown[]): boolean {
  return values.every((value) => value === undefined || typeof value === 'string')
}

function isSpeaker(value: unknown): boolean {
  return isFields(value) && typeof value['name'] === 'string' && typeof value['id'] === 'string'
}

function isEvent(value: unknown): boolean {
  if (!isFields(value) || typeof value['type'] !== 'string') return false
  const { type, id, index, delta, block } = value
  if (type === 'error') return id === undefined || typeof id === 'string'
  if (typeof id !== 'string') return false
  if (type === 'block-start') return isCount(index) && isFields(block) && typeof block['type'] === 'string'
  if (type === 'block-end') return isCount(index)
  return !type.endsWith('-delta') || (isCount(index) && typeof delta === 'string')
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 200
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
