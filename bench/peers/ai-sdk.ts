// The AI SDK, through `textStream`; tool inputs as its reader for user interfaces builds them.
import { createAnthropic } from '@ai-sdk/anthropic'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createOpenAI } from '@ai-sdk/openai'
import { jsonSchema, type LanguageModel, Output, readUIMessageStream, streamText, tool } from 'ai'
import { type Ask, apiKey, type Client, type Hear, model, question, writeSchema } from '../client.ts'

function asking(languageModel: LanguageModel): Ask<Hear> {
  return async (hear) => {
    const { textStream } = streamText({ model: languageModel, prompt: question })
    for await (const piece of textStream) {
      const leaving = hear(piece)
      if (leaving === undefined) continue
      await leaving
      break
    }
  }
}

const schema = jsonSchema(writeSchema)
const tools = { write: tool({ inputSchema: schema }) }

export const client: Client = {
  text: {
    openai: (baseURL) => asking(createOpenAI({ apiKey, baseURL }).chat(model)),
    anthropic: (baseURL) => asking(createAnthropic({ apiKey, baseURL })(model)),
    gemini: (baseURL) => asking(createGoogleGenerativeAI({ apiKey, baseURL })(model)),
  },
  calls(baseURL) {
    const languageModel = createOpenAI({ apiKey, baseURL }).chat(model)
    return async (watch) => {
      const stream = streamText({ model: languageModel, prompt: question, tools }).toUIMessageStream()
      for await (const { parts } of readUIMessageStream({ stream })) {
        const part = parts.find(({ type }) => type === 'tool-write')
        if (part !== undefined && 'input' in part) watch(part.input)
      }
    }
  },
  values(baseURL) {
    const languageModel = createOpenAI({ apiKey, baseURL }).chat(model)
    return async (watch) => {
      const output = Output.object({ schema })
      for await (const value of streamText({ model: languageModel, prompt: question, output }).partialOutputStream) {
        watch(value)
      }
    }
  },
}
