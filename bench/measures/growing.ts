// Values that grow: the input of a tool call, and a structured answer. CPU milliseconds for so many deltas.
import type { Client } from '../client.ts'
import { deltaLength, growingText } from '../frames.ts'
import { atRest, cpuSince, mustBe } from './cpu.ts'

export async function growing(client: Client, server: string, what: 'calls' | 'values', count: number) {
  const ask = await client[what]?.(`${server}/${what}/${count}`)
  if (ask === undefined) throw new Error('not offered')
  const before = await atRest(server)
  let steps = 0
  let last: unknown
  await ask((value) => {
    steps += 1
    last = value
  })
  const cpuMs = cpuSince(before) / 1000
  const whole = JSON.stringify(JSON.parse(growingText(count)))
  if (JSON.stringify(last) !== whole) throw new Error('the last value is not the whole value')
  return { cpuMs, steps }
}

/** The parser alone, without a wire: tool arguments in deltas of 12 characters, the value read after each. */
export async function parsing(count: number) {
  const { IncrementalJson }: typeof import('../../src/index.ts') = await import(
    `${process.env['AGENTSCOPE_BENCH_BUILD']}/index.js`
  )
  const text = growingText(count)
  const deltas = Array.from({ length: count }, (_, at) => text.slice(at * deltaLength, (at + 1) * deltaLength))
  const before = process.cpuUsage()
  const json = new IncrementalJson()
  let steps = 0
  for (const delta of deltas) {
    json.push(delta)
    if (json.value !== undefined) steps += 1
  }
  const cpuMs = cpuSince(before) / 1000
  mustBe(steps, count, 'values')
  return { cpuMs, steps }
}

/** One piece with that much text in a single line, read 1 KB at a time, through this package. CPU milliseconds. */
export async function longLine(megabytes: number) {
  const build = process.env['AGENTSCOPE_BENCH_BUILD']
  const { OpenAIChatWrapper }: typeof import('../../src/index.ts') = await import(`${build}/models/index.js`)
  const content = 'word '.repeat((megabytes * 1_000_000) / 5)
  const choices = [{ index: 0, delta: { content }, finish_reason: 'stop' }]
  const bytes = Buffer.from(`data: ${JSON.stringify({ choices })}\n\ndata: [DONE]\n\n`)
  let at = 0
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (at >= bytes.length) controller.close()
    else controller.enqueue(bytes.subarray(at, at + 1024))
    at += 1024
  }
  const headers = { 'content-type': 'text/event-stream' }
  const fetch = async () => new Response(new ReadableStream({ pull }), { headers })
  const options = { modelName: 'bench', baseUrl: 'http://bench.invalid', stream: true, apiKey: 'none', fetch }
  const response = await new OpenAIChatWrapper(options).call([{ role: 'user', content: 'Say something long.' }])
  const before = process.cpuUsage()
  const text = await response.getText()
  const cpuMs = cpuSince(before) / 1000
  if (text.length !== content.length) throw new Error(`${text.length} of ${content.length} characters came`)
  return { cpuMs }
}
