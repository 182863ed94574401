// Counters of every wire in our terms: input counts all that was sent, output all that was made, nothing is made up.
import { describe, expect, test } from 'vitest'
import { everyCut, lines, namedSse, sse } from '../suites/every-cut.ts'
import { finish, say } from '../suites/openai-chunks.ts'
import type { Wire } from '../suites/wrappers.ts'

const openai = (usage: unknown) => sse(say('Hi'), finish('stop', { usage }))
const anthropic = (usage: unknown) =>
  namedSse(
    { type: 'message_start', message: { id: 'm', usage } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Hi' } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
    { type: 'message_stop' },
  )
const gemini = (usageMetadata: unknown) =>
  sse({ candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }], usageMetadata })
const ollama = (usage: unknown) =>
  lines({ message: { content: 'Hi' }, done: true, done_reason: 'stop', ...(usage as object) })
const dashscope = (usage: unknown) => sse({ output: { text: 'Hi', finish_reason: 'stop' }, usage })

type Row = [wire: Wire, body: (usage: unknown) => string, reported: object, counts: object]

const rows: Row[] = [
  ['openai', openai, { prompt_tokens: 9, completion_tokens: 3 }, { inputTokens: 9, outputTokens: 3, totalTokens: 12 }],
  ['openai', openai, { completion_tokens: 3 }, { outputTokens: 3 }],
  ['openai', openai, { prompt_tokens: 9, completion_tokens: 0 }, { inputTokens: 9, outputTokens: 0, totalTokens: 9 }],
  [
    'openai',
    openai,
    {
      prompt_tokens: 9,
      completion_tokens: 30,
      total_tokens: 39,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 20 },
    },
    {
      inputTokens: 9,
      outputTokens: 30,
      totalTokens: 39,
      cachedInputTokens: 4,
      cacheWriteInputTokens: 2,
      reasoningTokens: 20,
    },
  ],
  [
    'anthropic',
    anthropic,
    { input_tokens: 5, cache_read_input_tokens: 4, cache_creation_input_tokens: 3, output_tokens: 2 },
    { inputTokens: 12, outputTokens: 2, totalTokens: 14, cachedInputTokens: 4, cacheWriteInputTokens: 3 },
  ],
  ['anthropic', anthropic, { output_tokens: 2 }, { outputTokens: 2 }],
  [
    'gemini',
    gemini,
    { promptTokenCount: 5, candidatesTokenCount: 2, thoughtsTokenCount: 3, totalTokenCount: 10 },
    { inputTokens: 5, outputTokens: 5, totalTokens: 10, reasoningTokens: 3 },
  ],
  ['gemini', gemini, { promptTokenCount: 5, totalTokenCount: 5 }, { inputTokens: 5, totalTokens: 5 }],
  ['ollama', ollama, { prompt_eval_count: 5, eval_count: 2 }, { inputTokens: 5, outputTokens: 2, totalTokens: 7 }],
  ['ollama', ollama, { eval_count: 2 }, { outputTokens: 2 }],
  ['dashscope', dashscope, { input_tokens: 5, output_tokens: 2 }, { inputTokens: 5, outputTokens: 2, totalTokens: 7 }],
  ['dashscope', dashscope, { output_tokens: 2 }, { outputTokens: 2 }],
]

const silent: [Wire, (usage: unknown) => string][] = [
  ['openai', openai],
  ['anthropic', anthropic],
  ['gemini', gemini],
  ['ollama', ollama],
  ['dashscope', dashscope],
]

describe('usage', () => {
  test.each(rows)(
    '%s: counts only what was reported, and keeps it as it came',
    async (wire, body, reported, counts) => {
      const { response, events } = await everyCut(wire, body(reported))
      expect(response.usage).toEqual({ ...counts, raw: reported })
      expect(events.at(-1)).toMatchObject({ type: 'message-end', usage: counts })
    },
  )

  test.each(silent)('%s: none that was reported is undefined and never 0', async (wire, body) => {
    for (const usage of [undefined, null, {}]) {
      const { response, events } = await everyCut(wire, body(usage))
      expect(response.usage).toBeUndefined()
      expect(events.at(-1)).not.toHaveProperty('usage')
    }
  })

  test.each(silent)('%s: counters that are no numbers are not reported', async (wire, body) => {
    const words = { prompt_tokens: '9', input_tokens: '9', promptTokenCount: '9', eval_count: '9', output_tokens: null }
    const { response } = await everyCut(wire, body(words))
    expect(response.usage?.inputTokens).toBeUndefined()
    expect(response.usage?.totalTokens).toBeUndefined()
  })
})
