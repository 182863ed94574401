// What went wrong with an MCP server, as a typed error that names the server and shows no secret.
import {
  AbortedError,
  AgentScopeError,
  AuthError,
  ConfigError,
  type ErrorOptions,
  ProviderError,
} from '../core/error.ts'
import { redact } from '../core/redact.ts'
import type { McpTarget } from './mcp-target.ts'

/** What the SDK, and our own reading of a broken stream, say when the connection ended under a request. */
export const closedText = 'Connection closed'

/** So much of what a server adds to its refusal is kept. */
const keptCharacters = 2000

/** The platform's codes for a connection that broke after the request may have gone out. */
const broken = new Set<unknown>(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** How an attempt failed. `doing` reads on after "while"; `lastWords` is what the process wrote to its standard error. */
export function failureOf(error: unknown, doing: string, target: McpTarget, lastWords = ''): AgentScopeError {
  if (error instanceof AgentScopeError) return error
  const { name, where } = target
  const said = redact(textOf(error), target.secrets)
  const words = lastWords === '' ? '' : ` Its last words: ${redact(lastWords, target.secrets)}`
  const status = statusOf(error)
  const options: ErrorOptions = { provider: name, ...(status !== undefined && { status }) }
  if (status === 401 || status === 403) return refusedKey(name, doing, status, options)
  if (status !== undefined) {
    const retryable = status === 429 || status >= 500
    return new ProviderError(`The MCP server ${name} answered HTTP ${status} while ${doing}: ${said}`, {
      ...options,
      retryable,
    })
  }
  const code = codeOf(error)
  if (target.stdio && (code === 'ENOENT' || code === 'EACCES')) return notStarted(target, code)
  if (said.endsWith(closedText) || broken.has(code)) return wentAway(name, doing, words, options)
  if (said.endsWith('Request timed out')) return late(name, doing, options)
  const { data } = error as { data?: unknown }
  const received =
    data === undefined ? undefined : redact(JSON.stringify(data), target.secrets).slice(0, keptCharacters)
  const coded = { ...options, ...(code !== undefined && { code }), ...(received !== undefined && { received }) }
  if (typeof code === 'number')
    return new ProviderError(`The MCP server ${name} refused while ${doing}: ${said}`, coded)
  return new ProviderError(`The MCP server ${name} (${where}) failed while ${doing}: ${said}${words}`, {
    ...coded,
    retryable: true,
    advice: 'Check that the server runs, and that its command or url is right.',
  })
}

export function stoppedWhile(doing: string, name: string): AbortedError {
  return new AbortedError(`Stopped while ${doing}.`, { provider: name })
}

export function tooLate(name: string, afterMs: number): AgentScopeError {
  return new AgentScopeError('timeout', `The MCP server ${name} was not ready after ${afterMs} ms.`, {
    provider: name,
    retryable: true,
    advice: 'Look whether it starts by hand; give more time with connectTimeoutMs.',
  })
}

/**
 * Whether a request was certainly not carried out because its session is over: 404 by the specification, 400 with such
 * words by the SDK's own server when it has been started again, and nobody there who listens.
 */
export function isSessionOver(error: unknown): boolean {
  if (!(error instanceof AgentScopeError)) return false
  const { status, code, message } = error
  return status === 404 || code === 'ECONNREFUSED' || (status === 400 && /session|not initialized/i.test(message))
}

/** The HTTP status; the SDK says it in a field, or (over SSE) in words. */
function statusOf(error: unknown): number | undefined {
  const { name, code } = error as { name?: unknown; code?: unknown }
  // The server's own answer to the request; its codes are its own too, also when one is 404.
  if (name === 'McpError') return undefined
  if (typeof code === 'number' && code >= 300 && code < 600) return code
  const inWords = /\(HTTP (\d{3})\)|Non-200 status code \((\d{3})\)/.exec(textOf(error))
  return inWords === null ? undefined : Number(inWords[1] ?? inWords[2])
}

function codeOf(error: unknown): string | number | undefined {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  const found = code ?? cause?.code
  return typeof found === 'string' || typeof found === 'number' ? found : undefined
}

/** What it says, with what lies beneath ("fetch failed" alone tells nothing). */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  const beneath = cause instanceof Error ? ` (${cause.message || codeOf(cause)})` : ''
  return error.message.replace(/^MCP error -?\d+: /, '') + beneath
}

function refusedKey(name: string, doing: string, status: number, options: ErrorOptions): AuthError {
  return new AuthError(`The MCP server ${name} did not let us in (HTTP ${status}) while ${doing}.`, {
    ...options,
    advice: `Check the headers of ${name}, for one { headers: { Authorization: 'Bearer ...' } }.`,
  })
}

function notStarted({ name, where }: McpTarget, code: string): ConfigError {
  const what = code === 'ENOENT' ? 'there is no such program (or no such cwd)' : 'it may not be run'
  return new ConfigError(`The MCP server ${name} cannot be started: ${where}: ${what}.`, {
    provider: name,
    code,
    advice: 'Give a program that is on the PATH, or its whole path.',
  })
}

function wentAway(name: string, doing: string, words: string, options: ErrorOptions): ProviderError {
  if (!doing.startsWith('calling')) {
    return new ProviderError(`The MCP server ${name} went away while ${doing}.${words}`, {
      ...options,
      retryable: true,
      advice: 'Look whether its command or url is that of an MCP server, and whether it starts by hand.',
    })
  }
  return new ProviderError(`The MCP server ${name} went away while ${doing}; that may or may not be done.${words}`, {
    ...options,
    retryable: true,
    advice: 'The next call connects again. Look whether this one took effect before it is made once more.',
  })
}

function late(name: string, doing: string, options: ErrorOptions): AgentScopeError {
  return new AgentScopeError('timeout', `The MCP server ${name} did not answer in time while ${doing}.`, {
    ...options,
    retryable: true,
    advice: 'Give more time with timeoutMs (the default is 60000 without progress from the server).',
  })
}
