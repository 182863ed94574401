// Requests in DashScope's native form.
import { describe, expect, it } from 'vitest'
import { type DashScopeRequestAccent, formatDashScope, requestDashScope } from '../../src/dialects/dashscope.format.ts'
import * as c from './conversations.ts'

const accent: DashScopeRequestAccent = { service: 'by-content', multimodalModels: ['-vl'] }
const toolCall = (id: string, city: string) => ({
  id,
  type: 'function',
  function: { name: 'wx', arguments: `{"city":"${city}"}` },
})

describe('messages', () => {
  it('have lists of parts in chat mode', () => {
    expect(formatDashScope(c.conv, 'chat', accent)).toEqual([
      { role: 'system', content: [{ text: 'Be terse.' }] },
      { role: 'user', content: [{ text: '2+2?' }] },
      { role: 'assistant', content: [{ text: '4' }] },
      { role: 'assistant', content: [{ text: 'Right.' }] },
    ])
  })

  it('are folded into one user message in multi-agent mode', () => {
    expect(formatDashScope(c.conv, 'multi-agent', accent)).toEqual([
      { role: 'system', content: [{ text: 'Be terse.' }] },
      { role: 'user', content: [{ text: c.history }] },
    ])
  })

  it('begin with the header even when there is no history', () => {
    expect(formatDashScope(c.conv.slice(0, 1), 'multi-agent', accent)[1]).toEqual({
      role: 'user',
      content: [{ text: '## Conversation History' }],
    })
  })

  it.each([
    ['chat', [{ text: 'Weather in Rome?' }]],
    ['multi-agent', [{ text: '## Conversation History\nAnn: Weather in Rome?' }]],
  ] as const)('keep tool calls and results in %s mode', (perspective, question) => {
    expect(formatDashScope(c.tools, perspective, accent).slice(1)).toEqual([
      { role: 'user', content: question },
      { role: 'assistant', content: [{ text: 'Looking.' }], tool_calls: [toolCall('c1', 'Rome')] },
      { role: 'tool', tool_call_id: 'c1', content: '18C', name: 'wx' },
    ])
  })

  it('hold parallel calls together and answer them in their order', () => {
    expect(formatDashScope(c.parallel, 'chat', accent).slice(1, 4)).toEqual([
      { role: 'assistant', content: '', tool_calls: [toolCall('c1', 'Rome'), toolCall('c2', 'Oslo')] },
      { role: 'tool', tool_call_id: 'c1', content: '18C', name: 'wx' },
      { role: 'tool', tool_call_id: 'c2', content: '4C', name: 'wx' },
    ])
  })

  it.each([
    ['image', 'https://x.test/a.png'],
    ['image', c.png],
    ['audio', c.wav],
    ['video', c.mp4],
  ] as const)('carry %s %s', (type, url) => {
    expect(formatDashScope(c.showing(type, url), 'chat', accent)).toEqual([
      { role: 'user', content: [{ text: 'See:' }, { [type]: url }] },
    ])
    expect(formatDashScope(c.showing(type, url), 'multi-agent', accent)).toEqual([
      { role: 'user', content: [{ [type]: url }, { text: '## Conversation History\nAnn: See:' }] },
    ])
  })

  it('refuse a file, naming the message and the wire', () => {
    expect(() => formatDashScope(c.showing('file', c.pdf), 'chat', accent)).toThrow(
      /messages\[0\] holds a block of type file .* the DashScope wire cannot carry/,
    )
  })

  it('carry thinking only under the field that the accent names', () => {
    const thought = [c.said('Cal', 'assistant', [{ type: 'thinking', thinking: 'Hm.' }, c.text('4')])]
    expect(formatDashScope(thought, 'chat', accent)).toEqual([{ role: 'assistant', content: [{ text: '4' }] }])
    expect(formatDashScope(thought, 'chat', { ...accent, replayedReasoningField: 'reasoning_content' })).toEqual([
      { role: 'assistant', content: [{ text: '4' }], reasoning_content: 'Hm.' },
    ])
  })
})

