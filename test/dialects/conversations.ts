// The conversations that the formatter tests of all wires share.
import { type Block, Msg, type Role } from '../../src/core/message.ts'
import type { ToolSchema } from '../../src/core/tool.ts'
import type { DialectCall } from '../../src/dialects/dialect.ts'

export function said(name: string, role: Role, content: string | Block[]): Msg {
  return new Msg(name, content, role, { id: `${name}-${role}`, timestamp: '2025-01-01T00:00:00Z' })
}

export function use(id: string, city: string | undefined, signature?: string): Block {
  const call = { type: 'tool_use' as const, id, name: 'wx', ...(signature !== undefined && { signature }) }
  return city === undefined
    ? { ...call, rawInput: '{"ci' }
    : { ...call, input: { city }, rawInput: `{"city": "${city}"}` }
}

export function result(id: string, output: string | Block[], isError?: boolean): Block {
  return { type: 'tool_result', id, name: 'wx', output, ...(isError !== undefined && { isError }) }
}

export const text = (words: string): Block => ({ type: 'text', text: words })

/** Section 6 of the behaviour reference: four speakers, words only. */
export const conv = [
  said('sys', 'system', 'Be terse.'),
  said('Ann', 'user', '2+2?'),
  said('Cal', 'assistant', '4'),
  said('Dee', 'assistant', 'Right.'),
]

export const history = '## Conversation History\nAnn: 2+2?\nCal: 4\nDee: Right.'

/** Section 6 again: a call and its result, which AgentScope keeps in a system message. */
export const tools = [
  said('sys', 'system', 'Be terse.'),
  said('Ann', 'user', 'Weather in Rome?'),
  said('Cal', 'assistant', [text('Looking.'), use('c1', 'Rome')]),
  said('sys', 'system', [result('c1', '18C')]),
]

/** Two calls in one message, answered in one message and the wrong order; then talk. */
export const parallel = [
  said('Ann', 'user', 'Rome and Oslo?'),
  said('Cal', 'assistant', [use('c1', 'Rome'), use('c2', 'Oslo')]),
  said('sys', 'system', [result('c2', '4C', true), result('c1', '18C')]),
  said('Cal', 'assistant', 'Warm and cold.'),
  said('Ann', 'user', 'Thanks.'),
]

/** A call that was cut off: its JSON never closed, and nobody answered. */
export const interrupted = [
  said('Ann', 'user', 'Rome?'),
  said('Cal', 'assistant', [use('c1', undefined)]),
  said('Ann', 'user', 'Well?'),
]

export const png = 'data:image/png;base64,iVBORw0KGgo='
export const wav = 'data:audio/wav;base64,UklGRg=='
export const pdf = 'data:application/pdf;base64,JVBERi0='
export const mp4 = 'data:video/mp4;base64,AAAA'

export function media(type: 'image' | 'audio' | 'video' | 'file', url: string): Block {
  return { type, url }
}

/** One message with words and one media block. */
export const showing = (type: 'image' | 'audio' | 'video' | 'file', url: string): Msg[] => [
  said('Ann', 'user', [text('See:'), media(type, url)]),
]

export const wx: ToolSchema = {
  name: 'wx',
  description: 'Weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}
export const now: ToolSchema = { name: 'now' }
export const nothing = { type: 'object', properties: {} }

/** A call with one plain message and nothing else, changed as the test says. */
export function callOf<A>(accent: A, changes: Partial<DialectCall<A>> = {}): DialectCall<A> {
  return {
    model: 'm',
    messages: [{ role: 'user', content: 'Hi!' }],
    stream: false,
    tools: [],
    extras: {},
    accent,
    ...changes,
  }
}
