// A wrapper of one's own, as docs/providers.md shows it.
import { expect, test } from 'vitest'
import { openaiChat } from '../../src/dialects/index.ts'
import {
  ChatWrapper,
  type ChatWrapperOptions,
  createModels,
  registerModelWrapper,
  resolveOptions,
} from '../../src/models/index.ts'
import { simulator } from '../../src/simulator/index.ts'

const acme = {
  provider: 'acme',
  dialect: openaiChat,
  accent: { contentStyle: 'text', multiAgent: 'folded', namedMessages: false, streamOptions: true },
  keyVariables: ['ACME_API_KEY'],
  keyRequired: true,
  baseUrlVariables: [],
  defaultBaseUrl: 'https://api.acme.example/v1',
  authorization: 'bearer',
} as const

class AcmeChatWrapper extends ChatWrapper {
  static readonly modelType = 'acme_chat'
  constructor(options: ChatWrapperOptions) {
    super(acme, resolveOptions(acme, options))
  }
}

test('a registered class is found by its model type, and speaks', async () => {
  registerModelWrapper(AcmeChatWrapper)
  await using sim = await simulator({ models: { anvil: { text: 'Hello' } } })
  const models = createModels({
    model_type: 'acme_chat',
    config_name: 'mine',
    model_name: 'anvil',
    api_key: 'test-key-000000',
    base_url: sim.baseUrl('openai'),
  })
  const response = await models.model('mine').call([{ role: 'user', content: 'Hi!' }])
  expect(await response.getText()).toBe('Hello')
  expect(response.message.name).toBe('anvil')
})
