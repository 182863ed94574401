import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as models from '../../src/models/index.ts'
import type { ChatWrapper } from '../../src/models/wrapper.ts'
import { decoded, fetchOf } from '../suites/decode.ts'
import { wrapperFor } from '../suites/wrappers.ts'
import { keeping, requestOf } from './requests.ts'
import { listening } from './warnings.ts'

type Fetch = (request: Request) => Promise<Response>
type AnyWrapper = new (options: Record<string, unknown>, context?: models.OptionContext) => ChatWrapper

interface Row {
  type: string
  Wrapper: AnyWrapper
  model: string
  variable: string
  /** Where a streaming call goes. */
  streamUrl: string
  wholeUrl?: string
  /** The header that carries the key. */
  header: [name: string, before: string]
}

const openaiLike: [string, string] = ['authorization', 'Bearer ']
const generation = '/services/aigc/text-generation/generation'
const rows: Row[] = [
  {
    type: 'openai_chat',
    Wrapper: models.OpenAIChatWrapper as never,
    model: 'gpt-4o',
    variable: 'OPENAI_API_KEY',
    streamUrl: 'https://api.openai.com/v1/chat/completions',
    header: openaiLike,
  },
  {
    type: 'dashscope_chat',
    Wrapper: models.DashScopeChatWrapper as never,
    model: 'qwen-max',
    variable: 'DASHSCOPE_API_KEY',
    streamUrl: `https://dashscope.aliyuncs.com/api/v1${generation}`,
    header: openaiLike,
  },
  {
    type: 'gemini_chat',
    Wrapper: models.GeminiChatWrapper as never,
    model: 'gemini-2.5-pro',
    variable: 'GOOGLE_API_KEY',
    streamUrl: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse',
    wholeUrl: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent',
    header: ['x-goog-api-key', ''],
  },
  {
    type: 'zhipuai_chat',
    Wrapper: models.ZhipuAIChatWrapper as never,
    model: 'glm-4.7',
    variable: 'ZHIPUAI_API_KEY',
    streamUrl: 'https://open.bigmodel.cn/api/paas/v4/chat/completions',
    header: openaiLike,
  },
  {
    type: 'ollama_chat',
    Wrapper: models.OllamaChatWrapper as never,
    model: 'llama3.2',
    variable: 'OLLAMA_API_KEY',
    streamUrl: 'http://127.0.0.1:11434/api/chat',
    header: openaiLike,
  },
  {
    type: 'litellm_chat',
    Wrapper: models.LiteLLMChatWrapper as never,
    model: 'groq/llama-3',
    variable: 'GROQ_API_KEY',
    streamUrl: 'https://api.groq.com/openai/v1/chat/completions',
    header: openaiLike,
  },
  {
    type: 'anthropic_chat',
    Wrapper: models.AnthropicChatWrapper as never,
    model: 'claude-sonnet-4-5',
    variable: 'ANTHROPIC_API_KEY',
    streamUrl: 'https://api.anthropic.com/v1/messages',
    header: ['x-api-key', ''],
  },
]
const canary = 'sk-canary-91c2-must-not-show'

describe.each(rows)('$type', ({ type, Wrapper, model, variable, streamUrl, wholeUrl, header: [header, before] }) => {
  const written = { config_name: 'one', model_name: model, stream: true, generate_args: { temperature: 0.25 } }
  const make =
    (extra: Record<string, unknown> = {}) =>
    (fetch: Fetch) =>
      new Wrapper({ ...written, fetch, ...extra }, listening({ [variable]: canary }))

  it('sends the key from the environment to the public address', async () => {
    const request = await requestOf(make())
    expect(request.url).toBe(streamUrl)
    expect(request.headers[header]).toBe(before + canary)
  })

  it('sends the same request when it comes from a configuration', async () => {
    const { fetch, sent } = keeping()
    const config = { model_type: type, ...written, fetch }
    const context = { ...listening({ [variable]: canary }) }
    await models
      .createModels([config], context)
      .model('one')
      .call([{ role: 'user', content: 'Hi!' }])
      .catch(() => {})
    expect(sent[0]).toEqual(await requestOf(make()))
  })

  it('a call overrides stream, both ways', async () => {
    const whole = await requestOf(make(), { stream: false })
    expect(whole.url).toBe(wholeUrl ?? streamUrl)
    expect(whole).toEqual(await requestOf(make({ stream: undefined })))
    expect(await requestOf(make({ stream: undefined }), { stream: true })).toEqual(await requestOf(make()))
    expect(whole).not.toEqual(await requestOf(make()))
  })

  it('generation options of the call go over those of the wrapper', async () => {
    const request = await requestOf(make(), { generateArgs: { temperature: 0.75, top_p: 0.5 } })
    const text = JSON.stringify(request.body)
    expect(text).toContain('"temperature":0.75')
    expect(text).toMatch(/"(top_p|topP)":0.5/)
    expect(text).not.toContain('0.25')
  })

  it("the user's headers go along and win", async () => {
    const { headers } = await requestOf(make({ headers: { 'X-Team': 'blue', [header.toUpperCase()]: 'mine' } }))
    expect(headers).toMatchObject({ 'x-team': 'blue', [header]: 'mine' })
  })

  it('never shows its key', async () => {
    const wrapper = make({ api_key: canary, headers: { Authorization: canary } })(async () => new Response(null))
    const shown = [inspect(wrapper, { depth: 9, showHidden: true }), JSON.stringify(wrapper), String(wrapper)]
    expect(shown.join()).not.toContain(canary)
    expect(Object.keys(wrapper)).not.toContain('apiKey')
  })

  it('says what kind it is', () => {
    expect((Wrapper as unknown as { modelType: string }).modelType).toBe(type)
    const wrapper = make()(async () => new Response(null))
    expect([wrapper.modelType, wrapper.configName, wrapper.stream]).toEqual([type, 'one', true])
  })
})

