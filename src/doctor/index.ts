// The doctor: examines a model's server with a few requests and says what our wrappers need for it.
export { configurationText } from './configuration.ts'
export { type ExamineOptions, examine, requestsFor } from './examine.ts'
export { answerLimit } from './questions.ts'
export { type Level, type QuirkName, quirks } from './quirk.ts'
export type { Configuration, FoundQuirk, Report, Verdict } from './report.ts'
export { streamQuirks } from './stream-quirks.ts'
export { type WireName, wireNames } from './wires.ts'
