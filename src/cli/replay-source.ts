// Where a replay finds its run: in the file of a Studio, or in one that Studio exported.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { ConfigError } from '../core/error.ts'
import { isFields } from '../core/kind.ts'
import { type JournalRecord, openRecorded, type RecordedRuns, type RunFacts } from '../journal/index.ts'
import { isRecord } from '../journal/ingest-check.ts'
import { defaultDataFile } from '../studio/server/data-file.ts'
import { UsageError } from './command.ts'
import { projectDataFile } from './project-data.ts'

export interface RecordedRun {
  id: string
  facts: Partial<RunFacts>
  records: Iterable<JournalRecord>
}

export interface RunsFile {
  path: string
  runs: RecordedRuns
}

/**
 * The file that was named; else this user's and this project's, as far as they are there. Whoever opens them closes their
 * runs.
 *
 * @throws ConfigError for one that cannot be read.
 */
export function openRunsFiles(named: string | undefined): RunsFile[] {
  const paths = named === undefined ? [projectDataFile(), defaultDataFile()].filter(existsSync) : [named]
  return [...new Set(paths)].map((path) => ({ path, runs: openRecorded(path) }))
}

/** The one run whose id is `wanted`, or begins with it, with or without the `run_`. @throws UsageError for none and for several. */
export function findRun(files: readonly RunsFile[], wanted: string): RecordedRun {
  const all = files.flatMap(({ runs }) => runs.ids().map((id) => ({ id, runs })))
  const exact = all.filter(({ id }) => id === wanted)
  const begun = all.filter(({ id }) => id.startsWith(wanted) || id.startsWith(`run_${wanted}`))
  const ids = [...new Set((exact.length > 0 ? exact : begun).map(({ id }) => id))]
  const [found] = exact.length > 0 ? exact : begun
  if (found === undefined) throw new UsageError(`No run ${JSON.stringify(wanted)} ${placesOf(files)}.`)
  if (ids.length > 1) throw new UsageError(`${JSON.stringify(wanted)} may be ${ids.slice(0, 10).join(', ')}.`)
  return { id: found.id, facts: found.runs.facts(found.id), records: found.runs.records(found.id) }
}

function placesOf(files: readonly RunsFile[]): string {
  if (files.length > 0) return `in ${files.map(({ path }) => path).join(' or ')}`
  return 'anywhere: there is no file of a Studio yet. Name one with --data'
}

/** Whether this names something on the disk, and no run. */
export function isExport(wanted: string): boolean {
  return existsSync(wanted)
}

/** @throws ConfigError for what is no exported run; a run directory holds no times. */
export function readExport(path: string): RecordedRun {
  if (statSync(path).isDirectory()) {
    throw new ConfigError(`${path} is a directory: a run directory keeps what was said, not when each piece came.`, {
      advice: "Record the run with init({ studio: true }) or agentscope studio, and give its id or Studio's export.",
    })
  }
  const [head, ...records] = linesOf(path)
  if (!isFields(head) || head['agentscope'] !== 'run' || typeof head['run'] !== 'string') throw noExport(path)
  if (!records.every(isRecord)) throw noExport(path)
  const facts = records.map((record) => (record.type === 'run' ? record.run : {}))
  return { id: head['run'], facts: Object.assign({}, ...facts), records }
}

function linesOf(path: string): unknown[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n')
    return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line))
  } catch {
    throw noExport(path)
  }
}

function noExport(path: string): ConfigError {
  return new ConfigError(`${path} is no run that Studio exported.`, {
    advice: 'The file of a Studio itself is named with --data.',
  })
}
