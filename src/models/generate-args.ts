// Generation options, with those that a provider lets stand beside them.
import { ConfigError } from '../core/error.ts'
import * as kind from './option-kinds.ts'
import { agreed, OptionReader } from './option-reader.ts'
import type { OwnOption } from './options.ts'

const addressNames = ['apiKey', 'apiBase', 'baseUrl', 'headers', 'clientArgs', 'clientKwargs'] as const

/**
 * Takes in what a provider lets stand beside `generateArgs`: Ollama's `options` and `keepAlive`, Anthropic's
 * `maxTokens`. Throws `ConfigError` for a key or an address inside, because everything inside is sent.
 */
export function readGenerateArgs(options: OptionReader, provider: string, own: ReadonlySet<OwnOption>) {
  const generateArgs = { ...options.read('generateArgs', kind.settings) }
  const inside = new OptionReader(provider, generateArgs, 'generateArgs.')
  const misplaced = addressNames.map((name) => inside.written(name)).find((place) => place !== undefined)
  if (misplaced !== undefined) {
    throw new ConfigError(`${provider}: ${misplaced} is no generation option and would be sent with the request.`, {
      provider,
      advice: 'Write it beside generateArgs, not inside.',
    })
  }
  const beside = (name: OwnOption, wireName: string, values: kind.Kind<unknown>) => {
    if (!own.has(name)) return
    const value = agreed(provider, [inside.reading(name, values), options.reading(name, values)])
    delete generateArgs[name]
    if (value !== undefined) generateArgs[wireName] = value
  }
  beside('maxTokens', 'max_tokens', kind.positiveCount)
  beside('keepAlive', 'keep_alive', kind.textOrNumber)
  if (own.has('options')) {
    const given = options.read('options', kind.settings)
    if (given !== undefined) generateArgs['options'] = { ...inside.read('options', kind.settings), ...given }
  }
  return generateArgs
}
