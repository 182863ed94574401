// Parsers on real responses over loopback: streamed, whole, half read, cut off and broken.
import { afterEach, describe, expect, it } from 'vitest'
import { AgentScopeError } from '../../src/core/error.ts'
import {
  JsonParsingError,
  MarkdownCodeBlockParser,
  MarkdownJsonDictParser,
  MultiTaggedContentParser,
  RegexTaggedContentParser,
  TagNotFoundError,
} from '../../src/parsers/index.ts'
import { type Model, type Simulator, simulator } from '../../src/simulator/index.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'

let simulated: Simulator | undefined

afterEach(async () => simulated?.close())

async function answer(model: Model, stream = true, wire: Wire = 'openai') {
  simulated = await simulator({ models: { m: model } })
  const wrapper = wrapperFor(wire, { modelName: 'm', baseUrl: simulated.baseUrl(wire), stream })
  return wrapper.call([{ role: 'user', content: 'Answer!' }])
}

const json = '```json\n{"speak": "你好"}\n```'

describe.each([true, false])('Parsers accept a streamed response, and a whole one (stream: %s): one', (stream) => {
  it.each(wires)('of %s is read to its end and then parsed, and the response stays as it was', async (wire) => {
    const response = await answer({ text: json, thinking: 'Hm.' }, stream, wire)
    const read = await new MarkdownJsonDictParser().parse(response)
    expect(read).toMatchObject({ text: json, parsed: { speak: '你好' } })
    expect(read.response).toBe(response)
    expect(response.text).toBe(json)
    expect(await response.getText()).toBe(json)
  })

  it.each([
    ['opening', '{"speak": "你好"}\n```'],
    ['closing', '```json\n{"speak": "你好"}'],
  ])('whose %s fence was forgotten is repaired', async (_, text) => {
    const { parsed } = await new MarkdownJsonDictParser().parse(await answer({ text }, stream))
    expect(parsed).toEqual({ speak: '你好' })
  })

  it('can be parsed in two ways', async () => {
    const response = await answer({ text: '<say>hi</say>\n```py\nx = 1\n```' }, stream)
    expect((await new RegexTaggedContentParser().parse(response)).parsed).toEqual({ say: 'hi' })
    expect((await new MarkdownCodeBlockParser({ language: 'py' }).parse(response)).parsed).toBe('x = 1')
  })

  it('that the provider cut off is not completed', async () => {
    const tagged = new MultiTaggedContentParser({ tags: [{ name: 'say', contentHint: '' }] })
    const cut = { text: '<say>Hello wo', finish: 'length' } as const
    await expect(tagged.parse(await answer(cut, stream))).rejects.toThrow(TagNotFoundError)
    await simulated?.close()
    const code = new MarkdownCodeBlockParser({ language: 'py' })
    await expect(code.parse(await answer({ text: '```py\nx =', finish: 'length' }, stream))).rejects.toThrow(/```/)
    await simulated?.close()
    const object = new MarkdownJsonDictParser().parse(await answer({ text: '{"a": "b', finish: 'length' }, stream))
    await expect(object).rejects.toThrow(JsonParsingError)
  })
})

it('a response that somebody has read in part is read on', async () => {
  const response = await answer({ text: ['```json\n{"a"', ': 1}', '\n```'] })
  for await (const event of response.events) {
    if (event.type !== 'text-delta') continue
    expect((await new MarkdownJsonDictParser().parse(response)).parsed).toEqual({ a: 1 })
  }
})

it('a response that breaks rejects with the error of the reply, not of the parser', async () => {
  const response = await answer({ text: ['{"a"', ': 1'], end: 'reset' })
  const failure = await new MarkdownJsonDictParser().parse(response).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AgentScopeError)
  expect(failure).toMatchObject({ partialText: '{"a": 1' })
  expect((failure as AgentScopeError).type).not.toBe('structured-output')
})
