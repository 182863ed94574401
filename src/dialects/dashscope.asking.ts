// How DashScope's native wire is asked; its decoder is loaded when an answer is on its way.
// https://help.aliyun.com/zh/model-studio/qwen-api-via-dashscope
import {
  type DashScopeRequestAccent,
  formatDashScope,
  requestDashScope,
  structuredWayDashScope,
} from './dashscope.format.ts'
import type { AskingDialect, LateDialect } from './dialect.ts'
import type { ThinkTags } from './think-tags.ts'
import { formatFunctionTools } from './tool-request.ts'

export interface DashScopeAccent extends DashScopeRequestAccent {
  /** Set for models that write reasoning into the text between tags. */
  thinkTags?: ThinkTags
}

export const dashscopeAsking: AskingDialect<DashScopeAccent> = {
  name: 'dashscope',
  framing: 'sse',
  insteadOfContent: { assistant: ['tool_calls'] },
  roles: ['system', 'user', 'assistant', 'tool'],
  format: formatDashScope,
  formatTools: formatFunctionTools,
  request: requestDashScope,
  schemaSubset: 'openai',
  structuredWay: structuredWayDashScope,
}

export const lateDashScope: LateDialect<DashScopeAccent> = {
  ...dashscopeAsking,
  whole: async () => (await import('./dashscope.ts')).dashscope,
}
