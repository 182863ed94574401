// The tools of the browser tests, tried on a small page of their own.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { memoryJournals } from '../../src/journal/memory.ts'
import { describeInChromium, useChromium } from './chromium.ts'
import { Program } from './program.ts'
import { type TcpProxy, tcpProxy } from './proxy.ts'

const page = `<!doctype html><title>small</title><p>said: </p><script>
const source = new EventSource('/said')
source.onopen = () => document.body.dataset.opened = Number(document.body.dataset.opened ?? 0) + 1
source.onerror = () => document.body.dataset.broken = 'yes'
source.onmessage = (event) => document.querySelector('p').append(event.data)
</script>`

describeInChromium('the tools of the browser tests', () => {
  const chromium = useChromium()
  let listeners: ServerResponse[]
  let close: () => void
  let through: TcpProxy

  beforeEach(async () => {
    listeners = []
    const server = createServer((request, response) => {
      if (request.url !== '/said') return response.setHeader('content-type', 'text/html').end(page)
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 20\n\n')
      listeners.push(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    through = await tcpProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    close = () => server.close().closeAllConnections()
  })
  afterEach(async () => {
    await through[Symbol.asyncDispose]()
    close()
  })

  async function opened() {
    const tab = await (await chromium.context()).newPage()
    await tab.goto(through.url)
    await tab.waitForSelector('body[data-opened="1"]')
    return tab
  }
  const say = (text: string) => listeners.at(-1)?.write(`data: ${text}\n\n`)

  it('count what reaches the browser', async () => {
    const tab = await opened()
    const before = through.down
    say('x'.repeat(10_000))
    await tab.waitForFunction(() => document.querySelector('p')?.textContent?.length === 10_006)
    expect(through.down - before).toBeGreaterThan(10_000)
    expect(through.down - before).toBeLessThan(10_100)
  })

  it('cut a connection, which the page notices and mends', async () => {
    const tab = await opened()
    expect(through.cut()).toBeGreaterThan(0)
    await tab.waitForSelector('body[data-broken="yes"][data-opened="2"]')
    say('again')
    await tab.waitForSelector('p:text-is("said: again")')
  })

  it('stall a connection: nothing arrives until it is resumed, and then everything', async () => {
    const tab = await opened()
    through.stall()
    const before = through.down
    say('held back')
    await tab.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    expect(through.down).toBe(before)
    through.resume()
    await tab.waitForSelector('p:text-is("said: held back")')
  })

  it('take no new connections while told so', async () => {
    const tab = await opened()
    through.accept(false)
    through.cut()
    await tab.waitForSelector('body[data-broken="yes"]')
    expect(await tab.getAttribute('body', 'data-opened')).toBe('1')
    through.accept(true)
    await tab.waitForSelector('body[data-opened="2"]')
  })

  it('write a run into a journal, piece by piece at the given rate', async () => {
    const journals = memoryJournals()
    const program = new Program(journals, 'r1')
    const began = performance.now()
    await program.begin()
    const id = await program.say('Ada', ['one ', 'two ', 'three'], { rate: 50 })
    expect(performance.now() - began).toBeGreaterThan(38)
    const heard: string[] = []
    for await (const { record } of journals.open('r1').read()) {
      if (record.type !== 'event') continue
      if (record.event.type === 'text-delta') heard.push(record.event.delta)
      if (record.event.type === 'message-end') break
    }
    expect(heard).toEqual(['one ', 'two ', 'three'])
    expect(id).toBe('r1-1')
    await journals.close()
  })
})
