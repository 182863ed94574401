// One wrapper of each kind, ready for a test's own address or fetch.
import * as models from '../../src/models/index.ts'
import type { ChatWrapper } from '../../src/models/wrapper.ts'

export const wires = ['openai', 'dashscope', 'gemini', 'zhipuai', 'ollama', 'litellm', 'anthropic'] as const
export type Wire = (typeof wires)[number]

/** A wrapper whose key is a test's own; options go over the defaults. */
export function wrapperFor(wire: Wire, options: Record<string, unknown> = {}): ChatWrapper {
  const common = { configName: 'test', modelName: 'test-model', apiKey: 'test-key-000000', stream: true, maxRetries: 0 }
  const all = { ...common, ...options }
  switch (wire) {
    case 'openai':
      return new models.OpenAIChatWrapper(all)
    case 'dashscope':
      return new models.DashScopeChatWrapper(all)
    case 'gemini':
      return new models.GeminiChatWrapper(all)
    case 'zhipuai':
      return new models.ZhipuAIChatWrapper(all)
    case 'ollama': {
      const { apiKey: _, ...rest } = all
      return new models.OllamaChatWrapper(rest)
    }
    case 'litellm':
      return new models.LiteLLMChatWrapper({ ...all, apiBase: String(options['baseUrl'] ?? 'http://127.0.0.1:9') })
    case 'anthropic':
      return new models.AnthropicChatWrapper(all)
  }
}
