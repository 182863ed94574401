// A request's body as JSON text that every provider can read.
import { InputError, messageOf } from '../core/error.ts'

/** @throws InputError for what JSON cannot hold, such as a bigint. */
export function encodeBody(body: Record<string, unknown>, provider: string): string {
  try {
    const json = JSON.stringify(body)
    return halfCharacter.test(json) ? JSON.stringify(body, (_, value) => wholeCharacters(value)) : json
  } catch (cause) {
    const reason = messageOf(cause)
    throw new InputError(`${provider}: the request cannot be written as JSON: ${reason}`, { provider, cause })
  }
}

/** What half a character looks like in JSON text. The text of such an escape is taken for one too, and stays as it is. */
const halfCharacter = /\\ud[89a-f]/i

/** Providers refuse a whole request for half a character, which a tool or a cut text may hold. */
function wholeCharacters(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value
}
