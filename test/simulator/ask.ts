// How each provider is asked, and small readers of what it answers, written apart from the simulator and the decoders.
import type { WireName } from '../../src/simulator/index.ts'

/** What `JSON.parse` gives: looked into freely, since these tests are what checks its shape. */
export type Json = ReturnType<typeof JSON.parse>

export const wireNames: WireName[] = ['openai', 'dashscope', 'gemini', 'zhipuai', 'ollama', 'litellm', 'anthropic']

export interface Wanted {
  model?: string
  stream?: boolean
  /** Takes the place of fields of the usual body. */
  body?: Json
  headers?: Record<string, string>
  key?: string
}

const user = { role: 'user', content: 'Hi!' }
const chatBody = ({ model = 'm', stream = true }: Wanted) => ({ model, stream, messages: [user] })

/** Path behind the base URL, headers and body of a usual request. */
export const asking: Record<
  WireName,
  (wanted: Wanted) => { path: string; headers: Record<string, string>; body: Json }
> = {
  openai: (wanted) => ({ path: '/chat/completions', headers: bearer(wanted), body: withUsage(wanted) }),
  litellm: (wanted) => ({ path: '/chat/completions', headers: bearer(wanted), body: withUsage(wanted) }),
  zhipuai: (wanted) => ({ path: '/chat/completions', headers: bearer(wanted), body: chatBody(wanted) }),
  ollama: (wanted) => ({ path: '/api/chat', headers: {}, body: chatBody(wanted) }),
  dashscope: ({ model = 'm', stream = true, ...wanted }) => ({
    path: '/services/aigc/text-generation/generation',
    headers: { ...bearer(wanted), ...(stream && { 'x-dashscope-sse': 'enable' }) },
    body: {
      model,
      input: { messages: [user] },
      parameters: { result_format: 'message', ...(stream && { incremental_output: true }) },
    },
  }),
  gemini: ({ model = 'm', stream = true, key = 'k' }) => ({
    path: `/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers: { 'x-goog-api-key': key },
    body: { contents: [{ role: 'user', parts: [{ text: 'Hi!' }] }] },
  }),
  anthropic: ({ key = 'k', ...wanted }) => ({
    path: '/v1/messages',
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
    body: { ...chatBody(wanted), max_tokens: 100 },
  }),
}

function bearer({ key = 'k' }: Wanted) {
  return { authorization: `Bearer ${key}` }
}

function withUsage(wanted: Wanted) {
  const { stream = true } = wanted
  return { ...chatBody(wanted), ...(stream && { stream_options: { include_usage: true } }) }
}

interface Place {
  baseUrl(wire: WireName): string
}

export function requestTo(place: Place, wire: WireName, wanted: Wanted = {}, signal?: AbortSignal): Request {
  const { path, headers, body } = asking[wire](wanted)
  return new Request(place.baseUrl(wire) + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers, ...wanted.headers },
    body: JSON.stringify({ ...body, ...wanted.body }),
    ...(signal && { signal }),
  })
}

export interface Event {
  id?: string
  event?: string
  comment?: string
  data: string
}

/** Server-sent events of a whole body; demands that every event is closed by a blank line. */
export function eventsIn(text: string): Event[] {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.pop() !== '' || lines.at(-1) !== '') throw new Error('The last event is not closed.')
  const events: Event[] = []
  let event: Event | undefined
  for (const line of lines) {
    if (line === '') {
      if (event) events.push(event)
      event = undefined
      continue
    }
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
    event ??= { data: '' }
    if (name === 'data') event.data += value
    else if (name === '') event.comment = value
    else if (name === 'id' || name === 'event') event[name] = value
  }
  return events
}

export interface Said {
  text: string
  thinking: string
  calls: { id?: string; name: string; input: string }[]
  finish?: string
  usage?: unknown
}

const nothing = (): Said => ({ text: '', thinking: '', calls: [] })

/** What was said in all, per wire, from the body of a streamed answer. */
export const saidIn: Record<WireName, (body: string) => Said> = {
  openai: saidInChat,
  litellm: saidInChat,
  zhipuai: saidInChat,
  dashscope: (body) => {
    const said = nothing()
    for (const { data } of eventsIn(body)) {
      const { output, usage } = JSON.parse(data) as Json
      const [choice] = output.choices
      addMessage(said, choice.message)
      if (choice.finish_reason !== 'null') said.finish = choice.finish_reason
      said.usage = usage
    }
    return said
  },
  gemini: (body) => {
    const said = nothing()
    for (const { data } of eventsIn(body)) addGemini(said, JSON.parse(data))
    return said
  },
  ollama: (body) => {
    const said = nothing()
    for (const line of body.trimEnd().split('\n')) addOllama(said, JSON.parse(line))
    return said
  },
  anthropic: (body) => {
    const said = nothing()
    for (const { event, data } of eventsIn(body)) {
      const value = JSON.parse(data) as Json
      if (value['type'] !== event) throw new Error(`The event ${event} carries ${value['type']}.`)
      addAnthropic(said, value)
    }
    return said
  },
}

function saidInChat(body: string): Said {
  const said = nothing()
  const datas = eventsIn(body).map((event) => event.data)
  if (datas.pop() !== '[DONE]') throw new Error('The stream does not end with [DONE].')
  for (const data of datas) {
    const chunk = JSON.parse(data) as Json
    if (chunk['usage']) said.usage = chunk['usage']
    for (const choice of chunk['choices'] as Json[]) {
      addMessage(said, choice['delta'])
      if (choice['finish_reason']) said.finish = choice['finish_reason']
    }
  }
  return said
}

export function addMessage(said: Said, delta: Json): void {
  said.text += delta['content'] ?? ''
  said.thinking += delta['reasoning_content'] ?? ''
  for (const call of (delta['tool_calls'] ?? []) as Json[]) {
    if (call['id']) said.calls[call['index']] = { id: call['id'], name: call['function'].name, input: '' }
    said.calls[call['index']]!.input += call['function'].arguments
  }
}

export function addGemini(said: Said, response: Json): void {
  for (const part of (response['candidates']?.[0]?.content?.parts ?? []) as Json[]) {
    const { functionCall: call } = part
    if (call) said.calls.push({ name: call.name, input: JSON.stringify(call.args) })
    else if (part['thought']) said.thinking += part['text']
    else said.text += part['text']
  }
  const finish = response['candidates']?.[0]?.finishReason
  if (finish) said.finish = finish
  said.usage = response['usageMetadata']
}

export function addOllama(said: Said, line: Json): void {
  said.text += line['message'].content
  said.thinking += line['message'].thinking ?? ''
  for (const { id, function: called } of (line['message'].tool_calls ?? []) as Json[]) {
    said.calls.push({ id, name: called.name, input: JSON.stringify(called.arguments) })
  }
  if (!line['done']) return
  said.finish = line['done_reason']
  said.usage = { prompt_eval_count: line['prompt_eval_count'], eval_count: line['eval_count'] }
}

function addAnthropic(said: Said, event: Json): void {
  const { delta, content_block: block } = event
  if (event['type'] === 'content_block_start' && block.type === 'tool_use') {
    said.calls.push({ id: block.id, name: block.name, input: '' })
  }
  if (event['type'] === 'content_block_delta') {
    said.text += delta.text ?? ''
    said.thinking += delta.thinking ?? ''
    if (delta.type === 'input_json_delta') said.calls.at(-1)!.input += delta.partial_json
  }
  if (event['type'] !== 'message_delta') return
  said.finish = delta.stop_reason
  said.usage = event['usage']
}
