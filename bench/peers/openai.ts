// OpenAI's own client.
import { OpenAI } from 'openai'
import { apiKey, type Client, messages, model, writeSchema } from '../client.ts'

export const client: Client = {
  text: {
    openai(baseURL) {
      const openai = new OpenAI({ apiKey, baseURL })
      return async (hear) => {
        for await (const chunk of await openai.chat.completions.create({ model, messages, stream: true })) {
          const piece = chunk.choices[0]?.delta.content
          const leaving = piece ? hear(piece) : undefined
          if (leaving === undefined) continue
          await leaving
          break
        }
      }
    },
  },
  /** Its helper for streams parses the input of strict tools while it grows. */
  calls(baseURL) {
    const openai = new OpenAI({ apiKey, baseURL })
    const tools = [{ type: 'function' as const, function: { name: 'write', strict: true, parameters: writeSchema } }]
    return async (watch) => {
      const runner = openai.chat.completions.stream({ model, messages, tools })
      runner.on('tool_calls.function.arguments.delta', ({ parsed_arguments }) => watch(parsed_arguments))
      await runner.done()
    }
  },
}
