import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { gemini } from '../../src/models/gemini.ts'
import { ollama } from '../../src/models/ollama.ts'
import { openai } from '../../src/models/openai.ts'
import { type ProviderData, resolveOptions } from '../../src/models/options.ts'
import { listening, thrown } from './warnings.ts'

function addressOf(data: ProviderData, baseUrl?: unknown, environment: Record<string, string> = {}) {
  return resolveOptions(data, { modelName: 'm', apiKey: 'sk-1', baseUrl }, listening(environment)).baseUrl
}

describe('the address', () => {
  it('comes from the option, else the environment, else it is the public one', () => {
    const environment = { OPENAI_BASE_URL: 'https://env/v1' }
    expect(addressOf(openai, 'https://option/v1', environment)).toBe('https://option/v1')
    expect(addressOf(openai, undefined, environment)).toBe('https://env/v1')
    expect(addressOf(openai, undefined, { OPENAI_BASE_URL: '' })).toBe('https://api.openai.com/v1')
  })

  const forms: [string, string][] = [
    ['https://h/v1/', 'https://h/v1'],
    ['https://h//', 'https://h'],
    ['HTTP://Host:80/V1', 'http://host/V1'],
    [' http://h:8000 ', 'http://h:8000'],
    ['http://[::1]:8000/v1', 'http://[::1]:8000/v1'],
  ]

  it.each(forms)('%j is used as %s', (written, used) => {
    expect(addressOf(openai, written)).toBe(used)
  })

  const refused: [string, RegExp][] = [
    ['api.canary.com/v1', /baseUrl must be an http:\/\/ or https:\/\/ address, got a string of 17 characters/],
    ['localhost:8000/canary', /must be an http:/],
    ['sk-canary-1234', /must be an http:/],
    ['ftp://canary/v1', /must be an http:/],
    ['https://', /must be an http:/],
    ['https://user:canary@h/v1', /must not hold a user name or password/],
    ['https://canary@h/v1', /must not hold a user name or password/],
    ['https://h/v1?key=canary', /must not hold a query/],
    ['https://h/v1#canary', /must not hold a query/],
  ]

  it.each(refused)('%j is refused without being shown', (written, message) => {
    const error = thrown(() => addressOf(openai, written))
    expect(error.message).toMatch(message)
    expect(inspect(error) + JSON.stringify(error)).not.toContain('canary')
  })

  it('names the variable when that is wrong', () => {
    const error = thrown(() => addressOf(openai, undefined, { OPENAI_BASE_URL: 'nowhere' }))
    expect(error.message).toMatch(/^openai: OPENAI_BASE_URL must be/)
  })
})

describe("Ollama's address", () => {
  const forms: [string, string][] = [
    ['127.0.0.1:11500', 'http://127.0.0.1:11500'],
    ['localhost', 'http://localhost:11434'],
    ['my-box.local:80', 'http://my-box.local'],
    [':11500', 'http://127.0.0.1:11500'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:11500', 'http://127.0.0.1:11500'],
    ['http://0.0.0.0:11500', 'http://127.0.0.1:11500'],
    ['[::]:11500', 'http://[::1]:11500'],
    ['::', 'http://[::1]:11434'],
    ['::1', 'http://[::1]:11434'],
    ['box/ollama/', 'http://box:11434/ollama'],
    ['https://ollama.com', 'https://ollama.com'],
    ['http://box', 'http://box'],
  ]

  it.each(forms)('OLLAMA_HOST=%s means %s', (written, used) => {
    expect(addressOf(ollama, undefined, { OLLAMA_HOST: written })).toBe(used)
    expect(addressOf(ollama, written)).toBe(used)
    const host = resolveOptions(ollama, { modelName: 'm', host: written }, listening())
    expect(host.baseUrl).toBe(used)
  })

  it.each(['a b', 'box:port', 'ftp://box', 'me:canary@box'])('%j is refused', (written) => {
    const error = thrown(() => addressOf(ollama, undefined, { OLLAMA_HOST: written }))
    expect(error.message).toMatch(/^ollama: OLLAMA_HOST must/)
    expect(inspect(error)).not.toContain('canary')
  })
})

describe("Gemini's address", () => {
  it.each([
    ['https://h', 'https://h/v1beta'],
    ['https://h/proxy/', 'https://h/proxy/v1beta'],
    ['https://h/v1beta', 'https://h/v1beta'],
    ['https://h/v1alpha/', 'https://h/v1alpha'],
    ['https://h/v1', 'https://h/v1'],
  ])('%s is completed to %s', (written, used) => {
    expect(addressOf(gemini, undefined, { GOOGLE_GEMINI_BASE_URL: written })).toBe(used)
    expect(addressOf(gemini, written)).toBe(used)
  })
})
