// speak() of a model's response that somebody has read before, over real loopback HTTP.
import { afterEach, describe, expect, it } from 'vitest'
import { AbortedError, StreamConsumedError, WireError } from '../../src/core/error.ts'
import { OpenAIChatWrapper } from '../../src/models/index.ts'
import type { ModelResponse } from '../../src/models/response.ts'
import { type Script, type Simulator, simulator } from '../../src/simulator/index.ts'
import { Parrot, quietScope } from './listening.ts'

let simulated: Simulator | undefined

afterEach(async () => simulated?.close())

const script: Script = { thinking: 'Hm.', text: ['Look', ':'], toolCalls: [{ name: 'look', input: { at: 'Rome' } }] }

async function responseTo(said: Script, stream: boolean): Promise<ModelResponse> {
  simulated = await simulator({ models: { m: said } })
  const options = { modelName: 'm', apiKey: 'k', baseUrl: simulated.baseUrl('openai'), stream, maxRetries: 0 }
  return new OpenAIChatWrapper(options).call([{ role: 'user', content: 'Hi!' }])
}

describe.each([true, false])('with stream: %s, a response whose text was taken', (stream) => {
  it('is said whole: its thoughts, its calls, its ending, under its own id', async () => {
    const response = await responseTo(script, stream)
    await response.getText()
    const { scope, heard } = quietScope()
    const said = await new Parrot({ scope }).say(response)
    const { id, content, ending, usage, metadata } = response.message
    expect(said).toMatchObject({ id, name: 'Friday', content, ending, usage })
    expect(said.metadata).toEqual(metadata)
    expect(content).toMatchObject([{ type: 'thinking' }, { type: 'text' }, { type: 'tool_use', name: 'look' }])
    expect({ ...heard.message(), timestamp: said.timestamp }).toEqual(said)
  })

  it('is said the same through its stream', async () => {
    const response = await responseTo(script, stream)
    await response.getText()
    const said = await new Parrot({ scope: quietScope().scope }).say(response.stream ?? response)
    expect(said).toMatchObject({ id: response.id, content: response.message.content })
  })
})

it('a response whose text broke off is said as far as it came, and fails with the same error', async () => {
  const response = await responseTo({ text: ['Half', ' an'], end: 'cut' }, true)
  const error = await response.getText().catch((failure) => failure)
  const { scope, heard } = quietScope()
  await expect(new Parrot({ scope }).say(response)).rejects.toBe(error)
  expect(error).toBeInstanceOf(WireError)
  expect(heard.message()).toMatchObject({ content: [{ text: 'Half an' }], ending: { reason: 'truncated' } })
})

it('a response that was cancelled is said as stopped, and rejects with AbortedError', async () => {
  const response = await responseTo({ text: ['Half', ' an'], end: 'silence' }, true)
  await response.cancel()
  const { scope, heard } = quietScope()
  await expect(new Parrot({ scope }).say(response)).rejects.toBeInstanceOf(AbortedError)
  expect(heard.events.at(-1)).toMatchObject({ type: 'message-end', ending: { reason: 'aborted', complete: false } })
})

it('a response that somebody is in the middle of reading cannot be said', async () => {
  const response = await responseTo({ text: ['Half', ' an'], end: 'silence' }, true)
  for await (const [, text] of response.stream!) {
    expect(text).toBe('Half')
    await expect(new Parrot({ scope: quietScope().scope }).say(response)).rejects.toBeInstanceOf(StreamConsumedError)
    break
  }
})
