import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/core/error.ts'
import { anthropic } from '../../src/models/anthropic.ts'
import { gemini } from '../../src/models/gemini.ts'
import { ollama } from '../../src/models/ollama.ts'
import { openai } from '../../src/models/openai.ts'
import { type ProviderData, resolveOptions } from '../../src/models/options.ts'
import { listening, thrown } from './warnings.ts'

const key = { OPENAI_API_KEY: 'sk-env', ANTHROPIC_API_KEY: 'sk-env', GOOGLE_API_KEY: 'sk-env' }

function resolve(raw: object, data: ProviderData = openai) {
  const context = listening(key)
  return { ...resolveOptions(data, { modelName: 'm', ...raw }, context), warnings: context.warnings }
}

describe('spelling', () => {
  const handler = async () => new Response()
  const spellings: [string, string, unknown, string, unknown][] = [
    ['configName', 'config_name', 'one', 'configName', 'one'],
    ['modelName', 'model_name', 'gpt-x', 'modelName', 'gpt-x'],
    ['apiKey', 'api_key', 'sk-own', 'apiKey', 'sk-own'],
    ['baseUrl', 'base_url', 'https://host/v9', 'baseUrl', 'https://host/v9'],
    ['apiBase', 'api_base', 'https://host/v9', 'baseUrl', 'https://host/v9'],
    ['stream', 'stream', true, 'stream', true],
    ['generateArgs', 'generate_args', { top_p: 0.5 }, 'generateArgs', { top_p: 0.5 }],
    ['maxRetries', 'max_retries', 0, 'maxRetries', 0],
    ['onBrokenFrame', 'on_broken_frame', 'skip', 'onBrokenFrame', 'skip'],
    ['headers', 'headers', { 'X-A': 'b' }, 'headers', { 'x-a': 'b' }],
    ['clocks', 'clocks', { stallMs: 5, pingsAreProgress: true }, 'clocks', { stallMs: 5, pingsAreProgress: true }],
    ['organization', 'organization', 'org-1', 'headers', { 'openai-organization': 'org-1' }],
    ['clientArgs', 'client_args', { max_retries: 7 }, 'maxRetries', 7],
    ['clientKwargs', 'client_kwargs', { maxRetries: 7 }, 'maxRetries', 7],
    ['fetch', 'fetch', handler, 'fetch', handler],
  ]

  it.each(spellings)('%s may be written %s and means the same', (camel, snake, value, field, expected) => {
    for (const name of [camel, snake]) {
      const context = listening(key)
      const model = camel === 'modelName' ? {} : { modelName: 'm' }
      const resolved = resolveOptions(openai, { ...model, [name]: value }, context)
      expect(resolved[field as keyof typeof resolved]).toEqual(expected)
      expect(context.warnings).toEqual([])
    }
  })

  it('refuses one option in two spellings with two values, naming both', () => {
    const error = thrown(() => resolve({ generateArgs: { top_p: 1 }, generate_args: { top_p: 0 } }))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(/openai: generateArgs and generate_args .* do not have the same value/)
  })

  it('accepts one option in two spellings with the same value', () => {
    expect(
      resolve({ baseUrl: 'https://h', base_url: 'https://h', clientArgs: { base_url: 'https://h' } }).baseUrl,
    ).toBe('https://h')
  })

  it('refuses an address that says another thing in client_args', () => {
    const error = thrown(() => resolve({ baseUrl: 'https://one', client_args: { base_url: 'https://two' } }))
    expect(error.message).toContain('baseUrl and client_args.base_url')
  })

  it("takes null for not written, as Python's None comes out of JSON", () => {
    const resolved = resolve({
      api_key: null,
      organization: null,
      client_args: null,
      generate_args: null,
      stream: null,
    })
    expect(resolved).toMatchObject({ apiKey: 'sk-env', stream: false, generateArgs: {}, headers: {}, warnings: [] })
  })
})

