// Rows G1 to G12 of the wire requirements, and what else Gemini puts into parts.
import { describe, expect, test } from 'vitest'
import { everyCut, sse, summary } from '../suites/every-cut.ts'
import { wireServer } from '../suites/wire-server.ts'
import { wrapperFor } from '../suites/wrappers.ts'

const parts = (...list: unknown[]) => ({ candidates: [{ index: 0, content: { role: 'model', parts: list } }] })
const say = (text: string) => parts({ text })
const end = (finishReason = 'STOP', beside: object = {}) => ({ candidates: [{ index: 0, finishReason, ...beside }] })
const call = (name: string, args?: unknown, beside: object = {}) => ({
  functionCall: { name, ...(args !== undefined && { args }) },
  ...beside,
})
const unavailable = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } }

type Row = [sentence: string, frames: unknown[], expected: object]

const rows: Row[] = [
  [
    'G1: several parts in one chunk are thinking and text, in order',
    [parts({ text: 'Hm', thought: true }, { text: 'A' }, { text: 'Hm again', thought: true }, { text: 'B' }), end()],
    { text: 'AB', thinking: 'HmHm again', blocks: ['thinking', 'text', 'thinking', 'text'] },
  ],
  [
    'G2: two calls of the same name without ids are two calls',
    [parts(call('f', { x: 1 }), call('f', { x: 1 })), end()],
    {
      calls: [
        ['f', { x: 1 }],
        ['f', { x: 1 }],
      ],
      reason: 'tool-calls',
    },
  ],
  [
    'G4: a prompt that was blocked leaves no candidates and ends by the filter',
    [{ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 4 } }],
    { text: '', reason: 'content-filter', complete: true, usage: { inputTokens: 4 } },
  ],
  [
    'G5: SAFETY after some text keeps the text',
    [say('Well'), end('SAFETY')],
    { text: 'Well', reason: 'content-filter', complete: true },
  ],
  [
    'G6: a content without parts and a chunk with counters only are fine',
    [
      say('Hi'),
      { candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }] },
      { usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2, totalTokenCount: 6 } },
    ],
    { text: 'Hi', reason: 'stop', usage: { inputTokens: 4, outputTokens: 2, totalTokens: 6 } },
  ],
  [
    'G7: an error in the middle keeps what came before',
    [say('Hi'), unavailable],
    { text: 'Hi', reason: 'error', complete: false },
  ],
  [
    'G9: an end without a finish reason is a truncated reply',
    [say('Hi')],
    { text: 'Hi', reason: 'truncated', complete: false },
  ],
  [
    'G11: STOP on early empty chunks stops nothing',
    [parts({ text: '' }), end('STOP', { content: { parts: [{ text: '' }] } }), say('Hi'), say(' you'), end()],
    { text: 'Hi you', reason: 'stop', blocks: ['text'] },
  ],
  ['G12: a call without args takes none', [parts(call('now')), end()], { calls: [['now', {}]] }],
  ['a call with args of null takes none', [parts(call('now', null)), end()], { calls: [['now', {}]] }],
  ['an error of null is none', [{ ...say('Hi'), error: null }, end()], { text: 'Hi', reason: 'stop' }],
  [
    'a reply that is a list of chunks is read in order',
    [[say('Hi'), say(' you')], [end()]],
    { text: 'Hi you', reason: 'stop' },
  ],
  ['a length limit is a length limit', [say('Hi'), end('MAX_TOKENS')], { reason: 'length', complete: true }],
  ['a finish reason that nobody knows is unknown', [say('Hi'), end('BORED')], { reason: 'unknown', complete: true }],
  [
    'an unspecified finish reason is none',
    [say('Hi'), end('FINISH_REASON_UNSPECIFIED'), say('!'), end()],
    { text: 'Hi!', reason: 'stop' },
  ],
  [
    'candidates may be empty',
    [{ candidates: [] }, say('Hi'), { candidates: [{}] }, end()],
    { text: 'Hi', reason: 'stop' },
  ],
  [
    'thoughts are counted into the output',
    [
      say('Hi'),
      {
        ...end(),
        usageMetadata: {
          promptTokenCount: 4,
          candidatesTokenCount: 2,
          thoughtsTokenCount: 30,
          totalTokenCount: 36,
          cachedContentTokenCount: 3,
        },
      },
    ],
    { usage: { inputTokens: 4, outputTokens: 32, totalTokens: 36, reasoningTokens: 30, cachedInputTokens: 3 } },
  ],
  [
    'a chunk whose usage counts nothing, as on Vertex, takes no counters away',
    [
      { ...say('Hi'), usageMetadata: { promptTokenCount: 4 } },
      { ...end(), usageMetadata: { trafficType: 'ON_DEMAND' } },
    ],
    { usage: { inputTokens: 4 } },
  ],
]

