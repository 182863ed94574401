import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { anthropic } from '../../src/models/anthropic.ts'
import { dashscope } from '../../src/models/dashscope.ts'
import { gemini } from '../../src/models/gemini.ts'
import { ollama } from '../../src/models/ollama.ts'
import { openai } from '../../src/models/openai.ts'
import { type ProviderData, resolveOptions } from '../../src/models/options.ts'
import { zhipuai } from '../../src/models/zhipuai.ts'
import { listening, thrown } from './warnings.ts'

const variables: [string, ProviderData, string[]][] = [
  ['openai', openai, ['OPENAI_API_KEY']],
  ['dashscope', dashscope, ['DASHSCOPE_API_KEY']],
  ['gemini', gemini, ['GOOGLE_API_KEY', 'GEMINI_API_KEY']],
  ['zhipuai', zhipuai, ['ZHIPUAI_API_KEY']],
  ['anthropic', anthropic, ['ANTHROPIC_API_KEY']],
]

function keyOf(data: ProviderData, environment: Record<string, string>, apiKey?: unknown) {
  return resolveOptions(data, { modelName: 'm', apiKey }, listening(environment)).apiKey
}

describe.each(variables)('the key of %s', (name, data, names) => {
  it('comes from the option before the environment', () => {
    expect(keyOf(data, { [names[0]!]: 'sk-env' }, 'sk-option')).toBe('sk-option')
  })

  it('comes from the environment when it is not given', () => {
    for (const variable of names) expect(keyOf(data, { [variable]: 'sk-env' })).toBe('sk-env')
  })

  it('is asked for at construction, by the names of its variables', () => {
    for (const environment of [{}, { [names[0]!]: '' }]) {
      const error = thrown(() => keyOf(data, environment))
      expect(error.message).toBe(`${name}: there is no API key.`)
      expect(error.advice).toContain(names.join(' or '))
    }
  })
})

it('an empty key is no key, and is not silently replaced by another', () => {
  const error = thrown(() => keyOf(openai, { OPENAI_API_KEY: 'sk-env' }, ''))
  expect(error.message).toBe('openai: apiKey is a string of 0 characters.')
})

it('Ollama needs no key, and sends one that is there', () => {
  expect(keyOf(ollama, {})).toBeUndefined()
  expect(keyOf(ollama, {}, '')).toBeUndefined()
  expect(keyOf(ollama, { OLLAMA_API_KEY: 'ol-1' })).toBe('ol-1')
})

const unsendable: [string, string, string][] = [
  ['a line break at its end', 'sk-canary-1234\n', 'a line break'],
  ['a carriage return', 'sk-canary\r-1234', 'a line break'],
  ['a space before it', ' sk-canary-1234', 'white space'],
  ['a tab in it', 'sk-canary\t1234', 'white space'],
  ['a no-break space', 'sk-canary\u00a01234', 'white space'],
  ['a control character', 'sk-canary\u00011234', 'a control character'],
  ['a typographic dash', 'sk\u2013canary-1234', 'a character that is not Latin-1'],
]

describe.each(unsendable)('a key with %s', (_, key, what) => {
  it.each(['option', 'environment'])('from the %s is refused and not shown', (from) => {
    const error = thrown(() => (from === 'option' ? keyOf(openai, {}, key) : keyOf(openai, { OPENAI_API_KEY: key })))
    const place = from === 'option' ? 'apiKey' : 'OPENAI_API_KEY'
    expect(error.message).toBe(`openai: the key in ${place} cannot be sent: it contains ${what}.`)
    expect(inspect(error) + JSON.stringify(error)).not.toContain('canary')
  })
})
