// What a model function is told about a request.
import type { ModelRequest } from './script.ts'
import { isFields } from './value.ts'
import type { Asked, Wire } from './wire.ts'

export function modelRequest(asked: Asked, wire: Wire, signal: AbortSignal): ModelRequest {
  const messages = wire.messages(asked.body)
  return {
    wire: wire.name,
    model: asked.model,
    messages,
    lastUserText: lastUserText(messages),
    tools: wire.tools(asked.body),
    body: asked.body,
    signal,
  }
}

function lastUserText(messages: unknown[]): string {
  const last = messages.findLast((message) => isFields(message) && message['role'] === 'user')
  if (!isFields(last)) return ''
  const content = last['content'] ?? last['parts']
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part) => (isFields(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('')
}
