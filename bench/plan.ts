// What a run measures: every case with its number of rounds. Peers, which take most of the time, go fewer rounds.
import { type Peer, peers, peersOn, views, type Wire } from './roster.ts'
import type { Case } from './samples.ts'

export interface Size {
  rounds: number
  /** Pieces of a long reply. */
  counts: readonly number[]
  /** The number of pieces that goals and ratios are about. */
  main: number
  requests: number
  streams: readonly number[]
  ticks: number
  deltas: readonly number[]
  megabytes: number
}

const full = { main: 100_000, requests: 300, streams: [200, 1000], ticks: 100, deltas: [500, 2000, 8000] }
export const fullSize: Size = { ...full, rounds: 3, counts: [1_000, 10_000, 100_000, 300_000], megabytes: 64 }

const quick = { main: 10_000, requests: 50, streams: [200], ticks: 75, deltas: [500, 2000] }
export const quickSize: Size = { ...quick, rounds: 1, counts: [1_000, 10_000], megabytes: 64 }

export const topics = ['replies', 'short', 'crowd', 'growing', 'flood', 'leaving', 'size'] as const
export type Topic = (typeof topics)[number]

/** Rounds of a peer; two where a goal compares it with ours. */
const once = 1

export function casesFor(topic: Topic, wires: readonly Wire[], size: Size): Case[] {
  if (topic === 'replies') return wires.flatMap((wire) => replyCases(wire, size))
  if (topic === 'short') return wires.flatMap((wire) => shortCases(wire, size))
  if (!wires.includes('openai')) return []
  if (topic === 'crowd') return size.streams.flatMap((streams) => crowdCases(streams, size))
  if (topic === 'growing') return growingCases(size)
  if (topic === 'flood') return everybody('flood', [size.megabytes], once)
  return topic === 'leaving' ? everybody('leaving', [], size.rounds) : []
}

function replyCases(wire: Wire, { counts, main, rounds }: Size): Case[] {
  return counts.flatMap((count) => {
    const of = (client: string, rounds: number): Case => ({ what: 'longReply', client, args: [wire, count], rounds })
    // The shortest and the longest show the growth; one round of them costs as much as several of the others.
    const own = count === main || count === 10_000 ? rounds : once
    return [
      ...['floor', ...views].map((client) => of(client, own)),
      ...peersOn(wire).map(({ client }) => of(client, count === main ? Math.min(2, rounds) : once)),
    ]
  })
}

function shortCases(wire: Wire, { requests, rounds }: Size): Case[] {
  const of = (client: string, rounds: number): Case => ({
    what: 'shortReplies',
    client,
    args: [wire, requests],
    rounds,
  })
  return [of('floor', rounds), of('events', rounds), ...peersOn(wire).map(({ client }) => of(client, once))]
}

function crowdCases(streams: number, { ticks, rounds }: Size): Case[] {
  const of = (client: string, rounds: number): Case => ({ what: 'crowd', client, args: [streams, ticks], rounds })
  const crowding = peersOn('openai').filter(({ client }) => streams <= 200 || fewer.includes(client))
  return [of('floor', rounds), of('events', rounds), ...crowding.map(({ client }) => of(client, once))]
}

/** A thousand streams keep a slow client busy for long: not everybody is asked for that. */
const fewer = ['openai', 'langchain', 'ai-sdk']

function growingCases({ deltas, rounds }: Size): Case[] {
  const offer = (what: 'calls' | 'values') => (peer: Peer) => peer[what] === true
  return (['calls', 'values'] as const).flatMap((what) =>
    deltas.flatMap((count) => {
      const of = (client: string, rounds: number): Case => ({ what: 'growing', client, args: [what, count], rounds })
      return [of('events', rounds), ...peers.filter(offer(what)).map(({ client }) => of(client, once))]
    }),
  )
}

function everybody(what: string, args: readonly number[], rounds: number): Case[] {
  const clients = ['floor', 'events', 'stream', 'agent']
  return [
    ...clients.map((client) => ({ what, client, args, rounds })),
    ...peersOn('openai').map(({ client }) => ({ what, client, args, rounds: once })),
  ]
}
