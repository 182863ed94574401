// Zhipu AI (GLM): OpenAI's wire with endings of its own.
import { type OpenAIChatAccent, openaiChat } from '../dialects/openai-chat.ts'
import { compatibleAccent } from './openai.ts'
import type { ChatWrapperOptions, OptionContext, ProviderData, Spelled, ThinkTagsOption } from './options.ts'
import { prepared } from './prepared.ts'
import { ChatWrapper, type Streaming } from './wrapper.ts'

/** Usage comes unasked. Thinking goes back, which the models need between tool calls; older turns' the service drops. */
export const zhipuaiAccent: OpenAIChatAccent = {
  ...compatibleAccent,
  streamOptions: false,
  reasoningField: 'reasoning_content',
  finishReasons: {
    sensitive: 'content-filter',
    network_error: 'error',
    model_context_window_exceeded: 'length',
  },
}

export const zhipuai: ProviderData<OpenAIChatAccent> = {
  provider: 'zhipuai',
  dialect: openaiChat,
  accent: zhipuaiAccent,
  keyVariables: ['ZHIPUAI_API_KEY'],
  keyRequired: true,
  baseUrlVariables: ['ZHIPUAI_BASE_URL'],
  defaultBaseUrl: 'https://open.bigmodel.cn/api/paas/v4',
  authorization: 'bearer',
  ownOptions: ['thinkTags'],
}

export type ZhipuAIChatOptions = Spelled<ChatWrapperOptions & ThinkTagsOption>

/** https://docs.bigmodel.cn/api-reference. Throws `ConfigError` when an option or the key is wrong. */
export class ZhipuAIChatWrapper<Streams extends boolean = boolean> extends ChatWrapper<Streams> {
  static readonly modelType: string = 'zhipuai_chat'

  constructor(options: Streaming<ZhipuAIChatOptions, Streams>, context?: OptionContext) {
    super(...prepared(zhipuai, options, context))
  }
}
