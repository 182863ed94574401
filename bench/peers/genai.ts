// Google's own client.
import { GoogleGenAI } from '@google/genai'
import { apiKey, type Client, model, question } from '../client.ts'

export const client: Client = {
  text: {
    gemini(baseUrl) {
      const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl } })
      return async (hear) => {
        for await (const chunk of await google.models.generateContentStream({ model, contents: question })) {
          const piece = chunk.text
          const leaving = piece ? hear(piece) : undefined
          if (leaving === undefined) continue
          await leaving
          break
        }
      }
    },
  },
}
