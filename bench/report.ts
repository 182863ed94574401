// The figures of a run as Markdown: a table for each question, then the goals.
import { goalsOf, goalTable } from './goals.ts'
import type { Machine } from './machine.ts'
import type { Size } from './plan.ts'
import { modulesOf, peers, peersOn, titles, views, type Wire, wires } from './roster.ts'
import type { Samples } from './samples.ts'
import { figure, ratio, short, table } from './table.ts'

export interface Report {
  markdown: string
  samples: Samples
  size: Size
  machine: Machine
}

type Section = string | undefined

function titled(title: string, words: string, body: string): Section {
  return body === '' ? undefined : `## ${title}\n\n${words}\n\n${body}`
}

/** A figure, or why there is none. */
function cell(samples: Samples, of: Parameters<Samples['median']>[0], field: string, unit = ''): string {
  return samples.failure(of) === undefined ? figure(samples.median(of, field), unit) : 'failed'
}

function replyTable(samples: Samples, wire: Wire, { counts, main }: Size): string {
  const of = (client: string, count: number) => ({ what: 'longReply', client, args: [wire, count] })
  const at = (client: string, count = main) => samples.median(of(client, count), 'cpuPerEvent')
  if (at('floor') === undefined) return ''
  const clients = ['floor', ...views, ...peersOn(wire).map(({ client }) => client)]
  const rows = clients.map((client) => [
    titles[client] as string,
    ...counts.map((count) => cell(samples, of(client, count), 'cpuPerEvent')),
    ratio(at(client), at('floor')),
    ratio(at(client), at('events')),
  ])
  const ratios = [`to the loop at ${short(main)}`, 'to `response.events`']
  return `### ${wire}\n\n${table(['µs of CPU per event', ...counts.map(short), ...ratios], rows)}`
}

function shortTable(samples: Samples, { requests }: Size): string {
  const rows = wires.flatMap((wire) => {
    const of = (client: string) => ({ what: 'shortReplies', client, args: [wire, requests] })
    const value = (client: string, field: string) => samples.median(of(client), field)
    if (value('floor', 'p50') === undefined) return []
    return ['floor', 'events', ...peersOn(wire).map(({ client }) => client)].map((client) => [
      wire,
      titles[client] as string,
      cell(samples, of(client), 'p50'),
      cell(samples, of(client), 'p99'),
      cell(samples, of(client), 'cpuPerRequest'),
      ...['p50', 'p99', 'cpuPerRequest'].map((field) => ratio(value(client, field), value('floor', field))),
    ])
  })
  if (rows.length === 0) return ''
  const head = ['first text p50, ms', 'p99, ms', 'CPU per request, µs', 'p50 to the loop', 'p99', 'CPU']
  return table(['wire', 'client', ...head], rows)
}

function crowdTable(samples: Samples, { streams, ticks }: Size): string {
  const rows = streams.flatMap((count) => {
    const of = (client: string) => ({ what: 'crowd', client, args: [count, ticks] })
    if (samples.median(of('floor'), 'p50') === undefined) return []
    const fields = ['p50', 'p99', 'cpuPerEvent', 'peakMb'] as const
    const value = (client: string, field: string) => samples.median(of(client), field)
    return ['floor', 'events', ...peersOn('openai').map(({ client }) => client)].map((client) => [
      count.toLocaleString('en'),
      titles[client] as string,
      ...fields.map((field) => cell(samples, of(client), field)),
      ...fields.slice(1).map((field) => ratio(value(client, field), value('floor', field))),
    ])
  })
  const head = [
    'delivery p50, ms',
    'p99, ms',
    'CPU per event, µs',
    'peak memory, MB',
    'p99 to the loop',
    'CPU',
    'memory',
  ]
  return rows.length === 0 ? '' : table(['streams', 'client', ...head], rows)
}

const grown = { calls: 'tool input', values: 'structured answer' } as const

function growingTable(samples: Samples, { deltas }: Size): string {
  const most = deltas.at(-1) as number
  const rowOf = (what: 'calls' | 'values', client: string, offered: boolean) => {
    const of = (count: number) => ({ what: 'growing', client, args: [what, count] })
    const name = [grown[what], titles[client] as string]
    if (!offered) return [...name, ...deltas.map(() => ''), '', 'not offered']
    const steps = samples.median(of(most), 'steps') ?? 0
    const ratioToOurs = ratio(
      samples.median(of(most), 'cpuMs'),
      samples.median({ ...of(most), client: 'events' }, 'cpuMs'),
    )
    const remark = steps > 0 && steps < most / 2 ? `${steps} values shown` : ''
    return [...name, ...deltas.map((count) => cell(samples, of(count), 'cpuMs')), ratioToOurs, remark]
  }
  if (samples.median({ what: 'growing', client: 'events', args: ['calls', most] }, 'cpuMs') === undefined) return ''
  const rows = (['calls', 'values'] as const).flatMap((what) => [
    rowOf(what, 'events', true),
    ...peersOn('openai').map((peer) => rowOf(what, peer.client, peer[what] === true)),
  ])
  const parser = deltas.map((count) =>
    figure(samples.median({ what: 'parsing', client: 'events', args: [count] }, 'cpuMs')),
  )
  const own = ['tool input', 'ours, `IncrementalJson` without a wire', ...parser, '', '']
  return table(
    ['what', 'client', ...deltas.map((count) => `${short(count)} deltas, ms`), 'to ours', ''],
    [own, ...rows],
  )
}

