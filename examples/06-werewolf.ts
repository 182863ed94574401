// Lesson 6: five players, and two of them have a secret. Who hears what is decided by the room that they are in.
import { DialogAgent, fanoutPipeline, init, Msg, msghub, OpenAIChatWrapper, sequentialPipeline } from 'agentscope'
import { z } from 'zod'

await init()
const model = new OpenAIChatWrapper({ modelName: 'gpt-5-mini', stream: true })
const host = (text: string) => new Msg('Moderator', text, 'user')

const roles: Record<string, string> = {
  Ann: 'werewolf',
  Bob: 'villager',
  Cleo: 'villager',
  Dan: 'werewolf',
  Eve: 'villager',
}
const rules = 'This is a game of Werewolf. Speak in two sentences at most.'
let alive = Object.entries(roles).map(
  ([name, role]) => new DialogAgent({ name, model, sysPrompt: `You are ${name}, a ${role}. ${rules}` }),
)
const wolves = () => alive.filter(({ name }) => roles[name] === 'werewolf')
const villagers = () => alive.filter(({ name }) => roles[name] === 'villager')
const namesOf = (players: readonly DialogAgent[]) => players.map(({ name }) => name)

/** All vote at once. The schema leaves no other answer than the name of a candidate. */
async function vote(voters: readonly DialogAgent[], candidates: readonly DialogAgent[], question: string) {
  const Ballot = z.object({ name: z.enum(namesOf(candidates)) })
  const ballots = await fanoutPipeline(
    voters.map((voter) => () => voter.call(host(question), { structuredModel: Ballot })),
  )
  const votes = ballots.map(({ metadata }) => metadata.structured.name)
  const count = (name: string) => votes.filter((each) => each === name).length
  const [out = ''] = namesOf(candidates).sort((one, other) => count(other) - count(one))
  return out
}

function leave(name: string, how: string): string {
  alive = alive.filter((each) => each.name !== name)
  console.log(`\n[${name} ${how}.]\n`)
  return `${name} ${how}. Still here: ${namesOf(alive).join(', ')}.`
}

let news = `Among ${namesOf(alive).join(', ')} are two werewolves.`
while (wolves().length > 0 && wolves().length < villagers().length) {
  // A room for the wolves alone: nobody else ever remembers a word of it. It closes when the callback is done.
  const victim = await msghub(wolves(), { announcement: host(`${news} Night falls: whisper.`) }, async () => {
    await sequentialPipeline(wolves())
    return vote(wolves(), villagers(), 'Werewolves, name your victim.')
  })
  news += ` ${leave(victim, 'did not see the morning')}`
  // In this room everybody hears everybody. The votes are cast outside of it, so nobody hears those of the others.
  await msghub(alive, { announcement: host(`${news} Who is a werewolf?`) }, () => sequentialPipeline(alive))
  const accused = await vote(alive, alive, 'Vote: who is to leave the village?')
  news = leave(accused, `was voted out and was a ${roles[accused]}`)
}
console.log(`---\nThe ${wolves().length === 0 ? 'villagers' : 'werewolves'} win. Left: ${namesOf(alive).join(', ')}.`)
