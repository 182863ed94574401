// How Gemini's wire is asked; its decoder is loaded when an answer is on its way.
// https://ai.google.dev/api/generate-content

import type { AskingDialect, LateDialect } from './dialect.ts'
import { formatGemini, formatGeminiTools, type GeminiRequestAccent, requestGemini } from './gemini.format.ts'
import { structuredWayGemini } from './gemini.structured.ts'

export interface GeminiAccent extends GeminiRequestAccent {}

export const geminiAsking: AskingDialect<GeminiAccent> = {
  name: 'gemini',
  framing: 'sse',
  insteadOfContent: { any: ['parts'] },
  roles: ['system', 'user', 'assistant', 'model', 'function', 'tool'],
  format: formatGemini,
  formatTools: formatGeminiTools,
  request: requestGemini,
  structuredWay: structuredWayGemini,
}

export const lateGemini: LateDialect<GeminiAccent> = {
  ...geminiAsking,
  whole: async () => (await import('./gemini.ts')).gemini,
}
