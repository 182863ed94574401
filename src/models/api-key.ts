// Where a key comes from, and that it can be sent. Nothing here ever shows one.
import { ConfigError } from '../core/error.ts'
import type { ProviderData } from './options.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The option, else the first environment variable that is set (an empty one is not). Throws `ConfigError` naming the
 * variables when there is none but must be, and when the key cannot stand in an HTTP header.
 */
export function resolveApiKey(
  data: ProviderData,
  written: string | undefined,
  environment: Environment,
): string | undefined {
  if (written) return sendable(data.provider, written, 'apiKey')
  if (written === '' && data.keyRequired) throw missing(data, 'apiKey is a string of 0 characters')
  const variable = firstSet(data.keyVariables, environment)
  if (variable !== undefined && written === undefined) return sendable(data.provider, environment[variable]!, variable)
  if (data.keyRequired) throw missing(data, 'there is no API key')
  return undefined
}

/** The first of the names that has a value. */
export function firstSet(names: readonly string[], environment: Environment): string | undefined {
  return names.find((name) => environment[name] !== undefined && environment[name] !== '')
}

function missing(data: ProviderData, what: string): ConfigError {
  const variables = data.keyVariables.join(' or ')
  return new ConfigError(`${data.provider}: ${what}.`, {
    provider: data.provider,
    advice: `Give apiKey, or set the environment variable ${variables}.`,
  })
}

function sendable(provider: string, key: string, where: string): string {
  const wrong = unsendable(key)
  if (wrong === undefined) return key
  throw new ConfigError(`${provider}: the key in ${where} cannot be sent: it contains ${wrong}.`, {
    provider,
    advice: 'Copy the key again, without quotes, spaces or line breaks around it.',
  })
}

/** What in a key would break the header it travels in, in words that do not tell the key. */
function unsendable(key: string): string | undefined {
  for (const character of key) {
    const code = character.codePointAt(0)!
    if (code === 10 || code === 13) return 'a line break'
    if (/\s/u.test(character)) return 'white space'
    if (code < 32 || (code > 126 && code < 160)) return 'a control character'
    if (code > 255) return 'a character that is not Latin-1'
  }
  return undefined
}
