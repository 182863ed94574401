import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { knownPrefixes, LiteLLMChatWrapper, routeModel } from '../../src/models/index.ts'
import { requestOf } from './requests.ts'
import { listening, thrown } from './warnings.ts'

function requestFor(options: Record<string, unknown>, environment: Record<string, string> = {}) {
  return requestOf((fetch) => new LiteLLMChatWrapper({ ...options, fetch }, listening(environment)))
}

const chat = '/chat/completions'
const bearer = { authorization: 'Bearer key-1' }
// model, environment, address, header, model name in the body (Gemini has it in the address)
const table: [string, string, string, Record<string, string>, string | undefined][] = [
  ['openai/gpt-4o', 'OPENAI_API_KEY', `https://api.openai.com/v1${chat}`, bearer, 'gpt-4o'],
  ['gpt-4o', 'OPENAI_API_KEY', `https://api.openai.com/v1${chat}`, bearer, 'gpt-4o'],
  ['o3-mini', 'OPENAI_API_KEY', `https://api.openai.com/v1${chat}`, bearer, 'o3-mini'],
  ['chatgpt-4o-latest', 'OPENAI_API_KEY', `https://api.openai.com/v1${chat}`, bearer, 'chatgpt-4o-latest'],
  [
    'anthropic/claude-x',
    'ANTHROPIC_API_KEY',
    'https://api.anthropic.com/v1/messages',
    { 'x-api-key': 'key-1' },
    'claude-x',
  ],
  ['claude-x', 'ANTHROPIC_API_KEY', 'https://api.anthropic.com/v1/messages', { 'x-api-key': 'key-1' }, 'claude-x'],
  [
    'gemini/gemini-x',
    'GEMINI_API_KEY',
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent',
    { 'x-goog-api-key': 'key-1' },
    undefined,
  ],
  [
    'gemini-x',
    'GOOGLE_API_KEY',
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent',
    { 'x-goog-api-key': 'key-1' },
    undefined,
  ],
  ['ollama/llama3', 'OLLAMA_API_KEY', 'http://127.0.0.1:11434/api/chat', bearer, 'llama3'],
  ['ollama_chat/llama3', 'OLLAMA_API_KEY', 'http://127.0.0.1:11434/api/chat', bearer, 'llama3'],
  [
    'dashscope/qwen-max',
    'DASHSCOPE_API_KEY',
    'https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation',
    bearer,
    'qwen-max',
  ],
  ['zai/glm-4.7', 'ZAI_API_KEY', `https://api.z.ai/api/paas/v4${chat}`, bearer, 'glm-4.7'],
  ['zhipuai/glm-4.7', 'ZHIPUAI_API_KEY', `https://open.bigmodel.cn/api/paas/v4${chat}`, bearer, 'glm-4.7'],
  ['deepseek/deepseek-chat', 'DEEPSEEK_API_KEY', `https://api.deepseek.com/v1${chat}`, bearer, 'deepseek-chat'],
  ['groq/llama-3', 'GROQ_API_KEY', `https://api.groq.com/openai/v1${chat}`, bearer, 'llama-3'],
  ['mistral/mistral-large', 'MISTRAL_API_KEY', `https://api.mistral.ai/v1${chat}`, bearer, 'mistral-large'],
  ['openrouter/org/model', 'OPENROUTER_API_KEY', `https://openrouter.ai/api/v1${chat}`, bearer, 'org/model'],
  ['xai/grok-4', 'XAI_API_KEY', `https://api.x.ai/v1${chat}`, bearer, 'grok-4'],
  ['moonshot/kimi-k2', 'MOONSHOT_API_KEY', `https://api.moonshot.ai/v1${chat}`, bearer, 'kimi-k2'],
  ['together_ai/org/model', 'TOGETHERAI_API_KEY', `https://api.together.xyz/v1${chat}`, bearer, 'org/model'],
  ['together_ai/org/model', 'TOGETHER_API_KEY', `https://api.together.xyz/v1${chat}`, bearer, 'org/model'],
  [
    'fireworks_ai/glm',
    'FIREWORKS_API_KEY',
    `https://api.fireworks.ai/inference/v1${chat}`,
    bearer,
    'accounts/fireworks/models/glm',
  ],
  [
    'fireworks_ai/accounts/me/models/glm',
    'FIREWORKS_AI_API_KEY',
    `https://api.fireworks.ai/inference/v1${chat}`,
    bearer,
    'accounts/me/models/glm',
  ],
]

