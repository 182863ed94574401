// The address that a wrapper speaks to, checked. A value that may hold a secret is never shown.
import { ConfigError } from '../core/error.ts'
import { firstSet } from './api-key.ts'
import type { Reading } from './option-reader.ts'
import type { ProviderData } from './options.ts'

/**
 * The option, else the first environment variable that is set, else the provider's public address; http or https,
 * without a trailing slash. Throws `ConfigError` when it cannot be used or when there is none.
 */
export function resolveBaseUrl(
  data: ProviderData,
  written: Reading<string> | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  if (written !== undefined) return usable(data, written.value, written.where)
  const variable = firstSet(data.baseUrlVariables, environment)
  if (variable !== undefined) return usable(data, environment[variable]!, variable)
  if (data.defaultBaseUrl !== '') return data.defaultBaseUrl
  throw new ConfigError(`${data.provider}: there is no address to speak to.`, {
    provider: data.provider,
    advice: `Give baseUrl, or set the environment variable ${data.baseUrlVariables.join(' or ')}.`,
  })
}

function usable(data: ProviderData, written: string, where: string): string {
  const address = data.defaultPort === undefined ? written.trim() : completed(written.trim(), data.defaultPort)
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw unusable(data, where, `must be an http:// or https:// address, got a string of ${written.length} characters`)
  }
  if (url.username !== '' || url.password !== '') {
    throw unusable(
      data,
      where,
      'must not hold a user name or password',
      'Send them as a header: headers.Authorization.',
    )
  }
  if (url.search !== '' || url.hash !== '') throw unusable(data, where, 'must not hold a query (?) or fragment (#)')
  return versioned(`${url.origin}${url.pathname}`.replace(/\/+$/, ''), data.apiVersion)
}

function versioned(address: string, version: string | undefined): string {
  return version === undefined || /\/v\d\w*$/.test(address) ? address : `${address}/${version}`
}

/** `host`, `host:port`, `:port`, `::1` and the bind-all addresses, as people set `OLLAMA_HOST`. */
function completed(written: string, defaultPort: number): string {
  const hasScheme = written.includes('://')
  const bare = hasScheme
    ? written
    : `http://${bracketed(written.startsWith(':') && !written.startsWith('::') ? `127.0.0.1${written}` : written)}`
  if (!URL.canParse(bare)) return bare
  const url = new URL(bare)
  if (!hasScheme && !/:\d+(\/|$)/.test(bare.slice('http://'.length))) url.port = String(defaultPort)
  // A server listens on these; nobody can be called there.
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1'
  if (url.hostname === '[::]') url.hostname = '[::1]'
  return url.href
}

function bracketed(host: string): string {
  return /^[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*$/i.test(host) ? `[${host}]` : host
}

function unusable(data: ProviderData, where: string, what: string, advice?: string): ConfigError {
  return new ConfigError(`${data.provider}: ${where} ${what}.`, {
    provider: data.provider,
    advice: advice ?? 'Write it like https://host/path.',
  })
}
