// A body without an answer never passes for a finished one, and what came is told.
import { describe, expect, test } from 'vitest'
import { decoded, fetchOf } from '../suites/decode.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

const empty: [Wire, string][] = [
  ['openai', '{"choices":[]}'],
  ['openai', '{"choices":[{}]}'],
  ['zhipuai', '{"choices":[{"message":null,"finish_reason":null}]}'],
  ['litellm', '[]'],
  ['gemini', '{"candidates":[]}'],
  ['gemini', '[]'],
  ['anthropic', '{"content":[]}'],
  ['dashscope', '{"output":{}}'],
  ['ollama', '{"message":{}}'],
  ['ollama', '{"status":"ok"}'],
]

describe.each([true, false])('with stream: %s', (stream) => {
  test.each(empty)('%s: %s is no answer', async (wire, body) => {
    const model = wrapperFor(wire, { fetch: fetchOf([Buffer.from(body)], 'application/json') })
    const run = decoded(model, { stream })
    const error = stream ? (await run).response.error : await run.then(() => undefined).catch((thrown) => thrown)
    expect(error).toMatchObject({ provider: expect.stringContaining(wire) })
    expect(error.message).toContain(body)
    if (stream) expect((await run).response.ending).toMatchObject({ reason: 'error', complete: false })
  })

  test.each(['openai', 'ollama', 'dashscope'] as const)('%s: a failure in plain words is one', async (wire) => {
    const body = '{"code":"InvalidApiKey","message":"Invalid API-key provided."}'
    const model = wrapperFor(wire, { fetch: fetchOf([Buffer.from(body)], 'application/json') })
    const run = decoded(model, { stream })
    const error = stream ? (await run).response.error : await run.then(() => undefined).catch((thrown) => thrown)
    expect(error).toMatchObject({ type: 'auth', code: 'InvalidApiKey' })
  })
})
