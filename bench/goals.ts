// What was promised, beside what was measured.

import type { Size } from './plan.ts'
import { ours, peersOn, titles, views, type Wire, wires } from './roster.ts'
import type { Samples } from './samples.ts'
import { figure, short, table } from './table.ts'

interface Goal {
  what: string
  /** What was measured, as far as it was. */
  value: number | undefined
  shown: string
  goal: string
  /** `undefined`: this run was too small to tell. */
  kept: boolean | undefined
}

/** At most, or with `atLeast` at least, that much. */
function goalOf(what: string, value: number | undefined, limit: number, unit = '', atLeast = false): Goal {
  const kept = value !== undefined && (atLeast ? value >= limit : value <= limit)
  return { what, value, shown: `${figure(value)}${unit}`, goal: `${atLeast ? '≥' : '≤'} ${limit}${unit}`, kept }
}

function over(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one / other
}

/** A reply of 100,000 pieces through each view may cost so many times the hand-written loop. */
const viewLimits = { events: 1, stream: 1.3, sink: 2, agent: 2 } as const
/** So many times less than a peer: where it is a goal. */
const peerLimits: Readonly<Record<string, number>> = {
  ...{ openai: 3, genai: 8, anthropic: 1.5, ollama: 1.5 },
  ...{ 'ai-sdk': 10, langchain: 5 },
}

function replyGoals(samples: Samples, wire: Wire, { main, counts }: Size): Goal[] {
  const cpu = (client: string, count = main) =>
    samples.median({ what: 'longReply', client, args: [wire, count] }, 'cpuPerEvent')
  const last = counts.at(-1) as number
  const before = counts.length > 2 ? 10_000 : (counts[0] as number)
  const times = ' × the hand-written loop'
  return [
    ...views.map((view) =>
      goalOf(`${wire}: CPU per event, ${ours[view]}`, over(cpu(view), cpu('floor')), viewLimits[view], times),
    ),
    ...peersOn(wire).flatMap(({ client, title }) => {
      const limit = peerLimits[client]
      const less = over(cpu(client), cpu('events'))
      return limit === undefined ? [] : [goalOf(`${wire}: less than ${title}`, less, limit, ' times less', true)]
    }),
    ...views.map((view) =>
      goalOf(
        `${wire}: CPU per event at ${short(last)} over ${short(before)}, ${ours[view]}`,
        over(cpu(view, last), cpu(view, before)),
        1.2,
        ' ×',
      ),
    ),
  ]
}

function shortGoals(samples: Samples, wire: Wire, { requests }: Size): Goal[] {
  const of = (field: string) => {
    const one = (client: string) => samples.median({ what: 'shortReplies', client, args: [wire, requests] }, field)
    return over(one('events'), one('floor'))
  }
  return [
    goalOf(`${wire}: time to the first text, p50`, of('p50'), 1.1, ' × raw fetch'),
    goalOf(`${wire}: time to the first text, p99`, of('p99'), 1.1, ' × raw fetch'),
    goalOf(`${wire}: CPU of a short request`, of('cpuPerRequest'), 1.2, ' × raw fetch'),
  ]
}

function crowdGoals(samples: Samples, { streams, ticks }: Size): Goal[] {
  const count = streams.at(-1) as number
  const of = (field: string) => {
    const one = (client: string) => samples.median({ what: 'crowd', client, args: [count, ticks] }, field)
    return over(one('events'), one('floor'))
  }
  const name = `${count.toLocaleString('en')} streams at once`
  return [
    goalOf(`${name}: delivery, p99`, of('p99'), 1.2, ' × raw fetch'),
    goalOf(`${name}: CPU`, of('cpuPerEvent'), 1.2, ' × raw fetch'),
    goalOf(`${name}: peak memory`, of('peakMb'), 1.2, ' × raw fetch'),
  ]
}

function otherGoals(samples: Samples, { deltas, megabytes }: Size): Goal[] {
  const own = (what: string, args: (string | number)[], field: string, client = 'events') =>
    samples.median({ what, client, args }, field)
  const most = deltas.at(-1) as number
  const taken = (client: string) => own('flood', [megabytes], 'takenMb', client)
  const beyond = [taken('events'), taken('floor')] as const
  const extra = beyond[0] === undefined || beyond[1] === undefined ? undefined : Math.max(0, beyond[0] - beyond[1])
  const line = over(own('longLine', [4], 'cpuMs'), own('longLine', [2], 'cpuMs'))
  const weight = (field: string) => own('footprint', [], field)
  return [
    goalOf(
      `tool arguments: ${short(most)} deltas, the value read after each, CPU`,
      own('parsing', [most], 'cpuMs'),
      20,
      ' ms',
    ),
    goalOf(`flood of ${megabytes} MB, stuck listener: beyond what the raw fetch takes`, extra, 2, ' MB'),
    ...(['events', 'stream', 'agent'] as const).map((view) =>
      goalOf(`leaving the loop to the closed socket, ${titles[view]}`, own('leaving', [], 'closedMs', view), 10, ' ms'),
    ),
    goalOf('import of the seven wrappers', own('importTime', [], 'importMs'), 20, ' ms'),
    goalOf('installed size, with what it needs', weight('mb'), 2, ' MB'),
    goalOf('all seven wires, minified and compressed', weight('bundleKb'), 30, ' KB'),
    goalOf('one line in reads of 1 KB: CPU of 4 MB over 2 MB', line, 2.4, ' ×'),
  ]
}

export function goalsOf(samples: Samples, size: Size): Goal[] {
  // Of fewer pieces, most of the time goes into warming up.
  const told = size.main >= 100_000
  const goals = [
    ...wires
      .flatMap((wire) => replyGoals(samples, wire, size))
      .map((goal) => (told ? goal : { ...goal, kept: undefined })),
    ...wires.flatMap((wire) => shortGoals(samples, wire, size)),
    ...crowdGoals(samples, size),
    ...otherGoals(samples, size),
  ]
  return goals.filter(({ value }) => value !== undefined && !Number.isNaN(value))
}

function verdict(kept: boolean | undefined): string {
  return kept === undefined ? 'too small a run' : kept ? 'kept' : '**missed**'
}

export function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map(({ what, shown, goal, kept }) => [what, shown, goal, verdict(kept)])
  return table(['what', 'measured', 'goal', ''], rows)
}
