// From what a user wrote (in code or in a configuration) to what a wrapper is made from.
import { ConfigError } from '../core/error.ts'
import type { Clocks } from '../stream/clocks.ts'
import { readAfterBreak } from './after-break.ts'
import { resolveApiKey } from './api-key.ts'
import { resolveBaseUrl } from './base-url.ts'
import { readGenerateArgs } from './generate-args.ts'
import { readHeaders } from './option-headers.ts'
import * as kind from './option-kinds.ts'
import { agreed, OptionReader } from './option-reader.ts'
import type { OptionContext, OwnOption, ProviderData, ResolvedOptions } from './options.ts'
import { warnOfUnread } from './unread-options.ts'

/**
 * Checks every option, fills in what was left out from the environment and the provider's data, and warns of what has
 * no effect. Throws `ConfigError` for a missing or unsendable key, a wrong type or address, or a contradiction; no error
 * and no warning ever shows a string that was given.
 */
export function resolveOptions<Accent>(
  data: ProviderData<Accent>,
  raw: object,
  context: OptionContext = {},
): ResolvedOptions {
  const environment = context.environment ?? process.env
  const warn = context.warn ?? emitWarning
  const provider = data.provider
  const own = new Set<OwnOption>(data.ownOptions)
  const options = new OptionReader(provider, raw)
  const client = clientOptions(options)
  const network = client.inside('httpOptions')
  const names = readNames(options, provider, warn)
  const resolved: ResolvedOptions = {
    ...names,
    stream: options.read('stream', kind.flag) ?? false,
    generateArgs: readGenerateArgs(options, provider, own),
    maxRetries: readBoth(provider, options, client, 'maxRetries', kind.count) ?? 2,
    clocks: readClocks(options, provider, client, network),
    fetch: options.read('fetch', kind.handler),
    onBrokenFrame: options.read('onBrokenFrame', kind.brokenFrame) ?? 'stop',
    maxReplyBytes: options.read('maxReplyBytes', kind.bytes) ?? 512 * 1024 * 1024,
    structuredOutput: options.read('structuredOutput', kind.structuredWay),
    repairRounds: options.read('repairRounds', kind.count) ?? 0,
    apiKey: resolveApiKey(data, readBoth(provider, options, client, 'apiKey', kind.anyText), environment),
    baseUrl: resolveBaseUrl(data, readAddress(options, client, network, provider, own), environment),
    headers: readHeaders(options, client, network, data, environment),
  }
  const afterBreak = readAfterBreak(options, provider, { ...context, warn })
  if (afterBreak !== undefined) resolved.afterBreak = afterBreak
  options.read('prefill', kind.prefill)
  for (const name of ['thinkTags', 'useOpenaiFormatter'] as const) if (own.has(name)) options.see(name)
  options.see('modelType')
  warnOfUnread(provider, [...options.unread(), ...client.unread(), ...network.unread()], data.ownOptions ?? [], warn)
  return resolved
}

/** Where warnings go when nobody else takes them: the process. */
export function emitWarning(message: string): void {
  process.emitWarning(message, 'AgentScopeWarning')
}

/** `clientArgs`, or `clientKwargs` as AgentScope's Anthropic wrapper calls it. */
function clientOptions(options: OptionReader): OptionReader {
  const kwargs = options.reading('clientKwargs', kind.settings)
  return kwargs === undefined ? options.inside('clientArgs') : options.inside('clientKwargs')
}

function readNames(options: OptionReader, provider: string, warn: (message: string) => void) {
  const configName = options.read('configName', kind.text)
  const modelName = options.read('modelName', kind.text)
  if (modelName !== undefined) return { configName: configName ?? modelName, modelName }
  if (configName === undefined) {
    throw new ConfigError(`${provider}: there is no modelName.`, {
      provider,
      advice: `Give modelName (model_name), the provider's name for the model.`,
    })
  }
  warn(`${provider}: modelName is missing; the config name "${configName}" is used as the model's name.`)
  return { configName, modelName: configName }
}

function readBoth<T>(
  provider: string,
  options: OptionReader,
  client: OptionReader,
  name: string,
  values: kind.Kind<T>,
): T | undefined {
  return agreed(provider, [options.reading(name, values), client.reading(name, values)])
}

function readAddress(
  options: OptionReader,
  client: OptionReader,
  network: OptionReader,
  provider: string,
  own: ReadonlySet<OwnOption>,
) {
  const readings = [
    options.reading('baseUrl', kind.text),
    options.reading('apiBase', kind.text),
    own.has('host') ? options.reading('host', kind.text) : undefined,
    client.reading('baseUrl', kind.text),
    network.reading('baseUrl', kind.text),
  ]
  agreed(provider, readings)
  return readings.find((reading) => reading !== undefined)
}

/** `timeout` of a vendor's client is in seconds (in `httpOptions`, Gemini's, in milliseconds); a clock named here wins. */
function readClocks(options: OptionReader, provider: string, client: OptionReader, network: OptionReader) {
  const written = options.inside('clocks')
  const clocks: Partial<Clocks> = {}
  const seconds = client.read('timeout', kind.duration)
  const headersMs = network.read('timeout', kind.duration) ?? (seconds === undefined ? undefined : seconds * 1000)
  if (headersMs !== undefined) clocks.headersMs = headersMs
  for (const [name, values] of Object.entries(kind.clocks)) {
    const value = written.read(name, values)
    if (value !== undefined) Object.assign(clocks, { [name]: value })
  }
  const [unknown] = written.unread()
  if (unknown === undefined) return clocks
  throw new ConfigError(`${provider}: ${unknown.as} is no clock.`, {
    provider,
    advice: `The clocks are ${Object.keys(kind.clocks).join(', ')}; times are in milliseconds.`,
  })
}