describe('wrong kinds', () => {
  const canary = 'canary-7f3a-must-not-show'
  const wrong: [string, unknown, RegExp][] = [
    ['stream', canary, /openai: stream must be true or false, got a string of \d+ characters/],
    ['stream', 1, /stream must be true or false, got the number 1/],
    ['modelName', 7, /modelName must be a string that is not empty, got the number 7/],
    ['modelName', ' ', /modelName must be a string that is not empty, got a string of 1 characters/],
    ['configName', [canary], /configName must be a string that is not empty, got an array/],
    ['apiKey', { canary }, /apiKey must be a string, got an object \(Object\)/],
    ['generateArgs', canary, /generateArgs must be an object, got a string/],
    ['generateArgs', [1], /generateArgs must be an object, got an array/],
    ['maxRetries', -1, /maxRetries must be a whole number of at least 0, got the number -1/],
    ['maxRetries', 1.5, /maxRetries must be a whole number/],
    ['clocks', { stallMs: 0 }, /clocks\.stallMs must be a number above 0 .*, got the number 0/],
    ['clocks', { stallMs: canary }, /clocks\.stallMs must be a number above 0 .*, got a string/],
    ['clocks', { stall: 5 }, /clocks\.stall is no clock/],
    ['clocks', { pingsAreProgress: 1 }, /clocks\.pingsAreProgress must be true or false/],
    ['fetch', canary, /fetch must be a function from Request to Promise<Response>, got a string/],
    ['onBrokenFrame', canary, /onBrokenFrame must be "stop" or "skip", got a string/],
    ['headers', canary, /headers must be an object, got a string/],
    ['headers', { 'X-A': 1 }, /headers\.X-A must be a string, got the number 1/],
    ['headers', { 'X A': canary }, /headers\.X A cannot be sent as an HTTP header/],
    ['headers', { 'X-A': `${canary}\nx` }, /headers\.X-A cannot be sent as an HTTP header/],
    ['client_args', { timeout: canary }, /client_args\.timeout must be a number above 0/],
    ['organization', 5, /organization must be a string that is not empty, got the number 5/],
    ['baseUrl', new URL('https://h'), /baseUrl must be a string that is not empty, got an object \(URL\)/],
  ]

  it.each(wrong)('%s = %j is refused by name, with what was expected and what came', (name, value, message) => {
    const error = thrown(() => resolveOptions(openai, { modelName: 'm', [name]: value }, listening(key)))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(message)
    expect(error.provider).toBe('openai')
    expect(JSON.stringify(error) + error.stack).not.toContain(canary)
  })

  it.each([['text'], [undefined], [null], [[]]])('options that are %j are refused', (options) => {
    expect(thrown(() => resolveOptions(openai, options as never, listening())).message).toMatch(
      /openai: the options must be an object, got /,
    )
  })

  it.each(['api_key', 'apiKey', 'base_url', 'headers'])(
    '%s inside generateArgs is refused: it would be sent',
    (name) => {
      const error = thrown(() => resolve({ generateArgs: { [name]: canary } }))
      expect(error.message).toContain(`generateArgs.${name} is no generation option`)
      expect(error.stack).not.toContain(canary)
    },
  )
})

describe('options without effect', () => {
  const hints: [string, RegExp][] = [
    ['modelNam', /openai: the option modelNam has no effect\. Did you mean modelName\?/],
    ['genrate_args', /Did you mean generateArgs\?/],
    ['organisation', /Did you mean organization\?/],
    ['temperature', /It is a generation option: write generateArgs: \{ temperature: \.\.\. \}/],
    ['maxTokens', /It is a generation option: write generateArgs: \{ maxTokens: \.\.\. \}/],
    ['keep_alive', /openai: the option keep_alive has no effect/],
    ['budget', /openai: the option budget has no effect\.$/],
  ]

  it.each(hints)('%s is told of in a warning, not an error', (name, message) => {
    const { warnings } = resolve({ [name]: 1 })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(message)
  })

  it('an unknown option of the vendor client is told of by its place', () => {
    expect(resolve({ client_args: { http_client: 1 } }).warnings).toEqual([
      'openai: the option client_args.http_client has no effect.',
    ])
  })

  it('model_type, as configurations have it, is no reason for a warning', () => {
    expect(resolve({ model_type: 'openai_chat' }).warnings).toEqual([])
  })
})

