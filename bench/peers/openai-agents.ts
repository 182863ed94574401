// OpenAI's Agents SDK, on the chat completions wire.
import { Agent, OpenAIChatCompletionsModel, run, setTracingDisabled } from '@openai/agents'
import { OpenAI } from 'openai'
import { apiKey, type Client, model, question } from '../client.ts'

export const client: Client = {
  text: {
    openai(baseURL) {
      setTracingDisabled(true)
      const openai = new OpenAI({ apiKey, baseURL })
      const agent = new Agent({ name: 'Bench', model: new OpenAIChatCompletionsModel(openai, model) })
      return async (hear) => {
        const result = await run(agent, question, { stream: true })
        for await (const piece of result.toTextStream()) {
          const leaving = hear(piece)
          if (leaving === undefined) continue
          await leaving
          break
        }
      }
    },
  },
}