describe('without a proxy', () => {
  it.each(table)('%s with %s goes to %s', async (modelName, variable, url, headers, name) => {
    const request = await requestFor({ modelName }, { [variable]: 'key-1' })
    expect(request.url).toBe(url)
    expect(request.headers).toMatchObject(headers)
    expect(request.body['model']).toBe(name)
  })

  it('every known prefix is in the table above or has an address of its own', () => {
    const tried = table.map(([model]) => model.split('/')[0])
    expect(knownPrefixes.filter((prefix) => !tried.includes(prefix))).toEqual(['hosted_vllm', 'litellm_proxy'])
  })

  const addresses: [string, string, string, string][] = [
    ['openai/m', 'OPENAI_API_BASE', 'http://h:1/v1', `http://h:1/v1${chat}`],
    ['openai/m', 'OPENAI_BASE_URL', 'http://h:1/v1', `http://h:1/v1${chat}`],
    ['anthropic/m', 'ANTHROPIC_API_BASE', 'http://h:1', 'http://h:1/v1/messages'],
    ['gemini/m', 'GEMINI_API_BASE', 'http://h:1', 'http://h:1/v1beta/models/m:generateContent'],
    ['ollama/m', 'OLLAMA_API_BASE', 'http://h:1', 'http://h:1/api/chat'],
    ['ollama/m', 'OLLAMA_HOST', 'h:1', 'http://h:1/api/chat'],
    ['zai/m', 'ZAI_API_BASE', 'http://h:1', `http://h:1${chat}`],
    ['deepseek/m', 'DEEPSEEK_API_BASE', 'http://h:1', `http://h:1${chat}`],
    ['groq/m', 'GROQ_API_BASE', 'http://h:1', `http://h:1${chat}`],
    ['mistral/m', 'MISTRAL_API_BASE', 'http://h:1', `http://h:1/v1${chat}`],
    ['openrouter/m', 'OPENROUTER_API_BASE', 'http://h:1', `http://h:1${chat}`],
    ['xai/m', 'XAI_API_BASE', 'http://h:1', `http://h:1${chat}`],
    ['moonshot/m', 'MOONSHOT_API_BASE', 'http://h:1', `http://h:1${chat}`],
    ['together_ai/m', 'TOGETHER_AI_API_BASE', 'http://h:1', `http://h:1${chat}`],
    ['fireworks_ai/m', 'FIREWORKS_API_BASE', 'http://h:1', `http://h:1${chat}`],
    ['hosted_vllm/m', 'HOSTED_VLLM_API_BASE', 'http://h:1/v1', `http://h:1/v1${chat}`],
  ]

  it.each(addresses)('%s is found where %s says', async (modelName, variable, address, url) => {
    expect((await requestFor({ modelName, apiKey: 'key-1' }, { [variable]: address })).url).toBe(url)
  })

  it('an api_key in the options is used, which AgentScope ignored, and one in generate_args too', async () => {
    for (const options of [{ api_key: 'key-1' }, { generate_args: { api_key: 'key-1', top_p: 1 } }]) {
      const request = await requestFor({ model_name: 'groq/m', ...options })
      expect(request.headers).toMatchObject(bearer)
      expect(JSON.stringify(request.body)).not.toContain('key-1')
    }
  })

  it('a provider keeps its own options', async () => {
    const ollama = await requestFor({ modelName: 'ollama/m', keep_alive: '1h', options: { num_ctx: 8 } })
    expect(ollama.body).toMatchObject({ keep_alive: '1h', options: { num_ctx: 8 } })
    const claude = await requestFor({ modelName: 'claude-x', apiKey: 'key-1', maxTokens: 7 })
    expect(claude.body).toMatchObject({ max_tokens: 7 })
  })

  it("a server of one's own is found by apiBase, and gets the name without its prefix", async () => {
    const vllm = await requestFor({ modelName: 'hosted_vllm/org/m', apiBase: 'http://h:1/v1' })
    expect([vllm.url, vllm.body['model']]).toEqual([`http://h:1/v1${chat}`, 'org/m'])
    expect(vllm.headers).not.toHaveProperty('authorization')
    const ollama = await requestFor({ modelName: 'ollama/m', generate_args: { api_base: 'http://h:1' } })
    expect([ollama.url, ollama.body['model']]).toEqual(['http://h:1/api/chat', 'm'])
  })
})

