// How Ollama's wire is asked; its decoder is loaded when an answer is on its way.
// https://docs.ollama.com/api/chat

import type { AskingDialect, LateDialect } from './dialect.ts'
import { formatOllama, type OllamaRequestAccent, requestOllama, structuredWayOllama } from './ollama.format.ts'
import type { ThinkTags } from './think-tags.ts'
import { formatFunctionTools } from './tool-request.ts'

export interface OllamaAccent extends OllamaRequestAccent {
  /** Set for models whose template writes reasoning into the text between tags. */
  thinkTags?: ThinkTags
}

export const ollamaAsking: AskingDialect<OllamaAccent> = {
  name: 'ollama',
  framing: 'ndjson',
  insteadOfContent: { assistant: ['tool_calls'] },
  nestedExtras: ['options'],
  roles: ['system', 'user', 'assistant', 'tool'],
  format: formatOllama,
  formatTools: formatFunctionTools,
  request: requestOllama,
  structuredWay: structuredWayOllama,
}

export const lateOllama: LateDialect<OllamaAccent> = {
  ...ollamaAsking,
  whole: async () => (await import('./ollama.ts')).ollama,
}
