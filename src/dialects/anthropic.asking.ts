// How Anthropic's messages API is asked; its decoder is loaded when an answer is on its way.
// https://docs.anthropic.com/en/api/messages
import {
  type AnthropicRequestAccent,
  formatAnthropic,
  formatAnthropicTools,
  requestAnthropic,
} from './anthropic.format.ts'
import { structuredWayAnthropic } from './anthropic.structured.ts'
import type { AskingDialect, LateDialect } from './dialect.ts'

export interface AnthropicAccent extends AnthropicRequestAccent {}

export const anthropicAsking: AskingDialect<AnthropicAccent> = {
  name: 'anthropic',
  framing: 'sse',
  roles: ['system', 'user', 'assistant'],
  format: formatAnthropic,
  formatTools: formatAnthropicTools,
  request: requestAnthropic,
  schemaSubset: 'anthropic',
  structuredWay: structuredWayAnthropic,
}

export const lateAnthropic: LateDialect<AnthropicAccent> = {
  ...anthropicAsking,
  whole: async () => (await import('./anthropic.ts')).anthropic,
}
