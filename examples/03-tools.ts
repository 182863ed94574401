// Lesson 3: give an agent tools, and it looks things up instead of guessing.
import { setTimeout as wait } from 'node:timers/promises'
import { init, Msg, OpenAIChatWrapper, ReActAgent, tool } from 'agentscope'
import { z } from 'zod'

await init()

// The input is a zod schema (any Standard Schema will do). What the model sends is checked before `run` sees it, and what
// does not fit goes back to the model in words. `concurrent` lets several calls of one turn run at the same time.
const weather = tool({
  name: 'get_weather',
  description: 'Tells the weather of a city.',
  input: z.object({ city: z.string().describe('The city, for instance Rome') }),
  concurrent: true,
  run: ({ city }) => `${city} has ${city.length + 12} degrees and a clear sky.`,
})

// A plain JSON Schema does as well. A generator streams: its pieces are seen, one by one, while the tool is at work, and
// the signal fires when somebody stops the reply.
const forecast = tool({
  name: 'forecast',
  description: 'Tells how the weather will be in the next days.',
  input: { type: 'object', properties: { days: { type: 'integer', minimum: 1, maximum: 7 } }, required: ['days'] },
  async *run(input, { signal }) {
    const { days } = input as { days: number }
    for (let day = 1; day <= days; day += 1) {
      await wait(20, undefined, { signal })
      yield `day ${day}: ${day % 2 ? 'sun' : 'rain'}${day < days ? ', ' : '.'}`
    }
  },
})

// It reasons and acts: it asks its model, runs what the model wants, tells it what came out, until it answers.
const friday = new ReActAgent({
  name: 'Friday',
  sysPrompt: 'You are Friday, a helpful assistant. Use your tools.',
  model: new OpenAIChatWrapper({ modelName: 'gpt-5-mini', stream: true }),
  toolkit: [weather, forecast],
  maxIters: 5,
})
const answer = await friday.call(new Msg('You', 'What is the weather in Rome and Oslo?', 'user'))
await friday.call(new Msg('You', 'And the forecast for the next 3 days?', 'user'))

// Everything is remembered: the questions, the calls, what the tools gave, the answers.
const roles = friday.memory?.get().map(({ role }) => role)
console.log(`---\nThe first answer ended with "${answer.ending?.reason}". Remembered: ${roles?.join(', ')}`)