describe('names', () => {
  it('a missing model name falls back to the config name, with a warning', () => {
    const context = listening(key)
    const resolved = resolveOptions(openai, { config_name: 'gpt-4o' }, context)
    expect(resolved).toMatchObject({ configName: 'gpt-4o', modelName: 'gpt-4o' })
    expect(context.warnings).toEqual([
      expect.stringContaining('modelName is missing; the config name "gpt-4o" is used'),
    ])
  })

  it('a missing config name is the model name', () => {
    expect(resolve({}).configName).toBe('m')
  })

  it('without both names there is an error', () => {
    expect(thrown(() => resolveOptions(openai, {}, listening(key))).message).toBe('openai: there is no modelName.')
  })
})

describe("the vendors' client options", () => {
  it('give the address, the patience, the headers and the retries', () => {
    const resolved = resolve({
      client_args: { base_url: 'https://h/v1/', timeout: 2.5, default_headers: { 'X-A': '1' }, max_retries: 0 },
      headers: { 'x-a': '2' },
    })
    expect(resolved).toMatchObject({
      baseUrl: 'https://h/v1',
      clocks: { headersMs: 2500 },
      headers: { 'x-a': '2' },
      maxRetries: 0,
      warnings: [],
    })
  })

  it('a clock named by itself wins over the client timeout', () => {
    expect(resolve({ client_args: { timeout: 9 }, clocks: { headersMs: 5 } }).clocks).toEqual({ headersMs: 5 })
  })

  it("Gemini's http_options count, in milliseconds", () => {
    const http_options = { base_url: 'https://h', timeout: 900, headers: { 'X-A': '1' } }
    expect(resolve({ client_args: { http_options } }, gemini)).toMatchObject({
      baseUrl: 'https://h/v1beta',
      clocks: { headersMs: 900 },
      headers: { 'x-a': '1' },
      warnings: [],
    })
  })

  it('the organization comes from the environment too, and only for OpenAI', () => {
    const env = { ...key, OPENAI_ORG_ID: 'org-2' }
    const headers = (data: ProviderData) => resolveOptions(data, { modelName: 'm' }, listening(env)).headers
    expect(headers(openai)).toEqual({ 'openai-organization': 'org-2' })
    expect(headers(anthropic)).toEqual({})
  })
})

describe('generation options that stand beside generateArgs', () => {
  it("Ollama's options and keep_alive go where its request has them", () => {
    const written = { options: { num_ctx: 8 }, keep_alive: '1h', generate_args: { options: { seed: 1 }, think: true } }
    expect(resolve(written, ollama)).toMatchObject({
      generateArgs: { options: { seed: 1, num_ctx: 8 }, keep_alive: '1h', think: true },
      warnings: [],
    })
  })

  it("Anthropic's maxTokens is its max_tokens", () => {
    expect(resolve({ maxTokens: 9 }, anthropic).generateArgs).toEqual({ max_tokens: 9 })
    expect(resolve({ max_tokens: 9 }, anthropic).generateArgs).toEqual({ max_tokens: 9 })
  })

  it('and saying it twice with two values is refused', () => {
    const error = thrown(() => resolve({ maxTokens: 9, generateArgs: { max_tokens: 8 } }, anthropic))
    expect(error.message).toContain('anthropic: generateArgs.max_tokens and maxTokens')
  })

  it('leave the object that was given as it was', () => {
    const generateArgs = { think: true }
    resolve({ generateArgs, options: { a: 1 } }, ollama)
    expect(generateArgs).toEqual({ think: true })
  })
})
