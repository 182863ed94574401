// xsAI.
import { streamObject, streamText } from 'xsai'
import { z } from 'zod'
import { apiKey, type Client, messages, model } from '../client.ts'

export const client: Client = {
  text: {
    openai: (baseURL) => async (hear) => {
      for await (const piece of streamText({ apiKey, baseURL: `${baseURL}/`, model, messages }).textStream) {
        const leaving = hear(piece)
        if (leaving === undefined) continue
        await leaving
        break
      }
    },
  },
  values: (baseURL) => async (watch) => {
    const schema = z.object({ path: z.string(), content: z.string() })
    const { partialObjectStream } = await streamObject({ apiKey, baseURL: `${baseURL}/`, model, messages, schema })
    for await (const value of partialObjectStream) watch(value)
  },
}
