// `agentscope demo`, which `npm start` runs: the seven wrappers in one conversation, streamed.
import { parseArgs } from 'node:util'
import { DialogAgent, UserAgent } from '../agents/index.ts'
import { AbortedError, AgentScopeError } from '../core/error.ts'
import type { Msg } from '../core/message.ts'
import { createScope } from '../create-scope.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import type { Scope } from '../scope.ts'
import { type ModelFunction, type Simulator, simulator } from '../simulator/index.ts'
import { terminal } from '../terminal/index.ts'
import { ChatModels } from './chat-models.ts'
import { type Command, complain, describeError, isInteractive, print } from './command.ts'
import { findReal, type RealModel } from './find-real.ts'
import { type Participant, participants, question } from './participants.ts'
import { echo, livelyPace, simulatedModel } from './simulated.ts'
import { talk } from './talk.ts'

const help = `Usage: agentscope demo [options]

The seven model wrappers answer in turn in one streamed conversation. Those whose key stands in the environment, and
a local Ollama, really answer; the others are simulated, on real wires over loopback HTTP. In a terminal it goes on as
a chat.

  --once       end after the conversation
  --simulated  use no key and no Ollama, simulate all seven
  --fast       the simulated ones speak as fast as they can`

/** A participant with the model that speaks for it. */
interface Guest extends Participant {
  model: ChatWrapper
  real: RealModel | undefined
  /** Why it is not real though it is configured. */
  unusable: string | undefined
}

export const demo: Command = {
  name: 'demo',
  summary: 'the seven wrappers in one streamed conversation (what npm start runs)',
  help,
  async run(given) {
    const { values } = parseArgs({
      args: given,
      options: {
        once: { type: 'boolean', default: false },
        simulated: { type: 'boolean', default: false },
        fast: { type: 'boolean', default: false },
      },
    })
    const interactive = isInteractive()
    const simulated = await simulator({
      models: { '*': scripted },
      pace: interactive && !values.fast ? livelyPace : { everyMs: 2 },
    })
    try {
      const guests = await invite(simulated, values.simulated)
      print(whoIsReal(guests))
      const finished = await converse(guests)
      if (!finished) return 130
      return interactive && !values.once ? await goOn(guests) : 0
    } finally {
      await simulated.close()
    }
  },
}

/** On its first question each simulated one says its line; afterwards it talks with the user. */
const scripted: ModelFunction = (request) => {
  const guest = participants.find(({ wire }) => wire === request.wire)
  return request.lastUserText.includes(question) && guest !== undefined ? guest.script : echo(true)(request)
}

async function invite(simulated: Simulator, none: boolean): Promise<Guest[]> {
  return Promise.all(
    participants.map(async (participant) => {
      const found = none ? undefined : await findReal(participant, process.env)
      const real = found?.model && found
      const model = real?.model ?? simulatedModel(participant, simulated)
      return { ...participant, real, unusable: found?.unusable, model }
    }),
  )
}

function whoIsReal(guests: readonly Guest[]): string {
  const real = guests.filter((guest) => guest.real).map(({ name, real }) => `${name} (${real?.found})`)
  const others = guests.filter((guest) => !guest.real).map(({ name }) => name)
  const reasons = guests.flatMap(({ unusable }) => unusable ?? [])
  const unusable = reasons.map((reason) => ` ${reason}`).join('')
  if (real.length > 0) return `Real: ${real.join(', ')}. Simulated: ${others.join(', ') || 'none'}.${unusable}`
  const key = reasons.length > 0 ? 'usable key' : 'key'
  return `No ${key} and no Ollama found, so all seven are simulated: ${others.join(', ')}.${unusable}`
}

/** One conversation in which each hears all that was said before. False when Ctrl-C ended it. */
async function converse(guests: readonly Guest[]): Promise<boolean> {
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.on('SIGINT', interrupt)
  const scope = createScope({ sinks: [terminal()], signal: stop.signal })
  try {
    const host = new UserAgent({ name: 'Host', scope, input: { ask: async () => question } })
    const said: Msg[] = [await host.call()]
    for (const guest of guests) {
      const answer = await answerOf(guest, said, scope)
      if (stop.signal.aborted) return false
      if (answer !== undefined) said.push(answer)
    }
    return true
  } finally {
    process.off('SIGINT', interrupt)
    await scope.close()
  }
}

async function answerOf({ name, model, real }: Guest, said: readonly Msg[], scope: Scope): Promise<Msg | undefined> {
  const agent = new DialogAgent({ name, model, scope, sysPrompt: manners(name) })
  try {
    return await agent.call(said)
  } catch (error) {
    // A real one may fail for many reasons, and the conversation goes on; a simulated one that fails is our fault.
    if (real === undefined && !(error instanceof AbortedError)) throw error
    if (!(error instanceof AbortedError)) complain(`${name} could not answer: ${oneLine(error)}`)
    return undefined
  }
}

function manners(name: string): string {
  return `You are ${name}, one of seven language models in a short conversation about streaming. Build on what the others said. Answer in at most two sentences, in English, without markup and without your name in front.`
}

function oneLine(error: unknown): string {
  const text = error instanceof AgentScopeError ? error.message : describeError(error)
  return text.replace(/\s+/g, ' ')
}

async function goOn(guests: readonly Guest[]): Promise<number> {
  const partner = guests.find((guest) => guest.real) ?? guests[0]!
  const kind = partner.real ? partner.real.found : 'simulated'
  print(`\nNow you: talk with ${partner.name} (${kind}). Ctrl-C stops a reply, /help lists the commands, "exit" ends.`)
  const name = partner.real ? partner.model.modelName : `simulator/${partner.wire}`
  return talk({ models: ChatModels.of(partner.model, name), name: partner.name })
}
