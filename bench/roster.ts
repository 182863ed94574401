// Who takes part, on which wires, and under which names they are shown.
import { type Wire, wires } from './frames.ts'

export interface Peer {
  /** Its file in `peers/`. */
  readonly client: string
  readonly title: string
  readonly wires: readonly Wire[]
  /** What a project installs for one provider. */
  readonly packages: readonly string[]
  /** What it imports for that, where that is not the packages themselves. */
  readonly modules?: readonly string[]
  readonly calls?: true
  readonly values?: true
}

export const peers: readonly Peer[] = [
  { client: 'openai', title: 'openai', wires: ['openai'], packages: ['openai'], calls: true },
  { client: 'anthropic', title: '@anthropic-ai/sdk', wires: ['anthropic'], packages: ['@anthropic-ai/sdk'] },
  { client: 'genai', title: '@google/genai', wires: ['gemini'], packages: ['@google/genai'] },
  { client: 'ollama', title: 'ollama', wires: ['ollama'], packages: ['ollama'] },
  { client: 'xsai', title: 'xsAI', wires: ['openai'], packages: ['xsai'], values: true },
  {
    ...{ client: 'pi', title: 'pi', wires: ['openai', 'anthropic', 'gemini'], calls: true },
    packages: ['@earendil-works/pi-ai'],
    modules: ['@earendil-works/pi-ai', '@earendil-works/pi-ai/api/openai-completions'],
  },
  {
    ...{ client: 'langchain', title: 'LangChain', wires: ['openai', 'anthropic', 'gemini', 'ollama'] },
    ...{ packages: ['@langchain/core', '@langchain/openai'], calls: true, values: true },
  },
  {
    ...{ client: 'ai-sdk', title: 'AI SDK', wires: ['openai', 'anthropic', 'gemini'] },
    ...{ packages: ['ai', '@ai-sdk/openai'], calls: true, values: true },
  },
  {
    ...{ client: 'tanstack', title: 'TanStack AI', wires: ['openai', 'anthropic'] },
    ...{ packages: ['@tanstack/ai', '@tanstack/ai-openai'], values: true },
  },
  { client: 'openai-agents', title: 'OpenAI Agents', wires: ['openai'], packages: ['@openai/agents'] },
]

export const ours = {
  events: 'ours, `response.events`',
  stream: 'ours, `response.stream`',
  sink: 'ours, an agent with a sink',
  agent: 'ours, `agent.stream`',
} as const

export type Ours = keyof typeof ours
export const views = Object.keys(ours) as Ours[]

export const titles: Readonly<Record<string, string>> = {
  floor: 'hand-written loop',
  ...ours,
  ...Object.fromEntries(peers.map(({ client, title }) => [client, title])),
}

export function peersOn(wire: Wire): readonly Peer[] {
  return peers.filter((peer) => peer.wires.includes(wire))
}

/** What a project imports to ask one provider. */
export function modulesOf({ modules, packages }: Pick<Peer, 'modules' | 'packages'>): readonly string[] {
  return modules ?? packages
}

export { type Wire, wires }
