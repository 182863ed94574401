// Agents: the public names of this folder.
export { AgentBase, type CallOptions, type Listener, type SpeakOptions } from './agent.ts'
export { DialogAgent } from './dialog.ts'
export type { AgentOptions } from './options.ts'
export type { Pair } from './pairs.ts'
export type { Speech, SpokenCalls } from './speech.ts'
export { UserAgent, type UserAgentOptions } from './user.ts'
