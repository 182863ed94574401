// Many replies at once, a piece each 20 ms: how late each piece is heard, and what all of it costs.
import type { Client } from '../client.ts'
import { cpuSince, mustBe } from './cpu.ts'
import { percentiles } from './replies.ts'

/** The first pieces compile the code and grow the heap, in every client; lateness is counted after them. */
const warmTicks = 25

/** Each piece tells when it was sent, on the clock that all processes of the machine share. */
export async function crowd(client: Client, server: string, streams: number, ticks: number) {
  const ask = await client.text.openai?.(`${server}/crowd/${streams}/${ticks}`)
  if (ask === undefined) throw new Error('does not speak openai')
  const before = process.cpuUsage()
  const late: number[] = []
  let heard = 0
  const listen = async () => {
    let ticks = 0
    await ask((piece) => {
      const now = Number(process.hrtime.bigint() / 1000n)
      // A client may join what came together.
      for (const sent of piece.trim().split(' ')) {
        if (sent === '') continue
        heard += 1
        ticks += 1
        if (ticks > warmTicks) late.push((now - Number(sent)) / 1000)
      }
      return undefined
    })
  }
  await Promise.all(Array.from({ length: streams }, listen))
  const cpu = cpuSince(before)
  mustBe(heard, streams * ticks, 'pieces')
  return { cpuPerEvent: cpu / heard, ...percentiles(late), peakMb: process.resourceUsage().maxRSS / 1000 }
}
