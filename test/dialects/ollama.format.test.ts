// Requests in Ollama's own chat form.
import { describe, expect, it } from 'vitest'
import { formatOllama, type OllamaRequestAccent, requestOllama } from '../../src/dialects/ollama.format.ts'
import * as c from './conversations.ts'

const accent: OllamaRequestAccent = { replaysThinking: true }
const toolCall = (id: string, args: object) => ({ id, function: { name: 'wx', arguments: args } })

describe('messages', () => {
  it('keep roles and strings in chat mode', () => {
    expect(formatOllama(c.conv, 'chat', accent)).toEqual([
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: '2+2?' },
      { role: 'assistant', content: '4' },
      { role: 'assistant', content: 'Right.' },
    ])
  })

  it('are folded into one user message in multi-agent mode', () => {
    expect(formatOllama(c.conv, 'multi-agent', accent)).toEqual([
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: c.history },
    ])
    expect(formatOllama(c.conv.slice(0, 1), 'multi-agent', accent)[1]).toEqual({ role: 'user', content: '' })
  })

  it.each([
    ['chat', 'Weather in Rome?'],
    ['multi-agent', '## Conversation History\nAnn: Weather in Rome?'],
  ] as const)('keep tool calls and results in %s mode', (perspective, question) => {
    expect(formatOllama(c.tools, perspective, accent).slice(1)).toEqual([
      { role: 'user', content: question },
      { role: 'assistant', content: 'Looking.', tool_calls: [toolCall('c1', { city: 'Rome' })] },
      { role: 'tool', content: '18C', tool_name: 'wx', tool_call_id: 'c1' },
    ])
  })

  it('hold parallel calls together, and a call that was cut off as an empty object', () => {
    expect(formatOllama(c.parallel, 'chat', accent)[1]).toEqual({
      role: 'assistant',
      content: '',
      tool_calls: [toolCall('c1', { city: 'Rome' }), toolCall('c2', { city: 'Oslo' })],
    })
    expect(formatOllama(c.interrupted, 'chat', accent)[1]).toMatchObject({ tool_calls: [toolCall('c1', {})] })
  })

  it.each([
    ['chat', 'See:'],
    ['multi-agent', '## Conversation History\nAnn: See:'],
  ] as const)('carry images as bare base64 in %s mode', (perspective, content) => {
    expect(formatOllama(c.showing('image', c.png), perspective, accent)).toEqual([
      { role: 'user', content, images: ['iVBORw0KGgo='] },
    ])
  })

  it.each([
    ['image', 'https://x.test/a.png'],
    ['audio', c.wav],
    ['file', c.pdf],
  ] as const)('refuse %s %s with advice', (type, url) => {
    expect(() => formatOllama(c.showing(type, url), 'chat', accent)).toThrow(
      expect.objectContaining({ type: 'input', advice: expect.stringContaining('data: URI') }),
    )
  })

  it('carry thinking back when the accent says so', () => {
    const thought = [c.said('Cal', 'assistant', [{ type: 'thinking', thinking: 'Hm.' }, c.text('4')])]
    expect(formatOllama(thought, 'chat', accent)).toEqual([{ role: 'assistant', content: '4', thinking: 'Hm.' }])
    expect(formatOllama(thought, 'chat', { replaysThinking: false })).toEqual([{ role: 'assistant', content: '4' }])
  })
})

describe('the request', () => {
  const body = (changes: Parameters<typeof c.callOf<OllamaRequestAccent>>[1]) =>
    requestOllama(c.callOf(accent, changes)).body
  const plain = { model: 'm', messages: [{ role: 'user', content: 'Hi!' }] }

  it.each([true, false])('goes to the chat endpoint with stream %s', (stream) => {
    expect(requestOllama(c.callOf(accent, { stream }))).toEqual({
      path: '/api/chat',
      headers: {},
      body: { ...plain, stream },
    })
  })

  it('sorts options into model options and fields of the request', () => {
    const extras = {
      temperature: 0.1,
      num_predict: 9,
      options: { temperature: 1, seed: 7 },
      keepAlive: '5m',
      format: 'json',
      think: 'low',
      model: 'other',
      stream: true,
    }
    expect(body({ extras })).toEqual({
      ...plain,
      stream: false,
      keep_alive: '5m',
      format: 'json',
      think: 'low',
      options: { temperature: 0.1, num_predict: 9, seed: 7 },
    })
  })

  it.each([
    ['auto', 1],
    [undefined, 1],
    ['none', 0],
  ])('offers tools for the choice %s: %i', (toolChoice, count) => {
    const { tools } = body({ tools: [c.wx], ...(toolChoice !== undefined && { toolChoice }) })
    const offered = [
      { type: 'function', function: { name: 'wx', description: 'Weather', parameters: c.wx.parameters } },
    ]
    expect(tools).toEqual(count === 0 ? undefined : offered)
  })

  it.each(['required', 'wx'])('refuses the choice %s, which this wire cannot say', (toolChoice) => {
    expect(() => body({ tools: [c.wx], toolChoice })).toThrow(
      expect.objectContaining({ type: 'input', message: expect.stringContaining('cannot be told to call a tool') }),
    )
  })
})
