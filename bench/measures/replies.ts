// One long reply, and many short ones: CPU for each piece and request, and the time to the first text.
import type { Client, Hear } from '../client.ts'
import { charactersIn, type Wire } from '../frames.ts'
import { atRest, cpuSince, mustBe } from './cpu.ts'

function opened(client: Client, wire: Wire, address: string) {
  const open = client.text[wire]
  if (open === undefined) throw new Error(`does not speak ${wire}`)
  return open(address)
}

/** CPU from the request to the last character, in microseconds a piece. */
export async function longReply(client: Client, server: string, wire: Wire, count: number) {
  const ask = await opened(client, wire, `${server}/${wire}/${count}`)
  const before = await atRest(server)
  let characters = 0
  await ask((piece) => {
    characters += piece.length
    return undefined
  })
  const cpu = cpuSince(before)
  mustBe(characters, charactersIn(count), 'characters')
  return { cpuPerEvent: cpu / count }
}

const chunks = 10

/** One after another, after fifty that warm up. Milliseconds to the first text, microseconds of CPU a request. */
export async function shortReplies(client: Client, server: string, wire: Wire, requests: number) {
  const ask = await opened(client, wire, `${server}/${wire}/${chunks}`)
  for (let warm = 0; warm < 50; warm += 1) await ask(() => undefined)
  const before = await atRest(server)
  const firsts: number[] = []
  for (let at = 0; at < requests; at += 1) {
    const start = performance.now()
    let first: number | undefined
    let characters = 0
    const hear: Hear = (piece) => {
      first ??= performance.now() - start
      characters += piece.length
      return undefined
    }
    await ask(hear)
    mustBe(characters, charactersIn(chunks), 'characters')
    firsts.push(first as number)
  }
  const cpuPerRequest = cpuSince(before) / requests
  return { cpuPerRequest, ...percentiles(firsts) }
}

export function percentiles(times: number[]): { p50: number; p99: number } {
  const sorted = Float64Array.from(times).sort()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}
