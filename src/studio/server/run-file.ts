// A run as one file: JSON lines, the first says what the others are.
import { isNestedDeeper, maxJsonDepth } from '../../core/json-depth.ts'
import { isPlainObject } from '../../core/kind.ts'
import { isRecord } from '../../journal/ingest-check.ts'
import type { JournalRecord } from '../../journal/journal.ts'

/** The longest line of a file. */
const maxLine = 8_000_000
/** The largest file. It is read as it comes and never held as a whole. */
const maxFile = 1_000_000_000

export function firstLine(run: string): string {
  return `${JSON.stringify({ agentscope: 'run', version: 1, run })}\n`
}

/** The run that the first line names. Throws for what is no such file. */
export function runNamed(line: string): string {
  const head = parsed(line) as { agentscope?: unknown; version?: unknown; run?: unknown }
  if (!isPlainObject(head) || head.agentscope !== 'run' || head.version !== 1 || typeof head.run !== 'string') {
    throw new Error('This is no exported run: its first line does not say so.')
  }
  // No address leads to a run of such a name.
  if (/^\s*\.{0,2}\s*$/.test(head.run)) throw new Error('The run in this file has no name.')
  return head.run
}

/** A run that comes under another name says so itself. */
export function recordOf(run: string, line: string): JournalRecord {
  const record = parsed(line)
  if (!isRecord(record)) throw new Error('A line is no record of a run.')
  return record.type === 'run' && record.run.id !== undefined ? { ...record, run: { ...record.run, id: run } } : record
}

function parsed(line: string): unknown {
  if (isNestedDeeper(line, maxJsonDepth)) throw new Error('A line is nested too deeply.')
  try {
    return JSON.parse(line)
  } catch {
    throw new Error('A line is no JSON.')
  }
}

export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let [rest, size] = ['', 0]
  for await (const piece of body) {
    size += piece.byteLength
    if (size > maxFile) throw new Error('The file is too large.')
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxLine) throw new Error('A line is too long.')
    yield* lines.filter((line) => line.trim() !== '')
  }
  if (rest.trim() !== '') yield rest
}
