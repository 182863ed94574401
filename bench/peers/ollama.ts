// Ollama's own client.
import { Ollama } from 'ollama'
import { type Client, messages, model } from '../client.ts'

export const client: Client = {
  text: {
    ollama(host) {
      const ollama = new Ollama({ host })
      return async (hear) => {
        for await (const part of await ollama.chat({ model, messages, stream: true })) {
          const piece = part.message.content
          const leaving = piece ? hear(piece) : undefined
          if (leaving === undefined) continue
          await leaving
          break
        }
      }
    },
  },
}
