// Simulated models for the command line: real wires over loopback HTTP, without a key.
import { OpenAIChatWrapper } from '../models/index.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import {
  improvise,
  type ModelFunction,
  type Pace,
  type Simulator,
  simulator,
  type WireName,
} from '../simulator/index.ts'
import { complain } from './command.ts'
import { type Participant, participants } from './participants.ts'
import { noKey } from './simulated-environment.ts'

/** About as fast as a model that is quick: one piece of a few letters every 25 ms. */
export const livelyPace: Pace = { everyMs: 25 }

/** The wrapper of that wire, speaking to the simulator. */
export function simulatedModel(guest: Participant, simulated: Simulator, stream = true): ChatWrapper {
  const modelName = 'simulated'
  return guest.open({ modelName, apiKey: noKey, baseUrl: simulated.baseUrl(guest.wire), stream })
}

/** What a simulated model answers to a person: what it heard, what it is, and how its answer came. */
export function echo(stream: boolean): ModelFunction {
  const came = stream ? 'these words came to you one by one' : 'this answer came to you all at once'
  return ({ lastUserText, wire }) => {
    const heard = lastUserText.slice(lastUserText.lastIndexOf('\nUser: ') + 1).replace(/^User: /, '')
    return {
      thinking: 'Somebody speaks to me. I shall say what I heard.',
      text: `I heard "${heard.trim()}". I am only simulated, but ${came} over the ${wire} wire.`,
    }
  }
}

/** Calls tools and gives values of a shape as a model would; what is only said is an echo. */
function talkative(stream: boolean): ModelFunction {
  const plain = echo(stream)
  return async (request) => {
    const answer = await improvise(request)
    const isAct = request.tools.length > 0 || ('toolCalls' in answer && answer.toolCalls !== undefined)
    return isAct ? answer : plain(request)
  }
}

/** `simulator/<wire>`: any name that is no wire speaks OpenAI's, and that is told. The caller closes it. */
export async function openSimulated(
  name: string,
  stream: boolean,
): Promise<{ model: ChatWrapper; close(): Promise<void> }> {
  const simulated = await simulator({ models: { '*': talkative(stream) }, pace: livelyPace })
  const guest = participants.find(({ wire }: { wire: WireName }) => wire === name)
  if (guest === undefined) {
    const wires = participants.map(({ wire }) => wire).join(', ')
    complain(`${JSON.stringify(name)} is none of the simulated wires (${wires}): it speaks OpenAI's.`)
  }
  const model = guest
    ? simulatedModel(guest, simulated, stream)
    : new OpenAIChatWrapper({ modelName: name, apiKey: noKey, baseUrl: simulated.baseUrl('openai'), stream })
  return { model, close: () => simulated.close() }
}
