// The half of a wire that decodes is loaded while the first request is on its way.
import { describe, expect, test } from 'vitest'
import type { LateDialect } from '../../src/dialects/dialect.ts'
import { openaiChat } from '../../src/dialects/index.ts'
import { lateOpenAIChat, type OpenAIChatAccent } from '../../src/dialects/openai-chat.asking.ts'
import { ChatWrapper, type ChatWrapperOptions, resolveOptions } from '../../src/models/index.ts'
import { wireServer } from '../suites/wire-server.ts'
import { answerOf, words } from '../suites/wire-words.ts'

type Late = LateDialect<OpenAIChatAccent>

class LateWrapper extends ChatWrapper {
  constructor(whole: Late['whole'], options: ChatWrapperOptions) {
    const data = {
      provider: 'acme',
      dialect: { ...lateOpenAIChat, whole },
      accent: { contentStyle: 'text', multiAgent: 'folded', namedMessages: false, streamOptions: true },
      keyVariables: [],
      keyRequired: false,
      baseUrlVariables: [],
      defaultBaseUrl: '',
      authorization: 'bearer',
    } as const
    super(data, resolveOptions(data, { modelName: 'anvil', stream: true, ...options }))
  }
}

const question = [{ role: 'user', content: 'Hi!' }]
const { contentType } = words.openai
const answer = { contentType, body: answerOf('openai', 'Hello') }

describe('the decoder of a wire', () => {
  test('is not waited for when a request goes out', async () => {
    await using server = await wireServer(answer)
    const load = Promise.withResolvers<void>()
    const model = new LateWrapper(() => load.promise.then(() => openaiChat), { baseUrl: server.url })
    const asked = server.next()
    const response = model.call(question)
    await asked
    load.resolve()
    expect(await (await response).getText()).toBe('Hello')
  })

  test('that cannot be loaded is told, closes the connection, and is tried again by the next call', async () => {
    await using server = await wireServer({ contentType, body: words.openai.open, end: 'open' }, answer)
    let loads = 0
    const whole = async () => {
      loads += 1
      if (loads === 1) throw new TypeError('there is no such file')
      return openaiChat
    }
    const model = new LateWrapper(whole, { baseUrl: server.url })
    const asked = server.next()
    await expect(model.call(question)).rejects.toMatchObject({
      type: 'wire',
      message: 'acme: the reply could not be decoded: there is no such file',
    })
    await (await asked).closed
    expect(await (await model.call(question)).getText()).toBe('Hello')
  })

  test('that does not come is not waited for when the call is stopped', async () => {
    await using server = await wireServer({ contentType, body: words.openai.open, end: 'open' })
    const stop = new AbortController()
    const headers = async (request: Request) => {
      const reply = await fetch(request)
      setImmediate(() => stop.abort())
      return reply
    }
    const model = new LateWrapper(() => new Promise(() => {}), { baseUrl: server.url, fetch: headers })
    const asked = server.next()
    const response = model.call(question, { signal: stop.signal })
    const request = await asked
    await expect(response).rejects.toMatchObject({ type: 'aborted' })
    await request.closed
  })
})
