// What every wire refuses for the same reasons, in nobody's words yet.
import { messageOf } from '../core/error.ts'
import type { Incoming } from './intake.ts'
import { jsonReply, type Reply } from './reply.ts'
import type { Script } from './script.ts'
import { type Failure, Refusal } from './wire.ts'
import { wires } from './wires.ts'

/** The refusal before the answer, with when to come back. */
export function firstFailure({ failFirst }: Script): Failure {
  const { status = 503, message, retryAfterMs } = failFirst ?? {}
  return {
    status,
    message: message ?? (status === 429 ? 'Too many requests.' : 'Not available right now.'),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

/** What went wrong, as a failure: a model function that throws is a breakdown of the provider. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof Refusal) return error.failure
  const message = messageOf(error)
  return { status: 500, message: `The simulated model broke: ${message}` }
}

/** The refusal of a model that nobody answers for. */
export function unknownModel(model: string, names: string[]): Failure {
  const known = names.length === 0 ? 'It has none.' : `It has ${names.map((name) => `"${name}"`).join(', ')}.`
  return { status: 404, message: `The simulator has no model "${model}". ${known}`, param: 'model' }
}

/** The answer at an address that is of no wire. */
export function unknownAddress({ method, url }: Incoming): Reply {
  const known = Object.values(wires).map((wire) => `POST ${wire.endpoint}`)
  const message = `The simulator knows nothing at ${method} ${url.pathname}. It answers ${known.join(', ')}.`
  return jsonReply(404, { error: { message } })
}
