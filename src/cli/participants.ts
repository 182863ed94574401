// The seven who speak in the demo: data, one entry a wrapper.
import {
  AnthropicChatWrapper,
  type ChatWrapperOptions,
  DashScopeChatWrapper,
  GeminiChatWrapper,
  LiteLLMChatWrapper,
  OllamaChatWrapper,
  OpenAIChatWrapper,
  ZhipuAIChatWrapper,
} from '../models/index.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import type { Script, WireName } from '../simulator/index.ts'

export interface Participant {
  /** Its name in the conversation. */
  readonly name: string
  readonly wire: WireName
  /** A key in one of these makes it real, with this model: [variable, a cheap model of that provider]. */
  readonly keys: readonly (readonly [variable: string, modelName: string])[]
  /** What it says when it is simulated. */
  readonly script: Script
  open(options: ChatWrapperOptions): ChatWrapper
}

/** What the host asks the seven. */
export const question = 'Why should a model speak word by word, instead of waiting until it has finished?'

export const participants: readonly Participant[] = [
  {
    name: 'OpenAI',
    wire: 'openai',
    keys: [['OPENAI_API_KEY', 'gpt-4o-mini']],
    script: {
      thinking: 'I speak first, so I should begin with the person who waits.',
      text: 'Because waiting in front of an empty screen feels twice as long as it is. Show the first word, and the reader is already with you.',
    },
    open: (options) => new OpenAIChatWrapper(options),
  },
  {
    name: 'DashScope',
    wire: 'dashscope',
    keys: [['DASHSCOPE_API_KEY', 'qwen-turbo']],
    script: {
      text: 'And a reader who is with you can also stop you: 听到一半就够了, half a sentence may be enough. What is never generated costs nobody anything.',
    },
    open: (options) => new DashScopeChatWrapper(options),
  },
  {
    name: 'Gemini',
    wire: 'gemini',
    keys: [
      ['GOOGLE_API_KEY', 'gemini-2.5-flash-lite'],
      ['GEMINI_API_KEY', 'gemini-2.5-flash-lite'],
    ],
    script: {
      thinking: 'The first two spoke about readers. What about listeners that are programs?',
      text: 'Programs read along as well, not only people. Another agent can begin to think about my first sentence while I am still looking for the second.',
    },
    open: (options) => new GeminiChatWrapper(options),
  },
  {
    name: 'ZhipuAI',
    wire: 'zhipuai',
    keys: [['ZHIPUAI_API_KEY', 'glm-4-flash']],
    script: {
      text: 'Only if everybody hears the same words in the same order, though. That is why each of us sends events here, and one message is folded from them, whoever listens.',
    },
    open: (options) => new ZhipuAIChatWrapper(options),
  },
  {
    name: 'Ollama',
    wire: 'ollama',
    keys: [],
    script: {
      text: 'On a small machine like mine it matters even more, for I am slow and I do not hide it. My words come as lines of JSON rather than as server-sent events, and you did not even notice.',
    },
    open: (options) => new OllamaChatWrapper(options),
  },
  {
    name: 'LiteLLM',
    wire: 'litellm',
    keys: [
      ['LITELLM_PROXY_API_BASE', 'gpt-4o-mini'],
      ['DEEPSEEK_API_KEY', 'deepseek/deepseek-chat'],
      ['GROQ_API_KEY', 'groq/llama-3.1-8b-instant'],
      ['MISTRAL_API_KEY', 'mistral/mistral-small-latest'],
      ['OPENROUTER_API_KEY', 'openrouter/openai/gpt-4o-mini'],
    ],
    script: {
      text: 'They should not notice, and that is my whole trade: many wires behind one name. A stream is a stream, whoever it comes from.',
    },
    open: (options) => new LiteLLMChatWrapper(options),
  },
  {
    name: 'Anthropic',
    wire: 'anthropic',
    keys: [['ANTHROPIC_API_KEY', 'claude-haiku-4-5']],
    script: {
      thinking: 'I am the last one, so somebody should say how a stream ends.',
      text: 'Then let me add how it ends: honestly. If my connection broke right here, you would see that it broke, and nobody would take half an answer for a whole one.',
    },
    open: (options) => new AnthropicChatWrapper(options),
  },
]
