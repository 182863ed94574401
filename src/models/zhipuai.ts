// Zhipu AI (GLM): OpenAI's wire with endings of its own.
import { lateOpenAIChat, type OpenAIChatAccent } from '../dialects/openai-chat.asking.ts'
import { compatibleAccent } from './openai.ts'
import type { ChatWrapperOptions, OptionContext, ProviderData, Spelled, ThinkTagsOption } from './options.ts'
import { prepared } from './prepared.ts'
import { ChatWrapper, type Streaming } from './wrapper.ts'

/**
 * Usage comes unasked. Tools cannot be forced, and schemas are not taken.
 * Thinking goes back, which the models need between tool calls; older turns' the service drops. */
export const zhipuaiAccent: OpenAIChatAccent = {
  ...compatibleAccent,
  streamOptions: false,
  videoParts: true,
  fileUrlParts: true,
  structuredOutput: 'json-object',
  structuredOutputWithTools: 'prompt',
  replayedReasoningField: 'reasoning_content',
  finishReasons: {
    sensitive: 'content-filter',
    network_error: 'error',
    model_context_window_exceeded: 'length',
  },
}

/** Codes that stand inside a 200 without a status: https://docs.bigmodel.cn/cn/api/api-code */
export const zhipuaiErrorStatuses: Readonly<Record<string, number>> = {
  ...statusOf(401, 1000, 1001, 1002, 1003, 1004),
  ...statusOf(400, 1210, 1211, 1212, 1213, 1214, 1215, 1261, 1301),
  ...statusOf(429, 1302, 1303, 1305, 1312),
  ...statusOf(500, 500, 1120, 1230, 1234),
}

function statusOf(status: number, ...codes: number[]): Record<string, number> {
  return Object.fromEntries(codes.map((code) => [code, status]))
}

export const zhipuai: ProviderData<OpenAIChatAccent> = {
  provider: 'zhipuai',
  dialect: lateOpenAIChat,
  accent: zhipuaiAccent,
  keyVariables: ['ZHIPUAI_API_KEY'],
  keyRequired: true,
  baseUrlVariables: ['ZHIPUAI_BASE_URL'],
  defaultBaseUrl: 'https://open.bigmodel.cn/api/paas/v4',
  authorization: 'bearer',
  errorStatuses: zhipuaiErrorStatuses,
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