describe("Gemini's wire", () => {
  test.each(rows)('%s', async (_, frames, expected) => {
    const { response } = await everyCut('gemini', sse(...frames))
    expect(summary(response)).toMatchObject(expected)
  })

  test('G2: ids that are minted differ within a reply and are the same every time', async () => {
    const body = sse(parts(call('f', { x: 1 }), call('f', { x: 1 })), end())
    const [first, second] = [await everyCut('gemini', body), await everyCut('gemini', body)]
    expect(new Set(summary(first.response).ids).size).toBe(2)
    expect(summary(second.response).ids).toEqual(summary(first.response).ids)
  })

  test('G2: an id of the wire is kept', async () => {
    const { response } = await everyCut(
      'gemini',
      sse(parts({ functionCall: { id: 'own', name: 'f', args: {} } }), end()),
    )
    expect(summary(response).ids).toEqual(['own'])
  })

  test('G3: signatures stay on their parts', async () => {
    const signed = [call('f', {}, { thoughtSignature: 'S1' }), call('g', {})]
    const { response } = await everyCut(
      'gemini',
      sse(parts(...signed), parts({ text: 'Hi', thoughtSignature: 'S2' }), end()),
    )
    expect(response.message.content).toMatchObject([
      { name: 'f', signature: 'S1' },
      { name: 'g' },
      { type: 'text', text: 'Hi', signature: 'S2' },
    ])
    expect(response.message.content[1]).not.toHaveProperty('signature')
  })

  test.each([{ text: '', thoughtSignature: 'S' }, { thoughtSignature: 'S' }])(
    'G3: an empty last part %j signs the text before it and is not shown',
    async (last) => {
      const { events, response } = await everyCut('gemini', sse(say('Hi'), parts(last), end()))
      expect(response.message.content).toEqual([{ type: 'text', text: 'Hi', signature: 'S' }])
      expect(events.filter(({ type }) => type === 'text-delta')).toHaveLength(1)
    },
  )

  test('G4: the block reason is in the metadata', async () => {
    const promptFeedback = { blockReason: 'SAFETY', safetyRatings: [{ category: 'X', blocked: true }] }
    const { response } = await everyCut('gemini', sse({ promptFeedback }))
    expect(response.metadata).toMatchObject({ blockReason: 'SAFETY', promptFeedback })
    expect(response.ending).toMatchObject({ raw: 'SAFETY' })
  })

  test('G7: the error tells its code and may pass', async () => {
    const { response } = await everyCut('gemini', sse(say('Hi'), unavailable))
    expect(response.error).toMatchObject({ code: 503, retryable: true, partialText: 'Hi' })
  })

  test.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL'])(
    'G8: %s is an error that may pass and no end',
    async (reason) => {
      const { response } = await everyCut('gemini', sse(say('Hi'), end(reason, { finishMessage: 'what?' })))
      expect(summary(response)).toMatchObject({ text: 'Hi', reason: 'error', complete: false })
      expect(response.error).toMatchObject({
        code: 'bad_tool_call',
        retryable: true,
        message: expect.stringContaining('what?'),
      })
    },
  )

  test('G10: an error as the first event is tried again', async () => {
    const good = { body: sse(say('Hi'), end()) }
    await using server = await wireServer({ body: sse(unavailable), headers: { 'retry-after-ms': '1' } }, good)
    const response = await wrapperFor('gemini', { baseUrl: server.url, maxRetries: 1 }).call([
      { role: 'user', content: 'Hi' },
    ])
    expect(await response.getText()).toBe('Hi')
    expect(server.received).toHaveLength(2)
  })
})

