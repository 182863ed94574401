// `npm run bench:decode`: what decoding costs beside a hand-written loop and the vendors' SDKs, as a Markdown table.
// Options: --rounds <n>, --only <wire>, --quick. Nothing leaves the machine.
import { execFile, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import type { importTime, longLine, longReply, shortReplies, toolArguments } from './clients.ts'
import {
  type Check,
  checkTable,
  type Job,
  type LongReplies,
  longReplyTable,
  machine,
  type ShortReplies,
  shortReplyChecks,
} from './report.ts'
import { type Wire, wires } from './server.ts'

const root = join(import.meta.dirname, '..')
const { values: options } = parseArgs({
  options: { rounds: { type: 'string' }, only: { type: 'string' }, quick: { type: 'boolean', default: false } },
})
const rounds = Number(options.rounds ?? (options.quick ? 3 : 5))
const counts = options.quick ? [1_000, 10_000] : [1_000, 10_000, 100_000]
const requests = options.quick ? 50 : 200
const chosen = wires.filter((wire) => options.only === undefined || wire === options.only)
if (chosen.length === 0 || !(rounds >= 1)) {
  console.error(`--only takes one of ${wires.join(', ')}; --rounds takes a number from 1.`)
  process.exit(1)
}

/** Runs one client in a fresh process. */
async function client<Figures>(job: string, ...rest: (string | number)[]): Promise<Figures> {
  const args = ['--expose-gc', join(import.meta.dirname, 'clients.ts'), job, ...rest.map(String)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1024 * 1024 })
  return JSON.parse(stdout)
}

type Figures<Measure extends (...given: never[]) => unknown> = Awaited<ReturnType<Measure>>

function jobsOf(wire: Wire): Job[] {
  return wire === 'dashscope' ? ['floor', 'events', 'stream'] : ['floor', 'events', 'stream', 'sdk']
}

/** Interleaved, so that whatever else the machine does falls on all clients alike; the median of the rounds. */
async function longReplies(server: string): Promise<LongReplies> {
  const samples = new Map<string, number[]>()
  const cases = counts.flatMap((count) => chosen.flatMap((wire) => jobsOf(wire).map((job) => ({ count, wire, job }))))
  for (let round = 0; round < rounds; round += 1) {
    for (const { count, wire, job } of cases) {
      const { cpuPerChunk } = await client<Figures<typeof longReply>>(job, wire, count, server)
      const key = `${wire} ${job} ${count}`
      samples.set(key, [...(samples.get(key) ?? []), cpuPerChunk])
    }
    progress(`long replies: round ${round + 1} of ${rounds}`)
  }
  const timesOf = (wire: Wire, job: Job) =>
    new Map(counts.map((count) => [count, median(samples.get(`${wire} ${job} ${count}`) ?? [])]))
  return new Map(chosen.map((wire) => [wire, new Map(jobsOf(wire).map((job) => [job, timesOf(wire, job)]))]))
}

async function shortReplyRounds(wire: Wire, server: string): Promise<Check[]> {
  const samples: Record<'floor' | 'events', ShortReplies[]> = { floor: [], events: [] }
  for (let round = 0; round < rounds; round += 1) {
    for (const job of ['floor', 'events'] as const) {
      const figures = await client<Figures<typeof shortReplies>>(`short:${job}`, wire, requests, server)
      samples[job].push(figures as ShortReplies)
    }
  }
  progress(`short replies: ${wire}`)
  return shortReplyChecks(wire, medians(samples.floor), medians(samples.events))
}

async function toolArgumentCheck(): Promise<Check> {
  const cpuMs = await medianOf(async () => (await client<Figures<typeof toolArguments>>('arguments', '-', 8000)).cpuMs)
  const what = 'tool arguments: 8,000 deltas of 12 characters, the value read after each'
  return { what, figure: `${cpuMs.toFixed(1)} ms CPU`, goal: '≤ 40 ms', kept: cpuMs <= 40 }
}

async function longLineCheck(): Promise<Check> {
  const of = (megabytes: number) =>
    medianOf(async () => (await client<Figures<typeof longLine>>('line', '-', megabytes)).cpuMs)
  const [two, four] = [await of(2), await of(4)]
  const figure = `${two.toFixed(1)} ms, 4 MB: ${four.toFixed(1)} ms CPU, × ${(four / two).toFixed(2)}`
  return { what: 'one line of 2 MB in reads of 1 KB', figure, goal: 'linear: ≤ × 2.4', kept: four / two <= 2.4 }
}

/** The package as it is published, compiled into a folder of its own; types are stripped from nothing on the way. */
async function importChecks(): Promise<Check[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agentscope-bench-'))
  try {
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    await promisify(execFile)(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', folder])
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    return await importCheck(join(folder, 'models/index.js'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function importCheck(file: string): Promise<Check[]> {
  const ms = await medianOf(async () => (await client<Figures<typeof importTime>>('import', file)).importMs)
  return [
    {
      what: 'import of the seven wrappers, as published',
      figure: `${ms.toFixed(1)} ms`,
      goal: '≤ 40 ms',
      kept: ms <= 40,
    },
  ]
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const samples: number[] = []
  for (let round = 0; round < rounds; round += 1) samples.push(await measure())
  return median(samples)
}

function medians(samples: readonly ShortReplies[]): ShortReplies {
  const of = (key: keyof ShortReplies) => median(samples.map((sample) => sample[key]))
  return { cpuPerRequest: of('cpuPerRequest'), p50: of('p50'), p99: of('p99') }
}

function median(samples: readonly number[]): number {
  return [...samples].sort((one, other) => one - other)[Math.floor(samples.length / 2)] ?? Number.NaN
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

const server = fork(join(import.meta.dirname, 'server.ts'))
try {
  const address = await new Promise<string>((resolve) => server.once('message', (url) => resolve(String(url))))
  const long = await longReplies(address)
  const checks: Check[] = []
  for (const wire of chosen) checks.push(...(await shortReplyRounds(wire, address)))
  checks.push(await toolArgumentCheck(), await longLineCheck())
  checks.push(...(await importChecks()))
  console.log(`# Decoding\n\n${machine(root)}\n`)
  console.log(`CPU microseconds per chunk of 4 to 6 characters, user and system, without start and import; many chunks
a read; each client in a fresh process, ${rounds} interleaved rounds, median.\n`)
  console.log(`${longReplyTable(long, counts)}\n`)
  console.log(
    `${requests} short replies one after another (10 chunks, sent one by one), medians of ${rounds} rounds; and the rest.\n`,
  )
  console.log(checkTable(checks))
} finally {
  server.disconnect()
}
