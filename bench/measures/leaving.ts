// Listeners that are stuck, and listeners that leave: how much is taken in, and when the socket closes.
import type { Client } from '../client.ts'

function opened(client: Client, address: string) {
  const open = client.text.openai
  if (open === undefined) throw new Error('does not speak openai')
  return open(address)
}

/** Nothing more is taken in when the figure has stood still for so long; a client may take it in slowly. */
const stillMs = 1500
const patienceMs = 20_000

/** A listener that hears the first piece and then does nothing, while the provider sends what is taken. Megabytes. */
export async function flood(client: Client, server: string, megabytes: number) {
  const key = String(process.pid)
  const ask = await opened(client, `${server}/flood/${megabytes}/${key}`)
  const before = process.memoryUsage().rss
  const begun = Promise.withResolvers<void>()
  const never = new Promise<void>(() => {})
  void ask(() => {
    begun.resolve()
    return never
  }).catch(begun.reject)
  await begun.promise
  const takenMb = await takenAtLast(`${server}/taken/${key}`)
  return { takenMb, grownMb: Math.max(0, process.memoryUsage().rss - before) / 1e6 }
}

async function takenAtLast(address: string): Promise<number> {
  const patience = performance.now() + patienceMs
  for (let before = -1; ; ) {
    const taken = Number(await (await fetch(address)).text())
    if (taken === before || performance.now() > patience) return taken / 1e6
    before = taken
    await new Promise((resolve) => setTimeout(resolve, stillMs))
  }
}

/** A listener that leaves the loop after ten pieces: milliseconds until the provider sees the socket close. */
export async function leaving(client: Client, server: string) {
  const key = String(process.pid)
  const ask = await opened(client, `${server}/ticking/${key}`)
  let heard = 0
  let left = 0n
  const done = ask(() => {
    heard += 1
    if (heard < 10) return undefined
    if (left === 0n) left = process.hrtime.bigint()
    return Promise.resolve()
  }).catch(() => {})
  while (left === 0n) await new Promise((resolve) => setTimeout(resolve, 5))
  const closed = await (await fetch(`${server}/left/${key}`)).text()
  await done
  return { closedMs: Number(BigInt(closed) - left) / 1e6 }
}
