// What an examination found: for people and for machines alike. It holds no key.
import { type Level, type QuirkName, quirks } from './quirk.ts'
import type { WireName } from './wires.ts'

export interface FoundQuirk {
  readonly name: QuirkName
  readonly level: Level
  readonly says: string
  /** The questions in whose replies it was seen. */
  readonly seenIn: string[]
}

/** `fine`: the wrapper copes, with the options of `configuration`; `problems`; `unreachable`: nothing could be examined. */
export type Verdict = 'fine' | 'problems' | 'unreachable'

export interface Report {
  readonly address: string
  verdict: Verdict
  /** Why nothing could be examined. */
  reason?: string
  /** What to do about that. */
  advice?: string
  wire?: WireName
  wrapper?: string
  baseUrl?: string
  model?: string
  /** Names as the server lists them. */
  models: string[]
  /** Tokens. */
  contextLength?: number
  /** Times in milliseconds, headers, counters: what was measured, in words. */
  readonly facts: { readonly name: string; readonly value: string }[]
  readonly quirks: FoundQuirk[]
  /** Questions for which no request was left, or that make no sense here. */
  readonly leftOut: string[]
  requests: number
  configuration?: Configuration
}

/** What the wrapper is to be given. The key stays where it is: in the environment variable of that name. */
export interface Configuration {
  readonly wrapper: string
  readonly options: Readonly<Record<string, unknown>>
  readonly apiKeyVariable?: string
}

/** Notes a quirk once, and where else it was seen. */
export function noteQuirk(report: Report, name: QuirkName, where: string): void {
  const known = report.quirks.find((each) => each.name === name)
  if (known !== undefined) {
    if (!known.seenIn.includes(where)) known.seenIn.push(where)
  } else report.quirks.push({ name, ...quirks[name], seenIn: [where] })
}

export function hasQuirk(report: Report, name: QuirkName): boolean {
  return report.quirks.some((each) => each.name === name)
}

export function noteFact(report: Report, name: string, value: string): void {
  if (value !== '' && !report.facts.some((fact) => fact.name === name)) report.facts.push({ name, value })
}
