// Alibaba Cloud's DashScope (Qwen), on its native wire.
import { type DashScopeAccent, lateDashScope } from '../dialects/dashscope.asking.ts'
import type { ChatWrapperOptions, OptionContext, ProviderData, Spelled, ThinkTagsOption } from './options.ts'
import { prepared } from './prepared.ts'
import { ChatWrapper, type Streaming } from './wrapper.ts'

/**
 * Qwen models from 3.5 on, and those named for eyes or ears, are only at the multimodal service. Few models take a
 * schema, and those that think take no format at all: https://www.alibabacloud.com/help/model-studio/json-mode
 * Those that do not think go on from a beginning: https://www.alibabacloud.com/help/model-studio/partial-mode
 */
const dashscopeAccent: DashScopeAccent = {
  service: 'by-content',
  structuredOutput: 'json-object',
  structuredOutputWithTools: 'prompt',
  prefill: 'partial',
  multimodalModels: ['-vl', 'qvq', '-omni', '-audio', '-ocr', 'qwen3.5-', 'qwen3.6-', 'qwen3.7-'],
}

export const dashscope: ProviderData<DashScopeAccent> = {
  provider: 'dashscope',
  dialect: lateDashScope,
  accent: dashscopeAccent,
  modelAccents: [
    { names: /^(qwq|qvq|deepseek-r1)|-thinking/, accent: { structuredOutput: 'prompt', prefill: 'none' } },
  ],
  keyVariables: ['DASHSCOPE_API_KEY'],
  keyRequired: true,
  baseUrlVariables: ['DASHSCOPE_HTTP_BASE_URL'],
  defaultBaseUrl: 'https://dashscope.aliyuncs.com/api/v1',
  authorization: 'bearer',
  ownOptions: ['thinkTags'],
}

export type DashScopeChatOptions = Spelled<ChatWrapperOptions & ThinkTagsOption>

/**
 * https://help.aliyun.com/zh/model-studio/qwen-api-via-dashscope. Throws `ConfigError` when an option or the key is
 * wrong.
 */
export class DashScopeChatWrapper<Streams extends boolean = boolean> extends ChatWrapper<Streams> {
  static readonly modelType: string = 'dashscope_chat'

  constructor(options: Streaming<DashScopeChatOptions, Streams>, context?: OptionContext) {
    super(...prepared(dashscope, options, context))
  }
}
