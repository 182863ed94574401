// What the vendors' own SDKs make of a reply that comes from a given address, in words that can be compared with ours.
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { Ollama } from 'ollama'
import OpenAI from 'openai'

export interface Reading {
  text: string
  /** Absent where the SDK knows no reasoning. */
  thinking?: string
  /** `id` is absent where the wire has none; `input` is undefined when it is no JSON. */
  toolCalls: { id?: string; name: string; input: unknown }[]
  /** Everything sent and everything generated, as in our usage; absent when none was reported. */
  usage?: { input: number; output: number }
  /** The provider's own word; absent when there was none. */
  finish?: string
  failed: boolean
}

export type SdkWire = 'openai' | 'anthropic' | 'gemini' | 'ollama'

const apiKey = 'test-key-000000'
const model = 'test-model'
const messages = [{ role: 'user' as const, content: 'Hi' }]

export const sdkReaders: Record<SdkWire, (baseUrl: string) => Promise<Reading>> = {
  openai: readOpenAI,
  anthropic: readAnthropic,
  gemini: readGemini,
  ollama: readOllama,
}

/** By the SDK's own accumulating stream. */
async function readOpenAI(baseURL: string): Promise<Reading> {
  const client = new OpenAI({ apiKey, baseURL, maxRetries: 0 })
  const stream = client.chat.completions.stream({ model, messages })
  let snapshot: Partial<OpenAI.ChatCompletion> | undefined
  stream.on('chunk', (_, completion) => {
    snapshot = completion as Partial<OpenAI.ChatCompletion>
  })
  const failed = await failure(stream.done())
  const choice = snapshot?.choices?.[0]
  const calls = (choice?.message.tool_calls ?? []) as OpenAI.ChatCompletionMessageFunctionToolCall[]
  const { usage } = snapshot ?? {}
  return {
    text: choice?.message.content ?? '',
    toolCalls: calls.map(({ id, function: { name, arguments: input } }) => ({ id, name, input: parsed(input) })),
    ...(usage && { usage: { input: usage.prompt_tokens, output: usage.completion_tokens } }),
    ...(choice?.finish_reason && { finish: choice.finish_reason }),
    failed,
  }
}

/** By the SDK's own accumulating stream. */
async function readAnthropic(baseURL: string): Promise<Reading> {
  const client = new Anthropic({ apiKey, baseURL, maxRetries: 0 })
  const stream = client.messages.stream({ model, messages, max_tokens: 64 })
  let message: Anthropic.Message | undefined
  stream.on('streamEvent', (_, snapshot) => {
    message = snapshot
  })
  const failed = await failure(stream.done())
  const blocks = message?.content ?? []
  const { usage } = message ?? {}
  const input =
    (usage?.input_tokens ?? 0) + (usage?.cache_read_input_tokens ?? 0) + (usage?.cache_creation_input_tokens ?? 0)
  return {
    text: blocks.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    thinking: blocks.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    toolCalls: blocks.flatMap((block) =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    ...(usage && { usage: { input, output: usage.output_tokens } }),
    ...(message?.stop_reason && { finish: message.stop_reason }),
    failed,
  }
}

/** The SDK gives chunks; their parts are put together here. */
async function readGemini(baseUrl: string): Promise<Reading> {
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl } })
  const reading: Reading & { thinking: string } = { text: '', thinking: '', toolCalls: [], failed: false }
  reading.failed = await failure(
    (async () => {
      for await (const chunk of await client.models.generateContentStream({ model, contents: 'Hi' })) {
        const [candidate] = chunk.candidates ?? []
        for (const { text, thought, functionCall } of candidate?.content?.parts ?? []) {
          reading[thought ? 'thinking' : 'text'] += text ?? ''
          const { id, name = '', args = {} } = functionCall ?? {}
          if (functionCall) reading.toolCalls.push({ ...(id !== undefined && { id }), name, input: args })
        }
        if (candidate?.finishReason) reading.finish = candidate.finishReason
        const { promptTokenCount: input, candidatesTokenCount: said, thoughtsTokenCount } = chunk.usageMetadata ?? {}
        if (input !== undefined) reading.usage = { input, output: (said ?? 0) + (thoughtsTokenCount ?? 0) }
      }
    })(),
  )
  return reading
}

/** The SDK gives chunks; they are put together here. */
async function readOllama(host: string): Promise<Reading> {
  const client = new Ollama({ host })
  const reading: Reading & { thinking: string } = { text: '', thinking: '', toolCalls: [], failed: false }
  reading.failed = await failure(
    (async () => {
      for await (const part of await client.chat({ model, messages, stream: true })) {
        reading.text += part.message.content
        reading.thinking += part.message.thinking ?? ''
        for (const { function: called } of part.message.tool_calls ?? []) {
          reading.toolCalls.push({ name: called.name, input: called.arguments })
        }
        if (!part.done) continue
        reading.finish = part.done_reason
        reading.usage = { input: part.prompt_eval_count, output: part.eval_count }
      }
    })(),
  )
  return reading
}

async function failure(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    () => true,
  )
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
