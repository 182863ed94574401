// What single vendors do on OpenAI's wire, beyond the rows: one sentence each.
import { describe, expect, test } from 'vitest'
import { everyCut, sse, summary } from '../suites/every-cut.ts'
import { chunk, delta, finish, say } from '../suites/openai-chunks.ts'

const stop = finish('stop')
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }

type Row = [sentence: string, frames: unknown[], expected: object]

const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] })

const rows: Row[] = [
  [
    'Mistral thinks in parts of the content',
    [say([thinking('Hm')]), say([thinking('m.')]), say('Yes'), stop],
    { thinking: 'Hmm.', text: 'Yes', blocks: ['thinking', 'text'] },
  ],
  [
    'Databricks reasons in parts with a summary',
    [
      say([{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] }]),
      say([{ type: 'text', text: 'Yes' }]),
      stop,
    ],
    { thinking: 'Hm', text: 'Yes' },
  ],
  [
    'a refusal may be a part of the content',
    [say([{ type: 'refusal', refusal: 'No.' }]), stop],
    { refusal: 'No.', text: '', reason: 'refusal' },
  ],
  ['a content that is a number is text', [say(4), say('2'), stop], { text: '42' }],
  ['a content that is one part is text', [say({ type: 'text', text: 'Hi' }), stop], { text: 'Hi' }],
  [
    'Groq counts beside the choices',
    [
      say('Hi'),
      finish('stop', { x_groq: { id: 'g', usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 } } }),
    ],
    { usage: { inputTokens: 2, outputTokens: 1, totalTokens: 3 } },
  ],
  [
    'Groq fails beside the choices',
    [say('Hi'), { x_groq: { id: 'g', error: 'over capacity' } }],
    { text: 'Hi', reason: 'error', complete: false },
  ],
  [
    'OpenRouter fails inside the choice',
    [say('Hi'), chunk({ index: 0, delta: {}, finish_reason: 'error', error: { code: 502, message: 'upstream' } })],
    { reason: 'error' },
  ],
  [
    'vLLM fails with an object called error',
    [say('Hi'), { object: 'error', message: 'too long', code: 400 }],
    { reason: 'error', complete: false },
  ],
  [
    "Google's compatible endpoint fails with a list",
    [say('Hi'), [{ error: { code: 429, message: 'quota', status: 'RESOURCE_EXHAUSTED' } }]],
    { reason: 'error' },
  ],
  ['an empty error object is none', [{ ...say('Hi'), error: {} }, stop], { text: 'Hi', reason: 'stop' }],
  [
    'an old completion says text',
    [chunk({ index: 0, text: 'Hi' }), chunk({ index: 0, text: '', finish_reason: 'stop' })],
    { text: 'Hi', reason: 'stop' },
  ],
  ['a choice that is no list is the choice', [{ choices: { delta: { content: 'Hi' } } }, stop], { text: 'Hi' }],
  [
    'DeepSeek counts its cache',
    [
      finish('stop', {
        usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11, prompt_cache_hit_tokens: 6 },
      }),
    ],
    { usage: { inputTokens: 9, outputTokens: 2, totalTokens: 11, cachedInputTokens: 6 } },
  ],
  [
    'xAI counts reasoning beside the completion, and our output holds it',
    [
      finish('stop', {
        usage: {
          prompt_tokens: 9,
          completion_tokens: 2,
          total_tokens: 31,
          completion_tokens_details: { reasoning_tokens: 20 },
        },
      }),
    ],
    { usage: { inputTokens: 9, outputTokens: 22, totalTokens: 31, reasoningTokens: 20 } },
  ],
  [
    'OpenAI counts reasoning inside the completion',
    [
      finish('stop', {
        usage: {
          prompt_tokens: 9,
          completion_tokens: 22,
          total_tokens: 31,
          completion_tokens_details: { reasoning_tokens: 20 },
        },
      }),
    ],
    { usage: { inputTokens: 9, outputTokens: 22, totalTokens: 31, reasoningTokens: 20 } },
  ],
  [
    'a usage without a number is not reported',
    [say('Hi'), finish('stop', { usage: {} }), { choices: [], usage: { prompt_tokens: null } }],
    { usage: undefined },
  ],
  [
    'MiniMax reasons in details alone',
    [delta({ reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }] }), say('Yes'), stop],
    { thinking: 'Hm', text: 'Yes' },
  ],
  [
    'MiniMax reasons in details alone, in pieces',
    [
      delta({ reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }] }),
      delta({ reasoning_details: [{ type: 'reasoning.text', text: 'm.' }] }),
      say('Yes'),
      stop,
    ],
    { thinking: 'Hmm.', text: 'Yes' },
  ],
  [
    'Together repeats the content as text',
    [
      chunk({ index: 0, text: 'Hi', delta: { content: 'Hi' } }),
      chunk({ index: 0, text: '!', delta: { content: '!' } }),
      stop,
    ],
    { text: 'Hi!' },
  ],
  [
    'Perplexity repeats the whole message at the end',
    [say('Hi'), say(' you'), chunk({ index: 0, message: { content: 'Hi you' }, finish_reason: 'stop' })],
    { text: 'Hi you', reason: 'stop' },
  ],
  [
    'Cloudflare says response',
    [
      { response: 'Hi' },
      { response: ' you', tool_calls: [{ name: 'f', arguments: { x: 1 } }] },
      { response: '', usage },
      '[DONE]',
    ],
    { text: 'Hi you', calls: [['f', { x: 1 }]], complete: true },
  ],
  [
    'an old text generation server sends one tool call and no list',
    [delta({ tool_calls: { index: 0, id: '', function: { name: 'f', arguments: { x: 1 } } } }), finish('eos_token')],
    { calls: [['f', { x: 1 }]], reason: 'tool-calls' },
  ],
  [
    'DeepSeek runs out of resources',
    [say('Hi'), finish('insufficient_system_resource')],
    { text: 'Hi', reason: 'error', complete: false },
  ],
  [
    'vLLM and SGLang stop the engine, and call it an end',
    [
      delta({ tool_calls: [{ index: 0, id: 'c', function: { name: 'rm', arguments: '{}' } }] }),
      finish('abort'),
      '[DONE]',
    ],
    { reason: 'error', complete: false },
  ],
]

