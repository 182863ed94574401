// One measurement in a process of its own: `clients.ts <job> <wire> <chunks> <server>` prints its figures as JSON.
import type { ChatWrapper } from '../src/models/wrapper.ts'
import { floor } from './floor.ts'
import { charactersIn, type Wire } from './server.ts'

/** Asks once and calls back with each piece of text. */
type Client = (onText: (piece: string) => void) => Promise<unknown>

const messages = [{ role: 'user' as const, content: 'Say something long.' }]
const apiKey = 'no-key-for-loopback'
const model = 'bench'

async function wrapperOf(wire: Wire, baseUrl: string): Promise<ChatWrapper> {
  const models = await import('../src/models/index.ts')
  const options = { configName: 'bench', modelName: model, baseUrl, stream: true }
  if (wire === 'ollama') return new models.OllamaChatWrapper(options)
  if (wire === 'anthropic') return new models.AnthropicChatWrapper({ ...options, apiKey })
  if (wire === 'gemini') return new models.GeminiChatWrapper({ ...options, apiKey })
  if (wire === 'dashscope') return new models.DashScopeChatWrapper({ ...options, apiKey })
  return new models.OpenAIChatWrapper({ ...options, apiKey })
}

async function events(wire: Wire, base: string): Promise<Client> {
  const wrapper = await wrapperOf(wire, base)
  return async (onText) => {
    const response = await wrapper.call(messages)
    for await (const event of response.events) if (event.type === 'text-delta') onText(event.delta)
  }
}

async function stream(wire: Wire, base: string): Promise<Client> {
  const wrapper = await wrapperOf(wire, base)
  return async (onText) => {
    const response = await wrapper.call(messages)
    let seen = 0
    for await (const [last, text] of response.stream ?? []) {
      if (last) continue
      // What is new is measured, not cut out: cutting would copy all the text each time.
      onText({ length: text.length - seen } as string)
      seen = text.length
    }
  }
}

/** The vendors' own packages, each in the way that its documentation shows first. */
const sdks: Record<Exclude<Wire, 'dashscope'>, (base: string) => Promise<Client>> = {
  async openai(baseURL) {
    const { OpenAI } = await import('openai')
    const client = new OpenAI({ apiKey, baseURL })
    return async (onText) => {
      const chunks = await client.chat.completions.create({ model, messages, stream: true })
      for await (const chunk of chunks) onText(chunk.choices[0]?.delta.content ?? '')
    }
  },
  async anthropic(baseURL) {
    const { Anthropic } = await import('@anthropic-ai/sdk')
    const client = new Anthropic({ apiKey, baseURL })
    return async (onText) => {
      const events = await client.messages.create({ model, messages, max_tokens: 1024, stream: true })
      for await (const event of events) {
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') onText(event.delta.text)
      }
    }
  },
  async gemini(baseUrl) {
    const { GoogleGenAI } = await import('@google/genai')
    const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl } })
    return async (onText) => {
      const chunks = await client.models.generateContentStream({ model, contents: 'Say something long.' })
      for await (const chunk of chunks) onText(chunk.text ?? '')
    }
  },
  async ollama(host) {
    const { Ollama } = await import('ollama')
    const client = new Ollama({ host })
    return async (onText) => {
      for await (const part of await client.chat({ model, messages, stream: true })) onText(part.message.content)
    }
  },
}

async function clientOf(job: string, wire: Wire, base: string): Promise<Client> {
  if (job === 'floor') return (onText) => floor(wire, base, onText)
  if (job === 'events') return events(wire, base)
  if (job === 'stream') return stream(wire, base)
  return sdks[wire as keyof typeof sdks](base)
}

/** CPU microseconds, user and system, since `before`. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return user + system
}

/**
 * The idle baseline: the platform's own fetch is loaded and connected, and what importing left behind (compiling in the
 * background, collecting) is over, so that only the work itself is counted.
 */
async function idle(server: string): Promise<NodeJS.CpuUsage> {
  await floor('ollama', `${server}/ollama/1`, () => {})
  globalThis.gc?.()
  for (let at = 0; at < 40; at += 1) {
    const before = process.cpuUsage()
    await new Promise((resolve) => setTimeout(resolve, 50))
    if (cpuSince(before) < 1000) break
  }
  return process.cpuUsage()
}

