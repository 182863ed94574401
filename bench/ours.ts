// This package as its users have it: compiled, through each of the views that it offers.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ChatWrapper } from '../src/models/wrapper.ts'
import {
  type Ask,
  apiKey,
  type Client,
  type Hear,
  messages,
  model,
  type Open,
  question,
  writeSchema,
} from './client.ts'
import { type Wire, wires } from './frames.ts'

type Package = typeof import('../src/index.ts')

/** The folder of the compiled package; the run compiled it. */
function compiled(file: string): string {
  return pathToFileURL(join(process.env['AGENTSCOPE_BENCH_BUILD'] ?? '', file)).href
}

function models(): Promise<Package> {
  return import(compiled('models/index.js'))
}

export async function wrapperOf(wire: Wire, baseUrl: string): Promise<ChatWrapper> {
  const { OllamaChatWrapper, AnthropicChatWrapper, GeminiChatWrapper, DashScopeChatWrapper, OpenAIChatWrapper } =
    await models()
  const options = { configName: 'bench', modelName: model, baseUrl, stream: true }
  if (wire === 'ollama') return new OllamaChatWrapper(options)
  if (wire === 'anthropic') return new AnthropicChatWrapper({ ...options, apiKey })
  if (wire === 'gemini') return new GeminiChatWrapper({ ...options, apiKey })
  if (wire === 'dashscope') return new DashScopeChatWrapper({ ...options, apiKey })
  return new OpenAIChatWrapper({ ...options, apiKey })
}

async function events(wire: Wire, base: string): Promise<Ask<Hear>> {
  const wrapper = await wrapperOf(wire, base)
  return async (hear) => {
    const response = await wrapper.call(messages)
    for await (const event of response.events) {
      if (event.type !== 'text-delta') continue
      const leaving = hear(event.delta)
      if (leaving === undefined) continue
      await leaving
      break
    }
  }
}

async function stream(wire: Wire, base: string): Promise<Ask<Hear>> {
  const wrapper = await wrapperOf(wire, base)
  return async (hear) => {
    const response = await wrapper.call(messages)
    let seen = 0
    for await (const [last, text] of response.stream ?? []) {
      if (last) continue
      // What is new is measured, not cut out: cutting would copy all the text each time.
      const leaving = hear({ length: text.length - seen } as string)
      seen = text.length
      if (leaving === undefined) continue
      await leaving
      break
    }
  }
}

/** An agent that forgets, so that one reply is one request, whoever asked before. */
async function agentWith(wire: Wire, base: string, sinks: Parameters<Package['createScope']>[0]) {
  const { DialogAgent, createScope }: Package = await import(compiled('index.js'))
  const wrapper = await wrapperOf(wire, base)
  return new DialogAgent({ name: 'Bench', model: wrapper, memory: false, scope: createScope(sinks) })
}

/** An agent that speaks to a sink: what the terminal, Studio and every other listener hears. */
async function sink(wire: Wire, base: string): Promise<Ask<Hear>> {
  let heard: Hear
  const event: Parameters<import('../src/scope.ts').Sink['event']>[1] extends infer Event
    ? (speaker: unknown, event: Event) => void
    : never = (_, said) => {
    if (said.type === 'text-delta') heard(said.delta)
  }
  const agent = await agentWith(wire, base, { sinks: [{ event }] })
  const { Msg }: Package = await import(compiled('index.js'))
  return (hear) => {
    heard = hear
    return agent.call(new Msg('user', question, 'user'))
  }
}

async function agentStream(wire: Wire, base: string): Promise<Ask<Hear>> {
  const agent = await agentWith(wire, base, {})
  const { Msg }: Package = await import(compiled('index.js'))
  return async (hear) => {
    for await (const event of agent.stream(new Msg('user', question, 'user'))) {
      if (event.type !== 'text-delta') continue
      const leaving = hear(event.delta)
      if (leaving === undefined) continue
      await leaving
      break
    }
  }
}

function onAllWires(open: (wire: Wire, base: string) => Promise<Ask<Hear>>): Client['text'] {
  return Object.fromEntries(wires.map((wire): [Wire, Open<Hear>] => [wire, (base) => open(wire, base)]))
}

const calls: Client['calls'] = async (base) => {
  const { IncrementalJson }: Package = await import(compiled('index.js'))
  const wrapper = await wrapperOf('openai', base)
  const tools = [{ type: 'function' as const, function: { name: 'write', description: '', parameters: writeSchema } }]
  return async (watch) => {
    const response = await wrapper.call(messages, { tools })
    const input = new IncrementalJson()
    for await (const event of response.events) {
      if (event.type !== 'tool-use-delta') continue
      input.push(event.delta)
      watch(input.value)
    }
  }
}

const values: Client['values'] = async (base) => {
  const wrapper = await wrapperOf('openai', base)
  return async (watch) => {
    const response = await wrapper.call(messages, { structuredModel: writeSchema })
    for await (const { value } of response.partials()) watch(value)
  }
}

export const clients: Record<'events' | 'stream' | 'sink' | 'agent', Client> = {
  events: { text: onAllWires(events), calls, values },
  stream: { text: onAllWires(stream) },
  sink: { text: onAllWires(sink) },
  agent: { text: onAllWires(agentStream) },
}
