// LangChain's chat models.
import { ChatAnthropic } from '@langchain/anthropic'
import type { BaseChatModel } from '@langchain/core/language_models/chat_models'
import type { AIMessageChunk } from '@langchain/core/messages'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatOllama } from '@langchain/ollama'
import { ChatOpenAI } from '@langchain/openai'
import { type Ask, apiKey, type Client, type Hear, model, question, writeSchema } from '../client.ts'

function asking(chat: BaseChatModel): Ask<Hear> {
  return async (hear) => {
    for await (const { text } of await chat.stream(question)) {
      const leaving = text ? hear(text) : undefined
      if (leaving === undefined) continue
      await leaving
      break
    }
  }
}

const writeTool = { type: 'function' as const, function: { name: 'write', parameters: writeSchema } }

export const client: Client = {
  text: {
    openai: (baseURL) => asking(new ChatOpenAI({ model, apiKey, configuration: { baseURL } })),
    anthropic: (anthropicApiUrl) => asking(new ChatAnthropic({ model, apiKey, anthropicApiUrl })),
    gemini: (baseUrl) => asking(new ChatGoogleGenerativeAI({ model, apiKey, baseUrl })),
    ollama: (baseUrl) => asking(new ChatOllama({ model, baseUrl })),
  },
  /** Its documentation adds up the chunks: the sum holds the input so far. */
  calls(baseURL) {
    const chat = new ChatOpenAI({ model, apiKey, configuration: { baseURL } }).bindTools([writeTool])
    return async (watch) => {
      let sum: AIMessageChunk | undefined
      for await (const chunk of await chat.stream(question)) {
        sum = sum === undefined ? chunk : sum.concat(chunk)
        if (chunk.tool_call_chunks?.length) watch(sum.tool_calls?.[0]?.args)
      }
    }
  },
  values(baseURL) {
    const chat = new ChatOpenAI({ model, apiKey, configuration: { baseURL } })
    const structured = chat.withStructuredOutput(writeSchema, { method: 'jsonSchema' })
    return async (watch) => {
      for await (const value of await structured.stream(question)) watch(value)
    }
  },
}