describe('a vendor on the OpenAI wire', () => {
  test.each(rows)('%s', async (_, frames, expected) => {
    const { response } = await everyCut('openai', sse(...frames))
    expect(summary(response)).toMatchObject(expected)
  })

  test('llama.cpp tells a failure in the middle in a field of its own', async () => {
    const told = `error: {"code":500,"message":"the slot is gone","type":"server_error"}\n\n`
    const { response } = await everyCut('openai', sse(say('Hi')) + told)
    expect(response.text).toBe('Hi')
    expect(response.error).toMatchObject({ status: 500, message: expect.stringContaining('the slot is gone') })
  })

  test("OpenRouter's details in pieces are joined, kept to be sent back, and sign the thought", async () => {
    const detail = (beside: object) => ({ type: 'reasoning.text', index: 0, format: 'anthropic-claude-v1', ...beside })
    const frames = [
      delta({ reasoning: 'Hm', reasoning_details: [detail({ text: 'Hm' })] }),
      delta({ reasoning: 'm.', reasoning_details: [detail({ text: 'm.' })] }),
      delta({ reasoning: null, reasoning_details: [detail({ signature: 'SIG', text: null })] }),
      delta({ reasoning_details: [{ type: 'reasoning.encrypted', index: 1, data: 'ENC' }] }),
      say('Yes'),
      stop,
    ]
    const { response } = await everyCut('openai', sse(...frames))
    expect(response.message.content).toEqual([
      { type: 'thinking', thinking: 'Hmm.', signature: 'SIG' },
      { type: 'text', text: 'Yes' },
    ])
    expect(response.metadata['reasoning_details']).toEqual([
      detail({ text: 'Hmm.', signature: 'SIG' }),
      { type: 'reasoning.encrypted', index: 1, data: 'ENC' },
    ])
  })

  test('an image that the model made is an image', async () => {
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }
    const { response } = await everyCut('openai', sse(say('Here'), delta({ content: '', images: [image] }), stop))
    expect(response.message.content).toEqual([
      { type: 'text', text: 'Here' },
      { type: 'image', url: 'data:image/png;base64,AAAA', mimeType: 'image/png' },
    ])
  })

  test('a spoken answer is its transcript and one sound', async () => {
    const frames = [
      delta({ audio: { id: 'au_1', transcript: 'Hi' } }),
      delta({ audio: { data: 'AQI=' } }),
      delta({ audio: { transcript: ' you', data: 'AwQ=' } }),
      delta({ audio: { expires_at: 99 } }),
      stop,
    ]
    const { response } = await everyCut('openai', sse(...frames))
    expect(response.message.content).toEqual([
      { type: 'text', text: 'Hi you' },
      {
        type: 'audio',
        url: 'data:audio/pcm;base64,AQIDBA==',
        mimeType: 'audio/pcm',
        metadata: { id: 'au_1', expiresAt: 99 },
      },
    ])
  })

  test('a part that nobody knows is kept in its place', async () => {
    const part = { type: 'reference', reference_ids: [1] }
    const { response } = await everyCut('openai', sse(say('Green'), say([part]), say('!'), stop))
    expect(response.message.content).toMatchObject([
      { text: 'Green' },
      { type: 'raw', dialect: 'openai-chat', value: part },
      { text: '!' },
    ])
  })

  test('sources, searches, probabilities and filters are in the metadata', async () => {
    const logprobs = (token: string) => ({ content: [{ token, logprob: -1 }] })
    const frames = [
      {
        ...chunk({ index: 0, delta: { content: 'A' }, logprobs: logprobs('A'), content_filter_results: { hate: {} } }),
        citations: ['https://a.example'],
      },
      chunk({
        index: 0,
        delta: { content: 'B', annotations: [{ type: 'url_citation' }] },
        logprobs: logprobs('B'),
        content_filter_results: {},
      }),
      chunk(
        { index: 0, delta: {}, finish_reason: 'stop', stop_reason: 'END' },
        { search_results: [{ url: 'x' }], timings: { n: 1 } },
      ),
    ]
    const { response } = await everyCut('openai', sse(...frames))
    expect(response.metadata).toMatchObject({
      citations: ['https://a.example'],
      search_results: [{ url: 'x' }],
      timings: { n: 1 },
      stop_reason: 'END',
      annotations: [{ type: 'url_citation' }],
      content_filter_results: { hate: {} },
      logprobs: { content: [{ token: 'A' }, { token: 'B' }] },
    })
  })

  test('a chunk that nobody knows is forwarded', async () => {
    const { events } = await everyCut('openai', sse(say('Hi'), { weather: 'fine' }, stop))
    expect(events).toContainEqual(expect.objectContaining({ type: 'raw', value: { weather: 'fine' } }))
  })
})
