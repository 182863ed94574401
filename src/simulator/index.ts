// `agentscope/simulator`: seven provider wires to test agents with, offline.
export {
  type Cassette,
  cassetteVersion,
  formatCassette,
  parseCassette,
  type RecordedEnd,
  type RecordedExchange,
  type RecordedPiece,
  type RecordedRequest,
  type RecordedResponse,
} from './cassette.ts'
export { readCassette, writeCassette } from './cassette-file.ts'
export { type MatchOptions, NotRecordedError } from './cassette-match.ts'
export type { ReplayClock, ReplayOptions, ReplayStep } from './cassette-player.ts'
export { type ChaosOptions, chaos, type DamagedReply } from './chaos.ts'
export { type DamagedBytes, type DamageOptions, damageBytes, type TimedPiece } from './damage.ts'
export { type DamageKind, damageKinds } from './damage-plan.ts'
export type { Damage } from './damager.ts'
export { improvise } from './improvise.ts'
export { mutate } from './mutate-cassette.ts'
export type { Pace } from './pace.ts'
export { type Random, randomFrom } from './random.ts'
export type { ReceivedRequest } from './received.ts'
export { type Recording, record } from './record.ts'
export { recordedAnswers } from './recorded.ts'
export type { RecordOptions } from './recorder.ts'
export { replay } from './replay.ts'
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
  Taped,
} from './script.ts'
export {
  createSimulator,
  type ListeningOptions,
  type Simulator,
  type SimulatorOptions,
  simulator,
} from './simulator.ts'
export type { WireName } from './wire.ts'
