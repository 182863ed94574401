// The examination of one server: finds its wire, asks a few short questions, and tells what its replies showed.
import { redactJson, secretForms } from '../core/redact.ts'
import { Asker, type AskerOptions, Spent, Unreachable } from './asking.ts'
import { configurationOf } from './configuration.ts'
import { askLeft, askTools, askWhole } from './examinations.ts'
import { findWire, isLiteLLM, type Place, places } from './find-wire.ts'
import { askGreeting } from './greeting.ts'
import { type ListedModel, listModels, ollamaContext, talkingModel, withoutModel } from './models-list.ts'
import { askBroken, askRefusals } from './refusals.ts'
import { noteFact, type Report } from './report.ts'
import type { Setup } from './speaking.ts'
import { type WireName, wires } from './wires.ts'

export interface ExamineOptions extends Pick<AskerOptions, 'fetch' | 'signal'> {
  /** Default: found by asking. */
  readonly wire?: WireName | undefined
  /** Default: the first that the server lists and that can talk. */
  readonly model?: string | undefined
  readonly apiKey?: string | undefined
  /** For the configuration that is told. */
  readonly apiKeyVariable?: string | undefined
  /** How long each wait may take. Default 30,000. */
  readonly timeoutMs?: number | undefined
  /** Default: as many as `requestsFor` says. */
  readonly maxRequests?: number | undefined
  /** Hears what is asked next. */
  readonly tell?: ((what: string) => void) | undefined
}

const defaultTimeoutMs = 30_000
/** Greeting, twice more when options are refused; tools, left, whole, wrong model, bad request. */
const questions = 8

/** The most requests that an examination sends. */
export function requestsFor({ wire, apiKey }: Pick<ExamineOptions, 'wire' | 'apiKey'>): number {
  const list = wire === 'dashscope' ? 0 : 1
  const show = wire === undefined || wire === 'ollama' ? 1 : 0
  return (wire === undefined ? places.length : 0) + list + show + questions + (apiKey === undefined ? 0 : 1)
}

/**
 * Examines the server at an address: a base URL as a wrapper takes it, without a trailing slash. Sends nothing but what
 * `requestsFor` counts. Never rejects for what the server does; an abort of `signal` rejects with its reason.
 */
export async function examine(address: string, options: ExamineOptions): Promise<Report> {
  const { apiKey, timeoutMs = defaultTimeoutMs, maxRequests = requestsFor(options), fetch, signal, tell } = options
  const asker = new Asker({ apiKey, timeoutMs, maxRequests, fetch, signal })
  const report: Report = {
    ...{ address, verdict: 'unreachable', models: [], facts: [], quirks: [], leftOut: [], requests: 0 },
  }
  try {
    tell?.('its wire')
    const place = await placeOf(address, options, asker)
    await examineAt(place, report, options, { apiKey, timeoutMs, asker, signal, tell })
  } catch (error) {
    if (!(error instanceof Unreachable) && !(error instanceof Spent)) throw error
    report.reason = error instanceof Spent ? 'No request was left before anything could be found.' : error.message
    report.advice ??= adviceFor(error)
  }
  report.requests = asker.sent
  return redactJson(report, secretForms(apiKey === undefined ? [] : [apiKey]))
}

function adviceFor(error: Error): string {
  if (error instanceof Spent) return 'Raise --max-requests, or name --wire and --model.'
  return 'Check the address, and that the server runs; a base URL mostly ends in /v1.'
}

async function placeOf(address: string, { wire }: ExamineOptions, asker: Asker): Promise<Place> {
  return wire === undefined ? findWire(address, asker) : { wire, baseUrl: address }
}

type Means = Pick<Setup, 'apiKey' | 'timeoutMs' | 'asker' | 'signal' | 'tell'>

async function examineAt(place: Place, report: Report, options: ExamineOptions, means: Means): Promise<void> {
  report.baseUrl = place.baseUrl
  nameWire(report, place.wire)
  const list = await listModels(place, means.asker)
  const listed = list.models
  report.models = listed.map(({ name }) => name)
  const model = options.model ?? talkingModel(listed)
  if (model === undefined) {
    const { reason, advice } = withoutModel(list, means.apiKey !== undefined)
    report.advice = advice
    throw new Unreachable(reason)
  }
  report.model = model
  const setup: Setup = { ...means, place, model }
  await askAll(report, setup, options)
  await noteLength(report, setup, listed)
  if (report.verdict === 'unreachable') return
  const wire = report.wire ?? place.wire
  report.configuration = configurationOf(report, wire, model, options)
  report.verdict = report.quirks.some(({ level }) => level === 'problem') ? 'problems' : 'fine'
}

async function askAll(report: Report, setup: Setup, { wire }: ExamineOptions): Promise<void> {
  const greeting = await askGreeting(report, setup)
  if (greeting === undefined) return
  report.verdict = 'fine'
  const { recording } = greeting
  if (wire === undefined && setup.place.wire === 'openai' && recording !== undefined && isLiteLLM(recording)) {
    nameWire(report, 'litellm')
  }
  for (const ask of [askTools, askLeft, askWhole, askRefusals, askBroken]) await ask(report, setup, greeting)
}

function nameWire(report: Report, wire: WireName): void {
  report.wire = wire
  report.wrapper = wires[wire].wrapper
}

async function noteLength(report: Report, { place, model, asker }: Setup, listed: readonly ListedModel[]) {
  let length = listed.find(({ name }) => name === model)?.contextLength
  if (length === undefined && place.wire === 'ollama' && !asker.isSpent) {
    // The rest has been found by now: a server that falls silent here takes nothing away.
    length = await ollamaContext(place, model, asker).catch(() => undefined)
  }
  if (length === undefined) return
  report.contextLength = length
  noteFact(report, 'context', `${length} tokens`)
}