describe('the request', () => {
  const request = (changes: Parameters<typeof c.callOf<DashScopeRequestAccent>>[1], own = accent) =>
    requestDashScope(c.callOf(own, changes))
  const parameters = (changes: Parameters<typeof request>[0]) => request(changes).body['parameters']
  const textService = '/services/aigc/text-generation/generation'
  const multimodalService = '/services/aigc/multimodal-generation/generation'

  it('streams deltas over server-sent events', () => {
    expect(request({ stream: true })).toEqual({
      path: textService,
      headers: { 'X-DashScope-SSE': 'enable', Accept: 'text/event-stream' },
      body: {
        model: 'm',
        input: { messages: [{ role: 'user', content: 'Hi!' }] },
        parameters: { result_format: 'message', incremental_output: true },
      },
    })
  })

  it('asks for a whole answer without the streaming options', () => {
    const { headers, body } = request({ extras: { incremental_output: true } })
    expect(headers).toEqual({})
    expect(body['parameters']).toEqual({ result_format: 'message' })
  })

  it("respects a user's own incremental_output", () => {
    expect(parameters({ stream: true, extras: { incremental_output: false } })).toMatchObject({
      incremental_output: false,
    })
  })

  const shown = formatDashScope(c.showing('image', c.png), 'chat', accent)
  it.each([
    ['media in a message', { messages: shown }, accent, multimodalService],
    ['a multimodal model', { model: 'qwen3-vl-plus' }, accent, multimodalService],
    ['an accent that says so', {}, { ...accent, service: 'multimodal-generation' as const }, multimodalService],
    ['an accent that says not', { messages: shown }, { ...accent, service: 'text-generation' as const }, textService],
  ])('chooses the service by %s', (_what, changes, own, path) => {
    expect(request(changes, own).path).toBe(path)
  })

  it('gives the multimodal service every content as a list', () => {
    const messages = [
      ...shown,
      { role: 'assistant', content: '' },
      { role: 'tool', tool_call_id: 'c1', content: '18C' },
    ]
    expect(request({ messages }).body['input']).toEqual({
      messages: [
        ...shown,
        { role: 'assistant', content: [] },
        { role: 'tool', tool_call_id: 'c1', content: [{ text: '18C' }] },
      ],
    })
  })

  it('puts options into the parameters and the rest into its own place', () => {
    const extras = {
      temperature: 0.1,
      enable_thinking: true,
      parameters: { top_k: 5 },
      input: { prompt: 'x' },
      resources: [1],
      model: 'other',
      stream: true,
    }
    expect(request({ extras }).body).toEqual({
      model: 'm',
      input: { prompt: 'x', messages: [{ role: 'user', content: 'Hi!' }] },
      parameters: { result_format: 'message', temperature: 0.1, enable_thinking: true, top_k: 5 },
      resources: [1],
    })
  })

  it.each([
    ['auto', 'auto'],
    ['none', 'none'],
    ['wx', { type: 'function', function: { name: 'wx' } }],
  ])('says the tool choice %s in its own form', (toolChoice, expected) => {
    expect(parameters({ tools: [c.wx, c.now], toolChoice })).toMatchObject({
      tools: [{ function: { name: 'wx' } }, { function: { name: 'now' } }],
      tool_choice: expected,
    })
  })

  it('names the only tool when one is required, and refuses to require one of many', () => {
    expect(parameters({ tools: [c.wx], toolChoice: 'required' })).toMatchObject({
      tool_choice: { type: 'function', function: { name: 'wx' } },
    })
    expect(() => parameters({ tools: [c.wx, c.now], toolChoice: 'required' })).toThrow(
      expect.objectContaining({ type: 'input', advice: expect.stringContaining('wx, now') }),
    )
  })
})
