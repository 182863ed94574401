// Takes out what must not be stored: the values of headers and attributes that hold keys, and what the settings name.
import type { JournalRecord } from '../../journal/journal.ts'
import type { Redaction } from './redaction.ts'

/** Names whose value is a secret, however they are written: `Authorization`, `x-api-key`, `openai_api_key`. */
const secretName =
  /(^|[._-])(authorization|api[._-]?key|apikey|x-goog-api-key|cookie|set-cookie|secret|password|(access|auth|refresh|session)[._-]?token)$/i

/** So deep is looked; deeper lies nothing that a program told as a header or an attribute. */
const levels = 12

/**
 * What was said stays as it was said. In what surrounds it (options of a call, attributes of a span, raw wire values)
 * the values of secret names are replaced. What the settings ask to be taken out goes everywhere. Returns the same
 * record when there is nothing of the kind.
 */
export function withoutSecrets(record: JournalRecord, redaction?: Redaction): JournalRecord {
  const named = withoutNamed(record)
  return redaction === undefined ? named : (redaction.clean(named) as JournalRecord)
}

function withoutNamed(record: JournalRecord): JournalRecord {
  if (record.type === 'span') return { ...record, span: clean(record.span, 0) as typeof record.span }
  if (record.type === 'invocation') {
    const { invocation } = record
    return {
      ...record,
      invocation: { ...invocation, options: clean(invocation.options, 0) as typeof invocation.options },
    }
  }
  if (record.type !== 'event' || record.event.type !== 'raw') return record
  return { ...record, event: clean(record.event, 0) as typeof record.event }
}

function clean(value: unknown, level: number): unknown {
  if (typeof value !== 'object' || value === null || level > levels) return value
  if (Array.isArray(value)) return value.map((each) => clean(each, level + 1))
  const entries = Object.entries(value).map(([name, each]) => {
    return [name, secretName.test(name) && each !== null ? '[redacted]' : clean(each, level + 1)]
  })
  return Object.fromEntries(entries)
}
