// Why what came is no answer, or not a whole one: the typed error that says so.
import { type AgentScopeError, ProviderError, WireError } from '../core/error.ts'
import { type ProviderFailure, providerError } from '../core/provider-failure.ts'
import { redact, redactJson } from '../core/redact.ts'
import type { HttpReply } from '../stream/http.ts'
import { describeBody } from '../stream/refusal.ts'
import type { ReplyPlan } from './reply-plan.ts'

const wrongPlace = 'Check that baseUrl points at the API itself and not at a web page, a proxy or a login.'

/** What came that was no frame: shown when nothing else explains the end. */
export interface Strange {
  text: string
  offset: number
  /** It is whole JSON, only not of this wire. */
  whole?: boolean
}

/** How far an attempt came. */
export interface Came {
  readonly http: HttpReply
  /** The last wire value. */
  readonly raw: unknown
  readonly strange: Strange | undefined
  /** At least one frame was read whole. */
  readonly wasInPlace: boolean
}

type Options = { provider: string; requestId?: string }

/** A failure that the provider reported inside the body. */
export function reported(failure: ProviderFailure, { provider, secrets, errorStatuses }: ReplyPlan): AgentScopeError {
  const status = failure.status ?? errorStatuses?.[String(failure.code)]
  return providerError({ ...redactJson(failure, secrets), ...(status !== undefined && { status }) }, provider)
}

/** For an answer that never said it was over. */
export function missingEnd(plan: ReplyPlan, came: Came): AgentScopeError {
  const { provider, secrets, writer } = plan
  const { requestId } = came.http
  const options: Options = { provider, ...(requestId !== undefined && { requestId }) }
  const strange = came.strange && { ...came.strange, text: redact(came.strange.text, secrets) }
  if (!writer.contentSeen && strange !== undefined && (strange.whole || !came.wasInPlace)) {
    return notThisWire(strange, came.http.contentType, options)
  }
  if (!writer.contentSeen) return noAnswer(came.raw, plan, options)
  return new WireError(`${provider}: the answer broke off before it was finished.`, {
    ...options,
    retryable: true,
    ...(strange !== undefined && { received: strange.text.slice(0, 4096), offset: strange.offset }),
    advice: 'What arrived is kept. Ask again, or ask the model to go on.',
  })
}

function noAnswer(raw: unknown, { provider, secrets }: ReplyPlan, options: Options): ProviderError {
  const sent = raw === null ? undefined : redact(JSON.stringify(raw), secrets)
  const what =
    sent === undefined ? 'closed the connection without an answer' : `sent no answer, but ${sent.slice(0, 200)}`
  return new ProviderError(`${provider} ${what}.`, {
    ...options,
    retryable: true,
    code: 'EMPTY',
    ...(sent !== undefined && { received: sent.slice(0, 4096) }),
    advice: 'Try again; when it stays so, compare baseUrl and model name with what the provider serves.',
  })
}

function notThisWire({ text, offset, whole }: Strange, contentType: string, options: Options): WireError {
  const cut = !whole && /^\s*[{[]/.test(text)
  const message = cut
    ? `${options.provider}: the reply ends early, in the middle of its JSON (${text.length} characters came).`
    : `${options.provider} did not answer in its wire but with ${describeBody(text, contentType)}`
  return new WireError(message, {
    ...options,
    offset,
    received: text.slice(0, 4096),
    retryable: cut,
    advice: wrongPlace,
  })
}
