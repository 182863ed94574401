// What a call may say beside its messages, and what must not travel in its request.
import { expect, test } from 'vitest'
import { fetchOf } from '../suites/decode.ts'
import { type Wire, wrapperFor } from '../suites/wrappers.ts'

const question = [{ role: 'user', content: 'Hi!' }]

/** Calls with these options and gives the request's body. */
async function sent(wire: Wire, wrapperOptions: Record<string, unknown>, callOptions: Record<string, unknown>) {
  let body: Record<string, unknown> = {}
  const answer = fetchOf([], 'text/event-stream')
  const fetch = async (request: Request) => {
    body = (await request.json()) as Record<string, unknown>
    return answer()
  }
  const response = await wrapperFor(wire, { fetch, ...wrapperOptions }).call(question, callOptions)
  await response.cancel()
  return body
}

test.each(['apiKey', 'api_key', 'api_base', 'baseUrl', 'headers', 'clocks', 'max_retries', 'fault_handler'])(
  '%s in a call is refused, and its value is not shown',
  async (name) => {
    const value = 'sk-canary-1234567890'
    const error = await sent('openai', {}, { [name]: value }).catch((thrown) => thrown)
    expect(error).toMatchObject({ type: 'input', provider: 'openai', message: expect.stringContaining(name) })
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(value)
  },
)

test("a wrapper's own spelling of an option counts in a call too", async () => {
  const body = await sent('anthropic', { maxTokens: 77 }, { maxTokens: 9 })
  expect(body).toMatchObject({ max_tokens: 9 })
  expect(body).not.toHaveProperty('maxTokens')
})

test("Ollama's options of a call are merged over the wrapper's", async () => {
  const body = await sent('ollama', { options: { seed: 1, num_ctx: 10 } }, { options: { seed: 2 } })
  expect(body['options']).toEqual({ seed: 2, num_ctx: 10 })
})

test.each([
  [null, /options of a call must be an object/],
  [{ signal: 'x' }, /signal must be an AbortSignal/],
  [{ stream: 'yes' }, /stream must be true, false or undefined/],
])('options of the wrong kind are named: %j', async (options, message) => {
  const call = wrapperFor('openai').call(question, options as never)
  await expect(call).rejects.toMatchObject({ type: 'input', message: expect.stringMatching(message) })
})
