// Pipelines, hubs and merged streams: the public names of this folder.
export { type FanoutOptions, type FanoutOutput, FanoutPipeline, fanoutPipeline } from './fanout.ts'
export { type Announcement, MsgHub, type MsgHubOptions, msghub, type Participant } from './hub.ts'
export { merge, type SpokenEvent, type Voice } from './merge.ts'
export type { Callable, Operator, OperatorFunction, OutputOf, PipelineOptions, Said } from './operator.ts'
export { type LastOutput, SequentialPipeline, sequentialPipeline } from './sequential.ts'