describe("Gemini's other parts", () => {
  test('code that the provider ran is kept in its place and is no tool call', async () => {
    const code = { executableCode: { language: 'PYTHON', code: '1+1' } }
    const result = { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2' } }
    const { response } = await everyCut('gemini', sse(say('So'), parts(code), parts(result, { text: '2' }), end()))
    expect(response.message.content).toEqual([
      { type: 'text', text: 'So' },
      { type: 'raw', dialect: 'gemini', value: code },
      { type: 'raw', dialect: 'gemini', value: result },
      { type: 'text', text: '2' },
    ])
    expect(response.toolCalls).toEqual([])
  })

  test('an image comes out as an image, with its signature', async () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'AAAA' }, thoughtSignature: 'S' }
    const { response } = await everyCut('gemini', sse(say('Here'), parts(image), end()))
    expect(response.message.content).toEqual([
      { type: 'text', text: 'Here' },
      { type: 'image', url: 'data:image/png;base64,AAAA', mimeType: 'image/png', signature: 'S' },
    ])
  })

  test('a file is named by its address', async () => {
    const file = { fileData: { mimeType: 'video/mp4', fileUri: 'gs://a/b.mp4' } }
    const { response } = await everyCut('gemini', sse(parts(file), end()))
    expect(response.message.content).toEqual([{ type: 'video', url: 'gs://a/b.mp4', mimeType: 'video/mp4' }])
  })

  test('sources and ratings are in the metadata, and an empty later one takes none away', async () => {
    const groundingMetadata = { webSearchQueries: ['x'], groundingChunks: [{ web: { uri: 'https://a.example' } }] }
    const { response } = await everyCut(
      'gemini',
      sse(say('Hi'), end('STOP', { groundingMetadata }), end('STOP', { groundingMetadata: {} })),
    )
    expect(response.metadata).toMatchObject({ groundingMetadata })
  })

  test('another candidate is no part of the message', async () => {
    const other = { candidates: [{ index: 1, content: { parts: [{ text: 'B' }] }, finishReason: 'MAX_TOKENS' }] }
    const { response } = await everyCut('gemini', sse(say('A'), other, end()))
    expect(summary(response)).toMatchObject({ text: 'A', reason: 'stop' })
    expect(response.metadata['otherChoices']).toEqual([{ index: 1, text: 'B', finishReason: 'MAX_TOKENS' }])
  })

  const piece = (jsonPath: string, value: object) => ({ jsonPath, ...value })
  const pieces = [
    parts({ functionCall: { name: 'f', willContinue: true }, thoughtSignature: 'S' }),
    parts({
      functionCall: { partialArgs: [piece('$.city', { stringValue: 'Par', willContinue: true })], willContinue: true },
    }),
    parts({
      functionCall: {
        partialArgs: [piece('$.city', { stringValue: 'is' }), piece("$.days[1]['n']", { numberValue: 2 })],
        willContinue: true,
      },
    }),
    parts({
      functionCall: {
        partialArgs: [piece('$.warm', { boolValue: true }), piece('$.__proto__.x', { nullValue: 'NULL_VALUE' })],
        willContinue: true,
      },
    }),
  ]

  test('arguments that come in pieces are one call', async () => {
    const { response } = await everyCut('gemini', sse(...pieces, parts({ functionCall: {} }), end()))
    const [call] = response.toolCalls
    expect(call?.rawInput).toBe('{"city":"Paris","days":[null,{"n":2}],"warm":true,"__proto__":{"x":null}}')
    expect(response.toolCalls).toHaveLength(1)
    expect(response.message.content).toMatchObject([{ name: 'f', signature: 'S' }])
  })

  test('arguments that came only in part prove no input', async () => {
    const { response } = await everyCut('gemini', sse(...pieces))
    expect(summary(response)).toMatchObject({ calls: [['f', undefined]], reason: 'truncated' })
  })
})
