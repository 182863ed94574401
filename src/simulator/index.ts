// `agentscope/simulator`: seven provider wires to test agents with, offline.
export { improvise } from './improvise.ts'
export type { Pace } from './pace.ts'
export type { ReceivedRequest } from './received.ts'
export { recordedAnswers } from './recorded.ts'
export type {
  GateDelta,
  Model,
  ModelFunction,
  ModelRequest,
  Recorded,
  Script,
  ScriptError,
  ScriptFinish,
  ScriptKeepAlive,
  ScriptPart,
  ScriptToolCall,
  ScriptUsage,
} from './script.ts'
export {
  createSimulator,
  type ListeningOptions,
  type Simulator,
  type SimulatorOptions,
  simulator,
} from './simulator.ts'
export type { WireName } from './wire.ts'