/** A socket that stayed open until the provider had nothing more to say. */
const never = 2500

function leavingTable(samples: Samples, { megabytes }: Size): string {
  const clients = ['floor', 'events', 'stream', 'agent', ...peersOn('openai').map(({ client }) => client)]
  const rows = clients.map((client) => {
    const flood = { what: 'flood', client, args: [megabytes] }
    const leaving = { what: 'leaving', client, args: [] }
    const closed = samples.median(leaving, 'closedMs')
    const after = closed !== undefined && closed > never ? 'never' : cell(samples, leaving, 'closedMs')
    return [titles[client] as string, cell(samples, flood, 'takenMb'), cell(samples, flood, 'grownMb'), after]
  })
  if (rows.every((row) => row.slice(1).every((one) => one === '–'))) return ''
  return table(['client', `taken in of ${megabytes} MB`, 'memory grown, MB', 'left to closed, ms'], rows)
}

function sizeTable(samples: Samples): string {
  const all = [{ client: 'events', packages: [] as readonly string[] }, ...peers]
  const rows = all.map((one) => {
    const { client, packages } = one
    const weight = { what: 'footprint', client, args: [] }
    return [
      packages.length === 0 ? 'ours, all seven wires' : packages.map((name) => `\`${name}\``).join(' + '),
      cell(samples, { what: 'importTime', client, args: modulesOf(one) }, 'importMs'),
      cell(samples, weight, 'mb'),
      figure(samples.median(weight, 'packages')).replace('.00', '').replace('.0', ''),
      cell(samples, weight, 'bundleKb'),
      cell(samples, weight, 'lazyKb'),
    ]
  })
  if (samples.median({ what: 'importTime', client: 'events', args: [] }, 'importMs') === undefined) return ''
  return table(
    ['packages', 'import, ms', 'installed, MB', 'packages installed', 'min + gzip, KB', 'on demand, KB'],
    rows,
  )
}

function failureList(samples: Samples): string {
  return [...samples.failures].map(([of, message]) => `- ${of}: ${message}`).join('\n')
}

function roundsOf({ rounds }: Size): string {
  if (rounds === 1) return 'one round of each: a look, no measurement'
  return `the median of ${rounds} interleaved rounds, of one or two for peers and for the shortest and the longest replies`
}

function about({ date, hardware, ours, peers }: Machine, size: Size): string {
  return `${date} · ${hardware}

${ours}, beside ${peers.join(', ')}.

Each figure comes from a process of its own, against a provider in another process on the same machine; ${roundsOf(size)}. Absolute figures move with the machine: the ratios within one run are what counts.`
}

export function reportOf(samples: Samples, size: Size, machine: Machine): Report {
  const goals = goalsOf(samples, size)
  const told = goals.filter((goal) => goal.kept !== undefined)
  const kept = told.filter((goal) => goal.kept).length
  const sections = [
    titled(
      'CPU per event',
      'One long reply, many chunks of 4 to 6 characters in each read; user and system time, without start and import.',
      wires
        .map((wire) => replyTable(samples, wire, size))
        .filter(Boolean)
        .join('\n\n'),
    ),
    titled(
      'First text, and short requests',
      `${size.requests} replies of ten chunks, one after another, after fifty that warm up.`,
      shortTable(samples, size),
    ),
    titled(
      'Many streams at once',
      `OpenAI's wire, a chunk each 20 ms in every stream, ${size.ticks} chunks. Delivery: from the provider's write to the listener, in every stream, after the first 25 chunks.`,
      crowdTable(samples, size),
    ),
    titled(
      'Values that grow',
      'CPU milliseconds for deltas of 12 characters, the value known so far read after each, the whole reply included.',
      growingTable(samples, size),
    ),
    titled(
      'Listeners that are stuck, and that leave',
      'Stuck: hears the first piece and does nothing more, while the provider sends what is taken. Left: breaks out of the loop after ten pieces; `never` means that the socket stayed open until the provider had said everything, three seconds later.',
      leavingTable(samples, size),
    ),
    titled(
      'Size',
      'What a project installs for one provider, from the lock files, and what a bundle that imports all of it weighs.',
      sizeTable(samples),
    ),
    titled('What failed', 'In a process of its own; the run goes on.', failureList(samples)),
    titled('Goals', `${kept} of ${told.length} kept.`, goals.length === 0 ? '' : goalTable(goals)),
  ]
  const markdown = ['# Benchmarks', about(machine, size), ...sections.filter((section) => section !== undefined)].join(
    '\n\n',
  )
  return { markdown, samples, size, machine }
}
