// TanStack AI.
import { type AnyTextAdapter, chat, StreamProcessor } from '@tanstack/ai'
import { createAnthropicChat } from '@tanstack/ai-anthropic'
import { openaiCompatibleText } from '@tanstack/ai-openai/compatible'
import { type Ask, apiKey, type Client, type Hear, messages, model, writeSchema } from '../client.ts'

function asking(adapter: AnyTextAdapter): Ask<Hear> {
  return async (hear) => {
    for await (const chunk of chat({ adapter, messages })) {
      if (chunk.type === 'RUN_ERROR') throw new Error(chunk.message)
      if (chunk.type !== 'TEXT_MESSAGE_CONTENT') continue
      const leaving = hear(chunk.delta)
      if (leaving === undefined) continue
      await leaving
      break
    }
  }
}

export const client: Client = {
  text: {
    openai: (baseURL) => asking(openaiCompatibleText(model, { apiKey, baseURL })),
    anthropic: (baseURL) => asking(createAnthropicChat('claude-sonnet-4-5', apiKey, { baseURL })),
  },
  values(baseURL) {
    const adapter = openaiCompatibleText(model, { apiKey, baseURL })
    return async (watch) => {
      const onStructuredOutputChange = ({ partial, data }: { partial?: unknown; data?: unknown }) =>
        watch(data ?? partial)
      const processor = new StreamProcessor({ events: { onStructuredOutputChange } })
      await processor.process(chat({ adapter, messages, outputSchema: writeSchema, stream: true }))
    }
  },
}
