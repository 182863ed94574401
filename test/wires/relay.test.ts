// T29: an answer that a program passes on to a client of its own stops when that client leaves.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { atOnce } from '../suites/at-once.ts'
import { wireServer } from '../suites/wire-server.ts'
import { words } from '../suites/wire-words.ts'
import { wires, wrapperFor } from '../suites/wrappers.ts'

test.each(wires)('T29: %s closes within 50 ms of our own client leaving', atOnce, async (wire) => {
  const { contentType, open, text } = words[wire]
  await using provider = await wireServer({ contentType, body: open + text('Hello'), end: 'open' })
  const model = wrapperFor(wire, { baseUrl: provider.url })
  const relay = createServer(async (_, client) => {
    const stop = new AbortController()
    client.on('close', () => stop.abort('the client left'))
    const response = await model.call([{ role: 'user', content: 'Hi' }], { signal: stop.signal })
    for await (const event of response.events) if (!client.destroyed) client.write(`data: ${JSON.stringify(event)}\n\n`)
    client.end()
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const leave = new AbortController()
  const { port } = relay.address() as AddressInfo
  const { body } = await fetch(`http://127.0.0.1:${port}/`, { signal: leave.signal })
  await body?.getReader().read()
  const left = performance.now()
  leave.abort()
  const closed = await provider.received[0]?.closed
  expect((closed ?? Number.NaN) - left).toBeLessThan(50)
  await new Promise((resolve) => relay.close(resolve))
})
