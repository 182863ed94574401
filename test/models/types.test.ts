// What the types promise: the tutorial's lines compile as they stand when the wrapper is known to stream.
import { expectTypeOf, test } from 'vitest'
import { DashScopeChatWrapper, type ModelResponse, type StreamingResponse } from '../../src/models/index.ts'

const options = { modelName: 'qwen-max', apiKey: 'test-key-000000' }
const messages = [{ role: 'user', content: 'Hi!' }]

test('a wrapper made with stream: true gives a response whose stream is there', () => {
  const model = new DashScopeChatWrapper({ ...options, stream: true })
  expectTypeOf(() => model.call(messages)).returns.resolves.toEqualTypeOf<StreamingResponse>()
  expectTypeOf(() => model.call(messages, { stream: false })).returns.resolves.toEqualTypeOf<ModelResponse>()
})

test('a call with stream: true does, whatever the wrapper says', () => {
  const model = new DashScopeChatWrapper(options)
  expectTypeOf(() => model.call(messages, { stream: true })).returns.resolves.toEqualTypeOf<StreamingResponse>()
  expectTypeOf(() => model.call(messages)).returns.resolves.toEqualTypeOf<ModelResponse>()
})

test('snake_case configurations type-check as they are', () => {
  const model = new DashScopeChatWrapper({
    config_name: '_',
    model_name: 'qwen-max',
    api_key: 'test-key-000000',
    stream: true,
  })
  expectTypeOf(model.configName).toEqualTypeOf<string>()
})
