// Replies made for the comparison with the SDKs: what the fixtures leave out.

const json = JSON.stringify
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${json({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`
const call = (at: { index?: number; id?: string }, name: string | undefined, args: string) =>
  chunk({ role: 'assistant', tool_calls: [{ ...at, type: 'function', function: { name, arguments: args } }] })
const done = 'data: [DONE]\n\n'

const openai = {
  interleaved: [
    call({ index: 0, id: 'a' }, 'water', ''),
    call({ index: 1, id: 'b' }, 'weed', '{"be'),
    call({ index: 0 }, undefined, '{"bed": "\\u5317'),
    call({ index: 1 }, undefined, 'd": 2}'),
    call({ index: 0 }, undefined, '\\ud83c\\udf31"}'),
    chunk({}, 'tool_calls'),
    done,
  ],
  'no-index': [
    call({ id: 'a' }, 'water', '{"bed"'),
    call({ id: 'a' }, undefined, ': 3}'),
    chunk({}, 'tool_calls'),
    done,
  ],
  length: [chunk({ role: 'assistant', content: 'Sow the ' }), chunk({ content: 'be' }), chunk({}, 'length'), done],
  'cut-off': [chunk({ role: 'assistant', content: 'Sow the ' })],
}

const event = (value: { type: string } & Record<string, unknown>) => `event: ${value.type}\ndata: ${json(value)}\n\n`
const begin = event({
  type: 'message_start',
  message: {
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    usage: { input_tokens: 7, cache_read_input_tokens: 5, output_tokens: 1 },
  },
})
const block = (index: number, content_block: object, ...deltas: object[]) =>
  event({ type: 'content_block_start', index, content_block }) +
  deltas.map((delta) => event({ type: 'content_block_delta', index, delta })).join('')
const stop = (index: number) => event({ type: 'content_block_stop', index })
const end = (stop_reason: string) =>
  event({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens: 21 } }) +
  event({ type: 'message_stop' })
const text = (piece: string) => ({ type: 'text_delta', text: piece })
const input = (piece: string) => ({ type: 'input_json_delta', partial_json: piece })
const tool = { type: 'tool_use', id: 't', name: 'water', input: {} }

const anthropic = {
  blocks: [
    begin,
    block(0, { type: 'thinking', thinking: '', signature: '' }, { type: 'thinking_delta', thinking: 'Dry? ' }),
    event({ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'sig' } }) + stop(0),
    block(1, { type: 'text', text: '' }, text('One. '), text('你')) + stop(1),
    block(2, { type: 'text', text: '' }, text('Two.')) + stop(2),
    block(3, tool) + stop(3),
    block(4, { ...tool, id: 'u' }, input('{"bed'), input('": "北"}')) + stop(4),
    end('tool_use'),
  ],
  length: [begin, block(0, { type: 'text', text: '' }, text('Sow the ')) + stop(0), end('max_tokens')],
  'cut-off': [begin, block(0, tool, input('{"bed": [1, 2'))],
}

const part = (parts: object[], finishReason?: string) =>
  `data: ${json({
    candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason && { finishReason }) }],
    usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 6, thoughtsTokenCount: 3, totalTokenCount: 13 },
    modelVersion: 'm',
  })}\r\n\r\n`

const gemini = {
  parts: [
    part([{ text: 'Dry?', thought: true }]),
    part([{ text: 'One. ' }, { text: '你🌱' }]),
    part([{ functionCall: { name: 'water', args: { bed: 3 } } }, { functionCall: { id: 'x', name: 'rest' } }], 'STOP'),
  ],
  length: [part([{ text: 'Sow the ' }]), part([{ text: 'be' }], 'MAX_TOKENS')],
  'cut-off': [part([{ text: 'Sow the ' }])],
}

const line = (message: object, more: object = { done: false }) =>
  `${json({ model: 'm', created_at: '2026-01-01T00:00:00Z', message: { role: 'assistant', content: '', ...message }, ...more })}\n`
const counters = { prompt_eval_count: 9, eval_count: 12, total_duration: 1 }

const ollama = {
  parallel: [
    line({ thinking: 'Dry? ' }),
    line({ content: 'One. 你🌱' }),
    line({ tool_calls: [{ function: { name: 'water', arguments: { bed: 3 } } }] }),
    line({ tool_calls: [{ function: { name: 'rest', arguments: {} } }] }),
    line({}, { done: true, done_reason: 'stop', ...counters }),
  ],
  length: [line({ content: 'Sow the ' }), line({}, { done: true, done_reason: 'length', ...counters })],
  'cut-off': [line({ content: 'Sow the ' })],
}

/** By wire and case: the pieces of a body, each written by itself. */
export const madeReplies: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  openai,
  anthropic,
  gemini,
  ollama,
}
