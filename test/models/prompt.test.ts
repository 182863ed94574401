// Messages that cannot be sent are refused before anything is, with the place and the remedy.
import { describe, expect, expectTypeOf, it } from 'vitest'
import { InputError } from '../../src/core/error.ts'
import { type Block, Msg } from '../../src/core/message.ts'
import type { PromptMessage } from '../../src/models/prompt.ts'
import { type Wire, wires, wrapperFor } from '../suites/wrappers.ts'
import { keeping } from './requests.ts'

/** What a call with these messages sent, or the error that it threw before it sent anything. */
async function outcome(wire: Wire, messages: unknown): Promise<Record<string, unknown> | InputError> {
  const { fetch, sent } = keeping()
  const model = wrapperFor(wire, { fetch, baseUrl: 'http://garden.invalid' })
  const error = await model.call(messages as never).catch((thrown: unknown) => thrown)
  return sent[0]?.body ?? (error as InputError)
}

const question = { role: 'user', content: 'Hi' }
const withTools = ['openai', 'dashscope', 'zhipuai', 'ollama', 'litellm'] as const

describe.each(wires)('%s', (wire) => {
  it.each<[string, unknown]>([
    ['null', null],
    ['the number 5', 5],
    ['an object (Object)', { text: 'Hi' }],
  ])('refuses content that is %s, naming the place', async (came, content) => {
    const error = await outcome(wire, [question, { role: 'user', content }])
    expect(error).toBeInstanceOf(InputError)
    expect(error).toMatchObject({ provider: wrapperFor(wire).provider, advice: expect.stringContaining('string') })
    expect(error['message']).toContain(`messages[1]: the content must be a string or a list, got ${came}.`)
  })

  it.each<[string, unknown]>([
    ['a number as url', { type: 'image', url: 5 }],
    ['a text that is none', { type: 'text', text: null }],
    ['a call without id', { type: 'tool_use', name: 'wx', input: {} }],
    ['a result of another kind', { type: 'tool_result', id: 'c', output: 5 }],
    ['an input that is no JSON', { type: 'tool_use', id: 'c', name: 'wx', input: { n: 10n } }],
    ['a data URI with broken escapes', { type: 'image', url: 'data:image/png,%zz' }],
  ])('refuses a block with %s by a typed error', async (_, block) => {
    expect(await outcome(wire, [new Msg('Ann', [block as Block], 'user')])).toBeInstanceOf(InputError)
  })

  it('names the position in the whole list, whatever stands before', async () => {
    const blocks = [{ type: 'image', url: './no-such.png' }] as Block[]
    const error = await outcome(wire, [
      question,
      new Msg('Ann', 'Hi', 'user'),
      question,
      new Msg('Ann', blocks, 'user'),
    ])
    expect(error['message']).toContain('messages[3].content[0]: the image ./no-such.png cannot be read')
  })

  it('refuses messages of which nothing is left to send', async () => {
    expect((await outcome(wire, [new Msg('Ann', '', 'user')]))['message']).toMatch(/nothing to answer/)
  })
})

it.each(['gemini', 'anthropic'] as const)('%s is not asked with a system message alone', async (wire) => {
  const error = await outcome(wire, [{ role: 'system', content: 'Be brief.' }])
  expect(error).toBeInstanceOf(InputError)
  expect(error).toMatchObject({ advice: expect.stringContaining("role: 'user'") })
  expect(error['message']).toContain('There is nothing to answer: only a system message.')
})

it('what format makes of a lone system message is still sent on every wire', async () => {
  for (const wire of wires) {
    const prompt = wrapperFor(wire).format(new Msg('System', 'Be brief.', 'system'))
    expect(await outcome(wire, prompt)).not.toBeInstanceOf(InputError)
  }
})

describe.each(withTools)('%s keeps the calls of an assistant', (wire) => {
  const tool_calls = [{ id: 'c', type: 'function', function: { name: 'wx', arguments: '{}' } }]
  const answer = { role: 'tool', tool_call_id: 'c', content: 'sun' }

  it.each([
    ['whose content is null', { role: 'assistant', content: null, tool_calls }],
    ['without content', { role: 'assistant', tool_calls }],
  ])('%s', async (_, message) => {
    const body = (await outcome(wire, [question, message, answer])) as { input?: object }
    expect({ ...body, ...body.input }).toMatchObject({ messages: [question, message, answer] })
  })
})

it("Gemini's own parts need no content, and other wires do not take them", async () => {
  const native = { role: 'user', parts: [{ text: 'Hi' }] }
  expect(await outcome('gemini', [native])).toMatchObject({ contents: [native] })
  expect(await outcome('gemini', [{ ...native, content: null }])).toMatchObject({ contents: [native] })
  expect((await outcome('openai', [native]))['message']).toContain('messages[0] has no content')
})

it('the type of a message asks for a role and for something that it says', () => {
  expectTypeOf(new Msg('Ann', 'Hi', 'user')).toExtend<PromptMessage>()
  expectTypeOf({ role: 'user', content: 'Hi' }).toExtend<PromptMessage>()
  expectTypeOf({ role: 'tool', tool_call_id: 'c', content: 'sun' }).toExtend<PromptMessage>()
  expectTypeOf({ role: 'user', parts: [{ text: 'Hi' }] }).toExtend<PromptMessage>()
  expectTypeOf({ role: 'user' }).not.toExtend<PromptMessage>()
  expectTypeOf({ content: 'Hi' }).not.toExtend<PromptMessage>()
})
