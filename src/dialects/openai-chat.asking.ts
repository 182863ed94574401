// How OpenAI's chat wire is asked; its decoder is loaded when an answer is on its way.
// https://platform.openai.com/docs/api-reference/chat/create
import type { FinishReason } from '../core/ending.ts'
import type { AskingDialect, LateDialect } from './dialect.ts'
import { formatOpenAIChat, type OpenAIChatRequestAccent, requestOpenAIChat } from './openai-chat.format.ts'
import { structuredWayOpenAIChat } from './structured.ts'
import type { ThinkTags } from './think-tags.ts'
import { formatFunctionTools } from './tool-request.ts'

/** What differs between the servers of this wire. */
export interface OpenAIChatAccent extends OpenAIChatRequestAccent {
  /** Finish reasons beside OpenAI's own. */
  finishReasons?: Readonly<Record<string, FinishReason>>
  /** Set when the server writes reasoning into the text between tags. */
  thinkTags?: ThinkTags
}

export const openaiChatAsking: AskingDialect<OpenAIChatAccent> = {
  name: 'openai-chat',
  framing: 'sse',
  insteadOfContent: { assistant: ['tool_calls', 'function_call', 'refusal', 'audio'] },
  roles: ['system', 'developer', 'user', 'assistant', 'tool', 'function'],
  format: formatOpenAIChat,
  formatTools: formatFunctionTools,
  request: requestOpenAIChat,
  schemaSubset: 'openai',
  structuredWay: structuredWayOpenAIChat,
}

export const lateOpenAIChat: LateDialect<OpenAIChatAccent> = {
  ...openaiChatAsking,
  whole: async () => (await import('./openai-chat.ts')).openaiChat,
}
