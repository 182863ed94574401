// Who takes part in the demo: each of the seven, with the model that speaks for it.
import { AgentBase, DialogAgent } from '../agents/index.ts'
import { AbortedError, AgentScopeError } from '../core/error.ts'
import { Msg } from '../core/message.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import type { Scope } from '../scope.ts'
import type { ModelFunction, Simulator } from '../simulator/index.ts'
import { complain, describeError } from './command.ts'
import { findReal, type RealModel } from './find-real.ts'
import { type Participant, participants, question } from './participants.ts'
import { echo, simulatedModel } from './simulated.ts'

/** A participant with the model that speaks for it. */
export interface Guest extends Participant {
  model: ChatWrapper
  real: RealModel | undefined
  /** Why it is not real though it is configured. */
  unusable: string | undefined
}

/** Puts the question, and nobody is asked for it. */
export class Host extends AgentBase {
  protected override async reply(): Promise<Msg> {
    const said = new Msg(this.name, question, 'user')
    await this.speak(said)
    return said
  }
}

/** How the person is called in the conversation. */
export const person = 'You'

/** On its first question each simulated one says its line, then it answers the person; afterwards it talks with the user. */
export const scripted: ModelFunction = (request) => {
  const { lastUserText, wire } = request
  const guest = participants.find((each) => each.wire === wire)
  if (guest === undefined || !lastUserText.includes(question)) return echo(true)(request)
  const said = lastUserText.split(`\n${person}: `)[1]?.trim()
  return said === undefined
    ? guest.script
    : { text: `You say "${said}", and all of us have heard it, wherever you gave your answer.` }
}

export async function invite(simulated: Simulator, none: boolean): Promise<Guest[]> {
  return Promise.all(
    participants.map(async (participant) => {
      const found = none ? undefined : await findReal(participant, process.env)
      const real = found?.model && found
      const model = real?.model ?? simulatedModel(participant, simulated)
      return { ...participant, real, unusable: found?.unusable, model }
    }),
  )
}

/** The one who talks with the person. */
export function partnerOf(guests: readonly Guest[]): Guest {
  return guests.find((guest) => guest.real) ?? guests[0]!
}

export function whoIsReal(guests: readonly Guest[]): string {
  const real = guests.filter((guest) => guest.real).map(({ name, real }) => `${name} (${real?.found})`)
  const others = guests.filter((guest) => !guest.real).map(({ name }) => name)
  const reasons = guests.flatMap(({ unusable }) => unusable ?? [])
  const unusable = reasons.map((reason) => ` ${reason}`).join('')
  if (real.length > 0) return `Real: ${real.join(', ')}. Simulated: ${others.join(', ') || 'none'}.${unusable}`
  const key = reasons.length > 0 ? 'usable key' : 'key'
  return `No ${key} and no Ollama found, so all seven are simulated: ${others.join(', ')}.${unusable}`
}

/** A list of one, or none: a real one may fail for many reasons, and the conversation goes on. */
export async function answerOf({ name, model, real }: Guest, said: readonly Msg[], scope: Scope): Promise<Msg[]> {
  const agent = new DialogAgent({ name, model, scope, sysPrompt: manners(name) })
  try {
    return [await agent.call(said)]
  } catch (error) {
    if (error instanceof AbortedError) return []
    // One that is simulated and fails is our fault.
    if (real === undefined) throw error
    complain(`${name} could not answer: ${oneLine(error)}`)
    return []
  }
}

function manners(name: string): string {
  return `You are ${name}, one of seven language models in a short conversation about streaming. Build on what the others said. Answer in at most two sentences, in English, without markup and without your name in front.`
}

function oneLine(error: unknown): string {
  const text = error instanceof AgentScopeError ? error.message : describeError(error)
  return text.replace(/\s+/g, ' ')
}
