// The same small answers in the words of each wire, so that one test can be asked of all of them.
import type { Wire } from './wrappers.ts'

export interface WireWords {
  contentType: string
  /** What the wire sends before the first piece of text. */
  open: string
  text(piece: string): string
  /** The finish reason of an answer that is done. */
  finish: string
  /** The wire's own end mark; '' where there is none. */
  marker: string
  /** A failure inside the body that may pass. */
  overloaded(message: string): string
  /** Keeps the connection alive and says nothing. */
  ping: string
  /** The same answer as one body, not streamed. */
  whole(text: string): string
}

type Named = { type: string } & Record<string, unknown>

const json = JSON.stringify
const data = (value: unknown) => `data: ${json(value)}\n\n`
const named = (value: Named) => `event: ${value.type}\n${data(value)}`

const openai: WireWords = {
  contentType: 'text/event-stream',
  open: data({ id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant' } }] }),
  text: (content) => data({ id: 'c1', choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  finish: data({ id: 'c1', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  marker: 'data: [DONE]\n\n',
  overloaded: (message) => data({ error: { message, type: 'server_error', code: 'overloaded' } }),
  ping: ': keep-alive\n\n',
  whole: (content) => json({ id: 'c1', choices: [{ index: 0, message: { content }, finish_reason: 'stop' }] }),
}

const dashscopeEvent = (content: string, reason: string) => ({
  output: { choices: [{ message: { role: 'assistant', content }, finish_reason: reason }] },
  request_id: 'd1',
})

const dashscope: WireWords = {
  contentType: 'text/event-stream;charset=UTF-8',
  open: '',
  text: (piece) => `id:1\nevent:result\n:HTTP_STATUS/200\ndata:${json(dashscopeEvent(piece, 'null'))}\n\n`,
  finish: `id:2\nevent:result\n:HTTP_STATUS/200\ndata:${json(dashscopeEvent('', 'stop'))}\n\n`,
  marker: '',
  overloaded: (message) =>
    `event:error\n:HTTP_STATUS/503\ndata:${json({ code: 'ServiceUnavailable', message, request_id: 'd1' })}\n\n`,
  ping: ':keep-alive\n\n',
  whole: (text) => json(dashscopeEvent(text, 'stop')),
}

const candidate = (text: string) => ({ index: 0, content: { role: 'model', parts: [{ text }] } })

const gemini: WireWords = {
  contentType: 'text/event-stream',
  open: '',
  text: (piece) => data({ candidates: [candidate(piece)] }),
  finish: data({ candidates: [{ index: 0, content: { role: 'model' }, finishReason: 'STOP' }] }),
  marker: '',
  overloaded: (message) => data({ error: { code: 503, message, status: 'UNAVAILABLE' } }),
  ping: ': keep-alive\n\n',
  whole: (text) => json({ candidates: [{ ...candidate(text), finishReason: 'STOP' }] }),
}

const anthropic: WireWords = {
  contentType: 'text/event-stream; charset=utf-8',
  open:
    named({ type: 'message_start', message: { id: 'm1', type: 'message', role: 'assistant', content: [] } }) +
    named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
    named({ type: 'ping' }),
  text: (text) => named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
  finish:
    named({ type: 'content_block_stop', index: 0 }) +
    named({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null } }),
  marker: named({ type: 'message_stop' }),
  overloaded: (message) => named({ type: 'error', error: { type: 'overloaded_error', message } }),
  ping: named({ type: 'ping' }),
  whole: (text) => json({ id: 'm1', type: 'message', content: [{ type: 'text', text }], stop_reason: 'end_turn' }),
}

const ollamaLine = (value: object) => `${json({ model: 'm', created_at: '2026-01-01T00:00:00Z', ...value })}\n`

const ollama: WireWords = {
  contentType: 'application/x-ndjson',
  open: '',
  text: (content) => ollamaLine({ message: { role: 'assistant', content }, done: false }),
  finish: '',
  marker: ollamaLine({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' }),
  overloaded: (error) => `${json({ error })}\n`,
  ping: '\n',
  whole: (content) => ollamaLine({ message: { role: 'assistant', content }, done: true, done_reason: 'stop' }),
}

/** One wire for each dialect. */
export const dialectWires = ['openai', 'dashscope', 'gemini', 'anthropic', 'ollama'] as const satisfies Wire[]
export const sseWires = ['openai', 'dashscope', 'gemini', 'anthropic'] as const satisfies Wire[]

/** ZhipuAI and LiteLLM speak OpenAI's wire. */
export const words: Record<Wire, WireWords> = {
  openai,
  zhipuai: openai,
  litellm: openai,
  dashscope,
  gemini,
  anthropic,
  ollama,
}

/** A finished answer in these pieces. */
export function answerOf(wire: Wire, ...pieces: string[]): string {
  const { open, text, finish, marker } = words[wire]
  return open + pieces.map(text).join('') + finish + marker
}
