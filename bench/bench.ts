// `npm run bench`: what streaming costs, side by side with a hand-written loop and with the other packages.
// Options: --rounds <n>, --only <topics and wires, with commas>, --quick, --write. Nothing leaves the machine.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { weigh } from './footprint.ts'
import { machineOf } from './machine.ts'
import { writePage } from './page.ts'
import { casesFor, fullSize, quickSize, type Size, type Topic, topics } from './plan.ts'
import { reportOf } from './report.ts'
import { modulesOf, peers, type Wire, wires } from './roster.ts'
import { runCases, type Stage, startServer } from './run-cases.ts'
import { type Case, Samples } from './samples.ts'

const root = join(import.meta.dirname, '..')
const cache = join(root, 'node_modules/.cache/agentscope-bench')
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    /** Writes docs/benchmarks.md and its chart; a whole run does so by itself. */
    write: { type: 'boolean', default: false },
    /** Measures nothing: the report of the last run again. */
    again: { type: 'boolean', default: false },
  },
})

const base: Size = options.quick ? quickSize : fullSize
const size: Size = { ...base, rounds: Number(options.rounds ?? base.rounds) }
const only = options.only?.split(',') ?? []
const unknown = only.find((word) => ![...topics, ...wires].includes(word as Topic | Wire))
if (unknown !== undefined || !(size.rounds >= 1)) {
  console.error(`--only takes some of ${[...topics, ...wires].join(', ')}; --rounds takes a number from 1.`)
  process.exit(1)
}
const chosenTopics = chosen(topics)
const chosenWires = chosen(wires)

/** Those that --only names; all when it names none of these. */
function chosen<Name extends string>(all: readonly Name[]): readonly Name[] {
  const named = all.filter((name) => only.includes(name))
  return named.length > 0 ? named : all
}

/** The package as it was just built; a copy, so that nobody changes it meanwhile. */
function copyBuild(): string {
  const build = join(cache, 'dist')
  rmSync(build, { recursive: true, force: true })
  cpSync(join(root, 'dist'), build, { recursive: true })
  writeFileSync(join(cache, 'package.json'), '{ "type": "module" }')
  return build
}

function sizeCases(): Case[] {
  const rounds = size.rounds * 2 + 1
  const own = { client: 'events', rounds }
  return [
    { ...own, what: 'importTime', args: [] },
    ...peers.map((peer): Case => {
      return { what: 'importTime', client: peer.client, args: modulesOf(peer), rounds: size.rounds }
    }),
    ...[2, 4].map((megabytes): Case => ({ ...own, what: 'longLine', args: [megabytes] })),
    ...size.deltas.map((count): Case => ({ ...own, what: 'parsing', args: [count] })),
  ]
}

async function measure(): Promise<Samples> {
  const samples = new Samples()
  const build = copyBuild()
  const [server, crowd] = [await startServer('server.ts'), await startServer('crowd-server.ts')]
  try {
    const stage: Stage = { server: server.url, crowd: crowd.url, build }
    for (const topic of chosenTopics) {
      const began = performance.now()
      await runCases(topic === 'size' ? sizeCases() : casesFor(topic, chosenWires, size), stage, samples)
      if (topic === 'size') await weigh(build, samples)
      process.stderr.write(`\r\x1b[2K${topic}: ${((performance.now() - began) / 1000).toFixed(0)} s\n`)
    }
  } finally {
    server.child.disconnect()
    crowd.child.disconnect()
  }
  return samples
}

const last = join(cache, 'last.json')

interface Run {
  samples: ReturnType<Samples['toJSON']>
  size: Size
  machine: ReturnType<typeof machineOf>
}

mkdirSync(cache, { recursive: true })
if (!options.again) {
  const samples = (await measure()).toJSON()
  writeFileSync(last, JSON.stringify({ samples, size, machine: machineOf(root) } satisfies Run))
}
const run = JSON.parse(readFileSync(last, 'utf8')) as Run
const report = reportOf(Samples.from(run.samples), run.size, run.machine)
console.log(report.markdown)
const whole = !options.quick && only.length === 0 && !options.again
if (whole || options.write) writePage(root, report)
