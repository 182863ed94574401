// Lesson 2: two agents talk with each other, and you watch them speak.
import { DialogAgent, init, Msg } from 'agentscope'

// `init` makes the place where agents live: the models that they know by name, and the terminal that shows what they
// say. `pacing` is the typewriter; it works in a terminal only. `usage` tells what each answer took.
await init({
  modelConfigs: [{ config_name: 'talker', model_type: 'openai_chat', model_name: 'gpt-5-mini', stream: true }],
  terminal: { pacing: true, usage: true },
})

// An agent is a name, a model and a memory. The model reads the conversation with everybody's names in it.
const speaker = (name: string, manners: string) =>
  new DialogAgent({ name, sysPrompt: `You are ${name}, ${manners}. Two sentences at most.`, modelConfigName: 'talker' })
const ada = speaker('Ada', 'a curious engineer')
const max = speaker('Max', 'a dry sceptic')

// What one says is what the other hears. Each message is on the screen while it is born: nothing is printed here.
let message = new Msg('Host', 'Why should the answers of a model stream?', 'user')
for (let round = 0; round < 2; round += 1) {
  message = await ada.call(message)
  message = await max.call(message)
}

// To talk yourself, make `const you = new UserAgent({ name: 'You' })` and put `you.call(message)` into the loop.
console.log(`---\nAda remembers ${ada.memory?.get().length} messages; the last word had ${message.name}.`)