describe('with a proxy', () => {
  const address = 'http://proxy:4000'

  it.each(['gpt-4o', 'anthropic/claude-x', 'nobody/knows', 'my-model', 'gemini/g'])(
    '%s goes there by that name',
    async (modelName) => {
      const given: [Record<string, unknown>, Record<string, string>][] = [
        [{ apiBase: address, apiKey: 'key-1' }, {}],
        [{ base_url: `${address}/`, apiKey: 'key-1' }, {}],
        [{ client_args: { base_url: address }, apiKey: 'key-1' }, {}],
        [{ generate_args: { api_base: address, api_key: 'key-1' } }, {}],
        [{}, { LITELLM_PROXY_API_BASE: address, LITELLM_PROXY_API_KEY: 'key-1' }],
      ]
      for (const [options, environment] of given) {
        const request = await requestFor({ modelName, ...options }, environment)
        expect([request.url, request.body['model']]).toEqual([address + chat, modelName])
        expect(request.headers).toMatchObject(bearer)
      }
    },
  )

  it('litellm_proxy/ before the name asks for the proxy and is not part of it', async () => {
    const request = await requestFor({ modelName: 'litellm_proxy/groq/m' }, { LITELLM_PROXY_API_BASE: address })
    expect([request.url, request.body['model']]).toEqual([address + chat, 'groq/m'])
    const error = thrown(() => new LiteLLMChatWrapper({ modelName: 'litellm_proxy/m' }, listening()))
    expect(`${error.message} ${error.advice}`).toMatch(/litellm: there is no address .*LITELLM_PROXY_API_BASE/)
  })

  it('needs no key', async () => {
    const request = await requestFor({ modelName: 'm', apiBase: address }, { OPENAI_API_KEY: 'key-1' })
    expect(request.headers).not.toHaveProperty('authorization')
  })
})

describe('names that lead nowhere', () => {
  const wrong: [string, RegExp][] = [
    ['grok/llama', /litellm: "grok" is no known provider\. Did you mean "groq"\?/],
    ['azure/gpt-4o', /litellm: "azure" is no known provider/],
    ['llama3', /litellm: "llama3" names no provider/],
    ['groq/', /litellm: "groq\/" names no model/],
    ['/m', /litellm: "" is no known provider/],
    ['constructor/m', /litellm: "constructor" is no known provider/],
  ]

  it.each(wrong)('%s is refused with the list of prefixes', (modelName, message) => {
    const error = thrown(() => routeModel(modelName, {}, listening()))
    expect(error.message).toMatch(message)
    for (const prefix of knownPrefixes) expect(error.message).toContain(prefix)
  })

  it('no name at all is refused', () => {
    expect(thrown(() => new LiteLLMChatWrapper({}, listening())).message).toBe('litellm: there is no modelName.')
  })

  it('a missing key is named by the variables of the provider behind', () => {
    const error = thrown(() => routeModel('together_ai/m', {}, listening()))
    expect(error.message).toBe('litellm/together_ai: there is no API key.')
    expect(error.advice).toContain('TOGETHERAI_API_KEY or TOGETHER_API_KEY')
  })
})

it('routeModel makes the wrapper for a name from the command line', async () => {
  const request = await requestOf((fetch) => routeModel('xai/grok-4', { apiKey: 'key-1', fetch }, listening()))
  expect(request.url).toBe(`https://api.x.ai/v1${chat}`)
})

it('a config name that is the model name is routed, with the usual warning', async () => {
  const context = listening({ GROQ_API_KEY: 'key-1' })
  const request = await requestOf((fetch) => new LiteLLMChatWrapper({ config_name: 'groq/m', fetch }, context))
  expect(request.body['model']).toBe('m')
  expect(context.warnings).toHaveLength(1)
})

it('no key shows in a wrapper that was routed', () => {
  const wrapper = routeModel('groq/m', { generateArgs: { api_key: 'sk-canary-1' } }, listening())
  expect(inspect(wrapper, { depth: 9, showHidden: true }) + JSON.stringify(wrapper)).not.toContain('canary')
})
