// Helpers of the ReAct tests: an agent on a simulated wire, tools that keep what they were given, and what was heard.
import { ReActAgent, type ReActAgentOptions } from '../../src/agents/index.ts'
import { Msg, type ToolResultBlock, type ToolUseBlock } from '../../src/core/message.ts'
import { createScope } from '../../src/create-scope.ts'
import type { Input } from '../../src/scope.ts'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { type Tool, tool } from '../../src/tools/index.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'
import { Listening } from './listening.ts'

export const question = new Msg('Ann', 'How is the weather in Rome?', 'user')

/** A tool that answers with the weather and counts its calls. */
export function weather(options: Partial<Parameters<typeof tool>[0]> = {}): Tool & { calls: unknown[] } {
  const calls: unknown[] = []
  const made = tool({
    name: 'weather',
    description: 'Tells the weather of a city.',
    input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    run: (input) => {
      calls.push(input)
      return `Sunny in ${(input as { city: string }).city}.`
    },
    ...options,
  })
  return Object.assign(made, { calls })
}

export interface Acting extends AsyncDisposable {
  agent: ReActAgent
  heard: Listening
  simulated: Simulator
  /** Tool calls and results that stand in the memory, by the id of the call. */
  calls(): ToolUseBlock[]
  results(): ToolResultBlock[]
}

interface ActingOptions extends Partial<ReActAgentOptions> {
  wire?: Wire
  stream?: boolean
  inputs?: readonly Input[]
  /** Options of the model, over the test's own. */
  modelOptions?: Record<string, unknown>
}

/** Friday, on a simulated wire, in a quiet scope. The disposer closes the simulator. */
export async function acting(model: Model, options: ActingOptions = {}): Promise<Acting> {
  const { wire = 'openai', stream = true, inputs = [], modelOptions = {}, ...rest } = options
  const simulated = await simulator({ models: { '*': model } })
  const heard = new Listening()
  const scope = createScope({ sinks: [heard], inputs })
  const wrapper = wrapperFor(wire, { baseUrl: simulated.baseUrl(wire), stream, ...modelOptions })
  const agent = new ReActAgent({ name: 'Friday', model: wrapper, scope, ...rest } as ReActAgentOptions)
  const blocks = () =>
    (agent.memory?.get() ?? []).flatMap(({ content }) => (typeof content === 'string' ? [] : content))
  return {
    agent,
    heard,
    simulated,
    calls: () => blocks().filter((block) => block.type === 'tool_use'),
    results: () => blocks().filter((block) => block.type === 'tool_result'),
    [Symbol.asyncDispose]: () => simulated.close(),
  }
}