/** One long reply: CPU from the request to the last character. */
export async function longReply(job: string, wire: Wire, count: number, server: string) {
  const client = await clientOf(job, wire, `${server}/${wire}/${count}`)
  const before = await idle(server)
  let characters = 0
  await client((piece) => {
    characters += piece.length
  })
  const cpu = cpuSince(before)
  check(characters, count)
  return { cpuPerChunk: cpu / count }
}

/** Many short replies, one after another: time to the first text, and CPU for each. */
export async function shortReplies(job: string, wire: Wire, requests: number, server: string) {
  const chunks = 10
  const client = await clientOf(job, wire, `${server}/${wire}/${chunks}`)
  for (let warm = 0; warm < 50; warm += 1) await client(() => {})
  const before = await idle(server)
  const firsts: number[] = []
  for (let at = 0; at < requests; at += 1) {
    const start = performance.now()
    let first: number | undefined
    let characters = 0
    await client((piece) => {
      if (piece.length > 0) first ??= performance.now() - start
      characters += piece.length
    })
    check(characters, chunks)
    firsts.push(first as number)
  }
  const cpuPerRequest = cpuSince(before) / requests
  firsts.sort((one, other) => one - other)
  return { cpuPerRequest, p50: firsts[Math.floor(requests * 0.5)], p99: firsts[Math.floor(requests * 0.99)] }
}

/** Tool arguments as they grow: deltas of 12 characters, the partial value read after each. CPU milliseconds. */
export async function toolArguments(count: number) {
  const { IncrementalJson } = await import('../src/core/json.ts')
  const input = { path: 'src/main.ts', content: 'const greeting = "hello"\n'.repeat(count), lines: [1, 2, 3] }
  const text = JSON.stringify(input).slice(0, count * 12)
  const deltas = Array.from({ length: count }, (_, index) => text.slice(index * 12, index * 12 + 12))
  const before = process.cpuUsage()
  const json = new IncrementalJson()
  let shown = 0
  for (const delta of deltas) {
    json.push(delta)
    if (json.value !== undefined) shown += 1
  }
  const cpuMs = cpuSince(before) / 1000
  if (shown !== count) throw new Error(`a value was shown after ${shown} of ${count} deltas`)
  return { cpuMs }
}

/** One chunk with that much text in a single line, read 1 KB at a time. CPU milliseconds. */
export async function longLine(megabytes: number) {
  const models = await import('../src/models/index.ts')
  const content = 'word '.repeat((megabytes * 1_000_000) / 5)
  const choices = [{ index: 0, delta: { content }, finish_reason: 'stop' }]
  const bytes = Buffer.from(`data: ${JSON.stringify({ choices })}\n\ndata: [DONE]\n\n`)
  let at = 0
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (at >= bytes.length) controller.close()
    else controller.enqueue(bytes.subarray(at, at + 1024))
    at += 1024
  }
  const fetch = async () =>
    new Response(new ReadableStream({ pull }), { headers: { 'content-type': 'text/event-stream' } })
  const options = {
    configName: 'bench',
    modelName: model,
    baseUrl: 'http://bench.invalid',
    stream: true,
    apiKey,
    fetch,
  }
  const response = await new models.OpenAIChatWrapper(options).call(messages)
  const before = process.cpuUsage()
  const text = await response.getText()
  const cpuMs = cpuSince(before) / 1000
  if (text.length !== content.length) throw new Error(`${text.length} of ${content.length} characters came`)
  return { cpuMs }
}

/** How long it takes to load the seven wrappers into a process that has loaded nothing. Wall milliseconds. */
export async function importTime(file: string) {
  const start = performance.now()
  await import(file)
  return { importMs: performance.now() - start }
}

function check(characters: number, count: number): void {
  const expected = charactersIn(count)
  if (characters !== expected) throw new Error(`${characters} characters came instead of ${expected}`)
}

async function run(): Promise<unknown> {
  const [job = '', wire = '', count = '', server = ''] = process.argv.slice(2)
  if (job === 'import') return importTime(wire)
  if (job === 'arguments') return toolArguments(Number(count))
  if (job === 'line') return longLine(Number(count))
  const short = job.startsWith('short:')
  return short
    ? shortReplies(job.slice('short:'.length), wire as Wire, Number(count), server)
    : longReply(job, wire as Wire, Number(count), server)
}

if (import.meta.main) {
  process.stdout.write(JSON.stringify(await run()))
  process.exit(0)
}
