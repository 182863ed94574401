// What the mock provider says, byte for byte: how each of the five wires writes a reply of so many pieces.
export const wires = ['openai', 'anthropic', 'gemini', 'ollama', 'dashscope'] as const
export type Wire = (typeof wires)[number]

/** How one wire writes a reply: what comes first, the frame of a piece of text, what comes last. */
export interface Shape {
  contentType: string
  begin: string
  frame(text: string, index: number): string
  end(count: number): string
}

const words = [' the ', 'model', ' says', ' "yes" ', ' what', 'ever', '.\n\n', ' code', ' with', 'ation']

export function wordAt(index: number): string {
  return words[index % words.length] as string
}

/** Characters of text in a reply of that many chunks: what every client must have counted. */
export function charactersIn(count: number): number {
  let characters = 0
  for (let index = 0; index < count; index += 1) characters += wordAt(index).length
  return characters
}

export const shapes: Record<Wire, Shape> = {
  openai: {
    contentType: 'text/event-stream; charset=utf-8',
    begin: openaiFrame({ role: 'assistant', content: '', refusal: null }),
    frame: (content) => openaiFrame({ content }),
    end: (count) => `${openaiFrame({}, 'stop')}${openaiUsage(count)}data: [DONE]\n\n`,
  },
  anthropic: {
    contentType: 'text/event-stream; charset=utf-8',
    begin: anthropicBegin(),
    frame: (text) => anthropicFrame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    end: anthropicEnd,
  },
  gemini: {
    contentType: 'text/event-stream',
    begin: '',
    frame: (text, index) => geminiFrame({ content: { parts: [{ text }], role: 'model' }, index: 0 }, index + 1),
    end: (count) =>
      geminiFrame({ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'STOP', index: 0 }, count),
  },
  ollama: {
    contentType: 'application/x-ndjson',
    begin: '',
    frame: (content, index) => ollamaLine(index, { message: { role: 'assistant', content }, done: false }),
    end: (count) =>
      ollamaLine(count, {
        message: { role: 'assistant', content: '' },
        done: true,
        done_reason: 'stop',
        ...{
          total_duration: 4883583458,
          load_duration: 1334875,
          prompt_eval_count: 26,
          prompt_eval_duration: 342546000,
        },
        ...{ eval_count: count, eval_duration: 4535599000 },
      }),
  },
  dashscope: {
    contentType: 'text/event-stream;charset=UTF-8',
    begin: '',
    frame: (content, index) => dashscopeFrame(content, 'null', index + 1),
    end: (count) => dashscopeFrame('', 'stop', count + 1),
  },
}

export function openaiFrame(delta: unknown, finish: string | null = null): string {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG',
    object: 'chat.completion.chunk',
    created: 1741570283,
    model: 'gpt-4o-2024-08-06',
    service_tier: 'default',
    system_fingerprint: 'fp_fc9f1d7035',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
  })}\n\n`
}

function openaiUsage(count: number): string {
  const usage = {
    ...{ prompt_tokens: 19, completion_tokens: count, total_tokens: 19 + count },
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  }
  const frame = JSON.parse(openaiFrame({}).slice('data: '.length))
  return `data: ${JSON.stringify({ ...frame, choices: [], usage })}\n\n`
}

function anthropicFrame(value: { type: string; [field: string]: unknown }): string {
  return `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`
}

function anthropicBegin(): string {
  const usage = { input_tokens: 25, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 }
  const about = { id: 'msg_01XFDUDYJgAACzvnptvVoYEL', type: 'message', role: 'assistant', model: 'claude-sonnet-4-5' }
  const message = { ...about, content: [], stop_reason: null, stop_sequence: null, usage }
  return (
    anthropicFrame({ type: 'message_start', message }) +
    anthropicFrame({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
    anthropicFrame({ type: 'ping' })
  )
}

function anthropicEnd(count: number): string {
  const delta = { stop_reason: 'end_turn', stop_sequence: null }
  return (
    anthropicFrame({ type: 'content_block_stop', index: 0 }) +
    anthropicFrame({ type: 'message_delta', delta, usage: { output_tokens: count } }) +
    anthropicFrame({ type: 'message_stop' })
  )
}

function geminiFrame(candidate: unknown, tokens: number): string {
  const usageMetadata = {
    ...{ promptTokenCount: 9, candidatesTokenCount: tokens, totalTokenCount: 9 + tokens },
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: 9 }],
  }
  const about = { modelVersion: 'gemini-2.5-flash', responseId: 'mY1vaPm3Iv2ZvdIPxqCQuQ4' }
  return `data: ${JSON.stringify({ candidates: [candidate], usageMetadata, ...about })}\r\n\r\n`
}

function ollamaLine(index: number, value: object): string {
  const created_at = new Date(1_741_570_283_000 + index).toISOString().replace('Z', '491281Z')
  return `${JSON.stringify({ model: 'llama3.2', created_at, ...value })}\n`
}

function dashscopeFrame(content: string, finish: string, index: number): string {
  const value = {
    output: { choices: [{ message: { content, role: 'assistant' }, finish_reason: finish }] },
    usage: {
      total_tokens: 20 + index,
      output_tokens: index,
      input_tokens: 20,
      prompt_tokens_details: { cached_tokens: 0 },
    },
    request_id: 'c6d2d1a3-2c9b-9d0c-8a5f-1f8e3a1b7c55',
  }
  return `id:${index}\nevent:result\n:HTTP_STATUS/200\ndata:${JSON.stringify(value)}\n\n`
}

/** All frames of a reply, the first with what comes before it; the last is its end. */
export function framesOf(wire: Wire, count: number): string[] {
  const { begin, frame, end } = shapes[wire]
  const frames = Array.from({ length: count }, (_, index) => frame(wordAt(index), index))
  frames[0] = begin + (frames[0] ?? '')
  return [...frames, end(count)]
}

/** Characters of a delta of tool arguments or of a structured answer. */
export const deltaLength = 12

/** What grows: one file to write, of so many deltas, as the models of today call the tools of coding agents. */
export function growingText(count: number): string {
  const line = 'const greeting = "hello"\n'
  const head = '{"path":"src/main.ts","content":"'
  const tail = '"}'
  const room = count * deltaLength - head.length - tail.length
  const content = JSON.stringify(line.repeat(Math.ceil(room / line.length))).slice(1, -1)
  // Cut so that no escape is torn: a backslash at the end would escape the closing quote.
  const cut = content.slice(0, room).replace(/\\$/, ' ')
  return head + cut + tail
}

function deltasOf(count: number): string[] {
  const text = growingText(count)
  return Array.from({ length: count }, (_, at) => text.slice(at * deltaLength, (at + 1) * deltaLength))
}

/** A call of the tool `write`, on OpenAI's wire. */
export function callFrames(count: number): string[] {
  const call = (fields: object) => openaiFrame({ tool_calls: [{ index: 0, ...fields }] })
  const opening = { id: 'call_7TnoyTr3zHsIGPjGmEmK', type: 'function', function: { name: 'write', arguments: '' } }
  const deltas = deltasOf(count).map((text) => call({ function: { arguments: text } }))
  const first = openaiFrame({ role: 'assistant', content: null, tool_calls: [{ index: 0, ...opening }] })
  return [first, ...deltas, `${openaiFrame({}, 'tool_calls')}data: [DONE]\n\n`]
}

/** The same value as the text of an answer, on OpenAI's wire. */
export function valueFrames(count: number): string[] {
  const { begin, frame, end } = shapes.openai
  return [begin, ...deltasOf(count).map(frame), end(count)]
}
