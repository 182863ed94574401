// The figures of a run as Markdown: what was measured, beside the goal, with yes or no.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Wire } from './server.ts'

/** Which of a wire's clients a figure belongs to: the hand-written floor, our two views, the vendor's SDK. */
export type Job = 'floor' | 'events' | 'stream' | 'sdk'
/** CPU microseconds per chunk, by wire, job and number of chunks. */
export type LongReplies = Map<Wire, Map<Job, Map<number, number>>>

export interface ShortReplies {
  cpuPerRequest: number
  p50: number
  p99: number
}

/** A goal, and whether the figure keeps it. */
export interface Check {
  what: string
  figure: string
  goal: string
  kept: boolean
}

const goals: Partial<Record<Job, number>> = { events: 1.5, stream: 2 }
const names: Record<Job, string> = {
  floor: 'hand-written floor',
  events: 'ours, `response.events`',
  stream: 'ours, `response.stream`',
  sdk: "the vendor's SDK",
}
const goalChunks = 100_000
/** CPU per chunk may grow by so much from 10k to 100k chunks and still count as linear. */
const linear = 1.2

export function longReplyTable(replies: LongReplies, counts: readonly number[]): string {
  const sizes = counts.map((count) => `${count / 1000}k`)
  const rows = [...replies].flatMap(([wire, jobs]) => [...jobs].map(([job, times]) => longRow(wire, job, times, jobs)))
  return table(['wire', 'client', ...sizes, `÷ floor at ${sizes.at(-1)}`, 'goal', 'growth', 'linear'], rows)
}

function longRow(wire: Wire, job: Job, times: Map<number, number>, jobs: Map<Job, Map<number, number>>): string[] {
  const count = Math.max(...times.keys())
  const ratio = times.get(count)! / jobs.get('floor')!.get(count)!
  const growth = growthOf(times)
  return [
    wire,
    names[job],
    ...[...times.values()].map((time) => time.toFixed(2)),
    ratio.toFixed(2),
    goalCell(goals[job], ratio, count),
    growth.toFixed(2),
    yes(growth <= linear),
  ]
}

/** The goals are for long replies: of fewer chunks, most of the time goes into warming up. */
function goalCell(goal: number | undefined, ratio: number, count: number): string {
  if (goal === undefined) return ''
  return count < goalChunks ? `≤ ${goal} at ${goalChunks / 1000}k` : `≤ ${goal}: ${yes(ratio <= goal)}`
}

/** From the second largest number of chunks to the largest. */
function growthOf(times: Map<number, number>): number {
  const [before = 1, after = before] = [...times.values()].slice(-2)
  return after / before
}

export function checkTable(checks: readonly Check[]): string {
  return table(
    ['what', 'measured', 'goal', 'kept'],
    checks.map(({ what, figure, goal, kept }) => [what, figure, goal, yes(kept)]),
  )
}

export function shortReplyChecks(wire: Wire, floor: ShortReplies, ours: ShortReplies): Check[] {
  const check = (what: string, one: number, other: number, most: number, unit: string): Check => ({
    what: `${wire}: ${what}`,
    figure: `${other.toFixed(2)} ÷ ${one.toFixed(2)} ${unit} = ${(other / one).toFixed(2)}`,
    goal: `≤ ${most} × raw fetch`,
    kept: other / one <= most,
  })
  return [
    check('time to first text, p50', floor.p50, ours.p50, 1.3, 'ms'),
    check('time to first text, p99', floor.p99, ours.p99, 1.3, 'ms'),
    check('CPU per short request', floor.cpuPerRequest / 1000, ours.cpuPerRequest / 1000, 1.5, 'ms'),
  ]
}

export function machine(root: string): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 1024 ** 3)
  const packages = ['openai', '@anthropic-ai/sdk', '@google/genai', 'ollama'].map((name) => {
    const file = join(root, 'node_modules', name, 'package.json')
    return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`
  })
  const about = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return [
    `${cpus().length} × ${cpu?.model}, ${memory} GB, ${process.platform} ${process.arch}, Node ${process.versions.node}`,
    `${about.name} ${about.version} (${commit(root)}), ${packages.join(', ')}`,
  ].join('\n')
}

function commit(root: string): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim()
  } catch {
    return 'no commit'
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function yes(kept: boolean): string {
  return kept ? 'yes' : 'NO'
}
