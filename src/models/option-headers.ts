// The headers that a user wants sent with every request, checked. A value is never shown.
import { ConfigError } from '../core/error.ts'
import { firstSet } from './api-key.ts'
import * as kind from './option-kinds.ts'
import { agreed, type OptionReader } from './option-reader.ts'
import type { ProviderData } from './options.ts'

/** The wrapper's own, then the client's, then `headers`: later ones win, whatever the case of their names. */
export function readHeaders(
  options: OptionReader,
  client: OptionReader,
  network: OptionReader,
  data: ProviderData,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  // Most wrappers have none, and the first use of `Headers` loads all of the platform's fetch: 20 ms and more.
  let headers: Headers | undefined
  if (data.organization !== undefined) {
    const variable = firstSet(data.organization.variables, environment)
    const organization =
      agreed(
        data.provider,
        [options, client].map((from) => from.reading('organization', kind.text)),
      ) ?? environment[variable ?? '']
    if (organization) {
      headers = new Headers()
      setHeader(headers, data.provider, 'organization', data.organization.header, organization)
    }
  }
  for (const reading of [
    client.reading('defaultHeaders', kind.settings),
    network.reading('headers', kind.settings),
    options.reading('headers', kind.settings),
  ]) {
    for (const [name, value] of Object.entries(reading?.value ?? {})) {
      headers ??= new Headers()
      setHeader(headers, data.provider, `${reading?.where}.${name}`, name, value)
    }
  }
  return headers === undefined ? {} : Object.fromEntries(headers)
}

function setHeader(headers: Headers, provider: string, where: string, name: string, value: unknown): void {
  if (typeof value !== 'string') {
    throw new ConfigError(`${provider}: ${where} must be a string, got ${kind.kindOf(value)}.`, { provider })
  }
  try {
    headers.set(name, value)
  } catch {
    // The platform's own error shows the value.
    throw new ConfigError(`${provider}: ${where} cannot be sent as an HTTP header.`, {
      provider,
      advice: 'A name is letters, digits and dashes; a value has no line breaks and only Latin-1 characters.',
    })
  }
}
