// Agents: the public names of this folder.
export {
  AgentBase,
  type AgentCallOptions,
  type ReplyOptions,
  type SpeakOptions,
  type SteerOptions,
  type StructuredMsg,
} from './agent.ts'
export type { AgentStream } from './agent-stream.ts'
export type { Listener } from './audience.ts'
export { DialogAgent } from './dialog.ts'
export { DictDialogAgent, type DictDialogAgentOptions } from './dict-dialog.ts'
export type { Hooks, HookType, ReplyArguments, SpeakMoment } from './hooks.ts'
export type { AgentOptions } from './options.ts'
export type { Pair } from './pairs.ts'
export type { PendingCall, Ruling } from './pending.ts'
export { ReActAgent, type ReActAgentOptions, type Rulings } from './react.ts'
export type { Ear } from './replying.ts'
export type { Speech, Spoken, SpokenCalls } from './speech.ts'
export type { AgentState } from './state.ts'
export { type InputMethod, UserAgent, type UserAgentOptions } from './user.ts'
