// Anthropic's own client.
import { Anthropic } from '@anthropic-ai/sdk'
import { apiKey, type Client, messages, model } from '../client.ts'

export const client: Client = {
  text: {
    anthropic(baseURL) {
      const anthropic = new Anthropic({ apiKey, baseURL })
      return async (hear) => {
        const events = await anthropic.messages.create({ model, messages, max_tokens: 1024, stream: true })
        for await (const event of events) {
          if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') continue
          const leaving = hear(event.delta.text)
          if (leaving === undefined) continue
          await leaving
          break
        }
      }
    },
  },
}
