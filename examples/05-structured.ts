// Lesson 5: an answer that is a value, not prose: typed, checked, and there while it grows.
import { DialogAgent, init, Msg, OpenAIChatWrapper } from 'agentscope'
import { z } from 'zod'

const model = new OpenAIChatWrapper({ modelName: 'gpt-5-mini', stream: true })

const Trip = z.object({
  title: z.string(),
  days: z.number().int().min(1).max(14),
  cities: z.array(z.string()).min(1),
  season: z.enum(['spring', 'summer', 'autumn', 'winter']),
})

// The shape is asked for in whatever way the provider has: a JSON Schema, a tool, or words.
const question = { role: 'user', content: 'Plan a trip of 5 days to Rome, Florence and Venice in autumn.' }
const response = await model.call([question], { structuredModel: Trip })

// The value while it comes: each character is read once, and each step says what is complete by now. Until the end
// `step.value` may still lack anything, and its type says so.
for await (const step of response.partials(Trip)) {
  const closed = step.done ? [] : (step.closed ?? [])
  for (const path of closed) console.log(`${path.join('.') || 'all'} is complete: ${JSON.stringify(step.value)}`)
}

// The value at the end, of the type that the schema has. What does not fit is an error that names the path.
const trip = await response.parse(Trip)
console.log(`${trip.days} days: ${trip.cities.join(', ')} in ${trip.season}`)

// Agents do it too: the message carries the value. A ReActAgent may use its tools before it gives one.
await init()
const judge = new DialogAgent({ name: 'Judge', sysPrompt: 'You are Judge. You are strict.', model })
const Verdict = z.object({ verdict: z.enum(['good', 'bad']), reason: z.string() })
const said = await judge.call(new Msg('You', 'Is it a good idea to see Venice in one day?', 'user'), {
  structuredModel: Verdict,
})
console.log(`---\n${said.metadata.structured.verdict}, because: ${said.metadata.structured.reason}`)
