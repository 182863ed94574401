// pi's model layer, each wire called directly.
import {
  type Api,
  type AssistantMessageEventStream,
  type Model,
  normalizeContext,
  type Tool,
} from '@earendil-works/pi-ai'
import { stream as anthropic } from '@earendil-works/pi-ai/api/anthropic-messages'
import { stream as google } from '@earendil-works/pi-ai/api/google-generative-ai'
import { stream as openai } from '@earendil-works/pi-ai/api/openai-completions'
import { type Ask, apiKey, type Client, type Hear, model, question, writeSchema } from '../client.ts'

function modelOf<Wire extends Api>(api: Wire, provider: string, baseUrl: string): Model<Wire> {
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
  const about = { id: model, name: model, provider, baseUrl, reasoning: false, input: ['text' as const] }
  return { ...about, api, cost, contextWindow: 128_000, maxTokens: 16_000 }
}

function context(tools: Tool[] = []) {
  return normalizeContext({ messages: [{ role: 'user', content: question, timestamp: Date.now() }], tools })
}

function asking(ask: () => AssistantMessageEventStream): Ask<Hear> {
  return async (hear) => {
    for await (const event of ask()) {
      if (event.type === 'error') throw new Error(event.error.errorMessage)
      if (event.type !== 'text_delta') continue
      const leaving = hear(event.delta)
      if (leaving === undefined) continue
      await leaving
      break
    }
  }
}

const write = { name: 'write', description: 'Writes a file.', parameters: writeSchema } as unknown as Tool

export const client: Client = {
  text: {
    openai: (url) => asking(() => openai(modelOf('openai-completions', 'openai', url), context(), { apiKey })),
    anthropic: (url) => asking(() => anthropic(modelOf('anthropic-messages', 'anthropic', url), context(), { apiKey })),
    gemini: (url) => asking(() => google(modelOf('google-generative-ai', 'google', url), context(), { apiKey })),
  },
  calls: (url) => async (watch) => {
    for await (const event of openai(modelOf('openai-completions', 'openai', url), context([write]), { apiKey })) {
      if (event.type === 'error') throw new Error(event.error.errorMessage)
      if (event.type !== 'toolcall_delta') continue
      const block = event.partial.content[event.contentIndex]
      if (block?.type === 'toolCall') watch(block.arguments)
    }
  },
}
