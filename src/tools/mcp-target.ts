// Where an MCP server is and how it is reached, as users write it, checked once. Its secrets are known from here on.
import { ConfigError } from '../core/error.ts'
import { isFields, kindOf } from '../core/kind.ts'
import { secretForms } from '../core/redact.ts'

/** A server that is started as a child process and speaks over its standard input and output. */
export interface McpStdioConfig {
  name: string
  command: string
  args?: readonly string[]
  /** Beside the few variables that the SDK hands on by itself (HOME, LOGNAME, PATH, SHELL, TERM, USER). */
  env?: Readonly<Record<string, string>>
  cwd?: string
}

/** A server that is reached over HTTP. */
export interface McpHttpConfig {
  name: string
  url: string | URL
  /** Sent with every request; never shown. */
  headers?: Readonly<Record<string, string>>
  /** Default: streamable HTTP, then the older SSE when the server refuses that with 400, 404 or 405. */
  type?: 'http' | 'sse'
  /** Default: the platform's. */
  fetch?: (url: string | URL, init?: RequestInit) => Promise<Response>
}

/** Where a server is: a program to start, or an address. */
export type McpServerConfig = McpStdioConfig | McpHttpConfig

/** A server's place, read. */
export interface McpTarget {
  readonly name: string
  /** What an error may show of the place: the command, or the address without its query. */
  readonly where: string
  /** Every form of what must not be shown. */
  readonly secrets: readonly string[]
  readonly stdio?: McpStdioConfig
  readonly http?: {
    url: URL
    headers: Record<string, string>
    kinds: ('http' | 'sse')[]
    fetch: NonNullable<McpHttpConfig['fetch']>
  }
}

/** @throws ConfigError that says which field is wrong, without its value. */
export function readTarget(config: McpServerConfig): McpTarget {
  const given: unknown = config
  if (!isFields(given)) throw wrong('An MCP server', `must be described by an object, got ${kindOf(given)}`)
  const { name, command, url } = given
  if (typeof name !== 'string' || name === '') throw wrong('An MCP server', 'needs a name')
  if (command !== undefined && url !== undefined) throw wrong(`The MCP server ${name}`, 'has both a command and a url')
  if ('command' in config) return stdioTarget(config)
  if ('url' in config) return httpTarget(config)
  throw wrong(`The MCP server ${name}`, 'has neither a command nor a url')
}

function stdioTarget(config: McpStdioConfig): McpTarget {
  const { name, command, args = [], env = {}, cwd } = config
  const who = `The MCP server ${name}`
  if (typeof command !== 'string' || command === '') throw wrong(who, `has a command that is ${kindOf(command)}`)
  if (!Array.isArray(args) || !args.every((each) => typeof each === 'string')) {
    throw wrong(who, 'has args that are not a list of strings')
  }
  checkTexts(who, 'env', env)
  const keys = Object.entries(env).filter(([variable]) => /key|token|secret|passw|auth|credential/i.test(variable))
  const stdio = { name, command, args: [...args], env: { ...env }, ...(cwd !== undefined && { cwd }) }
  return { name, where: `the command ${command}`, secrets: secretForms(keys.map(([, value]) => value)), stdio }
}

function httpTarget(config: McpHttpConfig): McpTarget {
  const { name, headers = {}, type, fetch = globalThis.fetch } = config
  const who = `The MCP server ${name}`
  const text = String(config.url)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw wrong(who, 'has a url that is no http(s) address')
  // fetch refuses such an address, and its error shows it whole.
  if (url.username !== '' || url.password !== '') throw wrong(who, 'has a url with a user or password in it')
  if (type !== undefined && type !== 'http' && type !== 'sse')
    throw wrong(who, 'has a type that is neither http nor sse')
  checkTexts(who, 'headers', headers)
  checkHeaders(who, headers)
  const inHeaders = Object.values(headers).flatMap((value) => [value.trim(), value.trim().replace(/^\S+\s+/, '')])
  const secrets = secretForms([...inHeaders, ...url.searchParams.values()])
  const kinds: ('http' | 'sse')[] = type === undefined ? ['http', 'sse'] : [type]
  return { name, where: url.origin + url.pathname, secrets, http: { url, headers: { ...headers }, kinds, fetch } }
}

function checkTexts(who: string, what: string, texts: unknown): void {
  if (!isFields(texts)) throw wrong(who, `has ${what} that are ${kindOf(texts)}`)
  for (const [name, value] of Object.entries(texts)) {
    if (typeof value !== 'string') throw wrong(who, `needs a string for ${what}.${name}, got ${kindOf(value)}`)
  }
}

function checkHeaders(who: string, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers({ [name]: value })
    } catch {
      // The platform's own error shows the value.
      throw wrong(who, `has headers.${name}, which cannot be sent as an HTTP header`)
    }
  }
}

function wrong(who: string, what: string): ConfigError {
  return new ConfigError(`${who} ${what}.`, {
    advice: 'Write { name, command, args, env, cwd } or { name, url, headers }.',
  })
}