describe('the words that OpenAI-like servers are spoken to in', () => {
  const conversation = [
    { role: 'system', name: 'system', content: 'Be terse.' },
    { role: 'user', name: 'Ann', content: '2+2?' },
    { role: 'assistant', name: 'Cal', content: '4' },
  ]
  const openai = (options: Record<string, unknown>) =>
    new models.OpenAIChatWrapper({ apiKey: 'sk-1', ...options }, listening()).format(conversation)

  it.each(['gpt-4o', 'o1', 'o3-mini', 'chatgpt-4o-latest', 'openai/gpt-4o'])(
    '%s is spoken to in parts',
    (modelName) => {
      expect(openai({ modelName })[1]).toEqual({ role: 'user', name: 'Ann', content: [{ type: 'text', text: '2+2?' }] })
    },
  )

  it.each(['qwen-max', 'llama-3', 'my-gpt-4'])('%s gets the history in one turn', (modelName) => {
    expect(openai({ modelName })).toEqual([
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: '## Conversation History\nAnn: 2+2?\nCal: 4' },
    ])
  })

  it('useOpenaiFormatter decides whatever the name', () => {
    expect(openai({ modelName: 'qwen-max', use_openai_formatter: true })).toEqual(openai({ modelName: 'gpt-4o' }))
    expect(openai({ modelName: 'gpt-4o', useOpenaiFormatter: false })).toEqual(openai({ modelName: 'qwen-max' }))
  })

  const askedForUsage = (Wrapper: AnyWrapper, modelName: string) =>
    requestOf((fetch) => new Wrapper({ modelName, apiKey: 'sk-1', stream: true, fetch }, listening()))

  it('usage is asked for where it must be, and not where it comes unasked or is refused', async () => {
    const openaiBody = (await askedForUsage(models.OpenAIChatWrapper as never, 'gpt-4o')).body
    expect(openaiBody['stream_options']).toEqual({ include_usage: true })
    expect((await askedForUsage(models.ZhipuAIChatWrapper as never, 'glm-4.7')).body).not.toHaveProperty(
      'stream_options',
    )
    const mistral = await askedForUsage(models.LiteLLMChatWrapper as never, 'mistral/mistral-large')
    expect(mistral.body).not.toHaveProperty('stream_options')
  })
})

describe('think tags', () => {
  const reply = { choices: [{ message: { content: '<think>hm</think>yes' }, finish_reason: 'stop' }] }
  const thinkingWith = async (thinkTags: unknown) => {
    const options = { modelName: 'm', apiKey: 'sk-1', thinkTags, fetch: async () => Response.json(reply) }
    const response = await new models.OpenAIChatWrapper(options as never, listening()).call([
      { role: 'user', content: 'Hi!' },
    ])
    return [response.thinking, response.text]
  }

  it('stay text unless they are asked for', async () => {
    expect(await thinkingWith(undefined)).toEqual([null, '<think>hm</think>yes'])
    expect(await thinkingWith(false)).toEqual([null, '<think>hm</think>yes'])
  })

  it('become thinking when they are, with the usual tags or with others', async () => {
    expect(await thinkingWith(true)).toEqual(['hm', 'yes'])
    expect(await thinkingWith({ open: '<think>', close: '</think>' })).toEqual(['hm', 'yes'])
  })

  it('of a wrong kind are refused', async () => {
    await expect(thinkingWith({ open: '<think>' })).rejects.toThrow(/openai: thinkTags must be true, false, or \{ open/)
  })
})

it('takes the options of the tutorial, in either spelling, as types too', () => {
  const context = listening({ DASHSCOPE_API_KEY: 'sk-1' })
  const apiKey: string | undefined = context.environment?.['DASHSCOPE_API_KEY']
  const snake = new models.DashScopeChatWrapper({
    config_name: '_',
    model_name: 'qwen-max',
    api_key: apiKey,
    stream: true,
  })
  const camel = new models.DashScopeChatWrapper({ configName: '_', modelName: 'qwen-max', apiKey, stream: true })
  expect(JSON.stringify(snake)).toBe(JSON.stringify(camel))
  const host = { model_name: 'llama3', host: 'localhost', keep_alive: '5m', options: { seed: 1 } }
  expect(new models.OllamaChatWrapper(host, context).baseUrl).toBe('http://localhost:11434')
})

it('a refused key never shows in what a call throws', async () => {
  const answer = async () => Response.json({ error: { message: `bad key ${canary}` } }, { status: 401 })
  const wrapper = new models.OpenAIChatWrapper({ modelName: 'm', apiKey: canary, fetch: answer }, listening())
  const error: unknown = await wrapper.call([{ role: 'user', content: 'Hi!' }]).catch((thrown: unknown) => thrown)
  expect(inspect(error) + JSON.stringify(error)).not.toContain(canary)
  expect(error).toMatchObject({ type: 'auth', provider: 'openai' })
})

it('honours think tags that the prompt has opened already', async () => {
  const chunk = 'data: {"choices":[{"index":0,"delta":{"content":"deep</a>hi"},"finish_reason":"stop"}]}\n\n'
  const model = wrapperFor('openai', {
    thinkTags: { open: '<a>', close: '</a>', opened: true },
    fetch: fetchOf([Buffer.from(chunk)], 'text/event-stream'),
  })
  const { response } = await decoded(model)
  expect([response.thinking, response.text]).toEqual(['deep', 'hi'])
})
