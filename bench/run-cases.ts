// Runs the cases of a plan, each in a fresh process, round by round; what fails is noted and left out from then on.
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Case, Figures, Samples } from './samples.ts'

const slowest = 120_000

/** Measures that need no server. */
const offline = ['importTime', 'longLine', 'parsing']

export interface Stage {
  /** The mock provider, and the one of the crowds. */
  server: string
  crowd: string
  /** The folder of the compiled package. */
  build: string
}

/** Starts a server of the bench; it ends with the channel to it. */
export async function startServer(file: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(join(import.meta.dirname, file))
  const [url] = (await once(child, 'message')) as [string]
  return { child, url }
}

/** Interleaved, so that whatever else the machine does falls on all clients alike. */
export async function runCases(cases: readonly Case[], stage: Stage, samples: Samples): Promise<void> {
  const rounds = Math.max(0, ...cases.map((one) => one.rounds))
  for (let round = 0; round < rounds; round += 1) {
    const now = cases.filter((one) => one.rounds > round && samples.failure(one) === undefined)
    for (const [at, one] of now.entries()) {
      show(
        `round ${round + 1} of ${rounds}, ${at + 1} of ${now.length}: ${one.what} ${one.client} ${one.args.join(' ')}`,
      )
      await runCase(one, stage, samples)
    }
  }
}

async function runCase(one: Case, stage: Stage, samples: Samples): Promise<void> {
  const { server, crowd, build } = stage
  const host = one.what === 'crowd' ? crowd : server
  const args = offline.includes(one.what) ? one.args : [host, ...one.args]
  try {
    samples.add(one, await measured([one.what, one.client, JSON.stringify(args)], build))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    samples.fail(one, message)
    process.stderr.write(`\r\x1b[2K${one.client}: ${one.what} ${one.args.join(' ')}: ${message}\n`)
  }
}

async function measured(args: readonly string[], build: string): Promise<Figures> {
  const file = join(import.meta.dirname, 'measure.ts')
  const env = { ...process.env, AGENTSCOPE_BENCH_BUILD: build, NODE_NO_WARNINGS: '1' }
  const options = { env, timeout: slowest, maxBuffer: 64 * 1024 * 1024 }
  const ran = promisify(execFile)(process.execPath, ['--expose-gc', file, ...args], options)
  const { stdout } = await ran.catch((error: { killed?: boolean; stderr?: string; message: string }) => {
    throw new Error(error.killed ? `gave up after ${slowest / 1000} s` : whatWentWrong(error.stderr ?? error.message))
  })
  // Some packages greet on stdout; the figures are the last line.
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n') + 1)) as Figures
}

function whatWentWrong(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim())
  return (lines.find((line) => /^(?:\w*Error|\[\w+\])\b/.test(line)) ?? lines.find(Boolean) ?? 'no reason given').slice(
    0,
    200,
  )
}

function show(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`)
}
