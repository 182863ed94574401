// Requests in the form of Anthropic's messages API.
import { describe, expect, it } from 'vitest'
import { type AnthropicRequestAccent, formatAnthropic, requestAnthropic } from '../../src/dialects/anthropic.format.ts'
import * as c from './conversations.ts'

const accent: AnthropicRequestAccent = { version: '2023-06-01', maxTokens: 2048 }
const toolUse = (id: string, input: object) => ({ type: 'tool_use', id, name: 'wx', input })
const toolResult = (id: string, content: unknown) => ({ type: 'tool_result', tool_use_id: id, content })
const header = '## Conversation History\n'
const assistantOf = (...blocks: Parameters<typeof c.said>[2][]) =>
  formatAnthropic(
    [c.said('Ann', 'user', '?'), ...blocks.map((content) => c.said('Cal', 'assistant', content))],
    'chat',
  )[1]

describe('messages', () => {
  it('have a system string and merged, alternating turns in chat mode', () => {
    expect(formatAnthropic(c.conv, 'chat')).toEqual([
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: [c.text('2+2?')] },
      { role: 'assistant', content: [c.text('4'), c.text('Right.')] },
    ])
  })

  it('are folded into one user message in multi-agent mode', () => {
    expect(formatAnthropic(c.conv, 'multi-agent')).toEqual([
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: [c.text(c.history)] },
    ])
  })

  it.each([
    ['chat', 'Weather in Rome?'],
    ['multi-agent', `${header}Ann: Weather in Rome?`],
  ] as const)('keep tool calls and results in %s mode', (perspective, question) => {
    expect(formatAnthropic(c.tools, perspective)).toEqual([
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: [c.text(question)] },
      { role: 'assistant', content: [c.text('Looking.'), toolUse('c1', { city: 'Rome' })] },
      { role: 'user', content: [toolResult('c1', '18C')] },
    ])
  })

  it('answer parallel calls in one user turn, failures marked, and merge what the user says next', () => {
    expect(formatAnthropic(c.parallel, 'multi-agent').slice(1)).toEqual([
      { role: 'assistant', content: [toolUse('c1', { city: 'Rome' }), toolUse('c2', { city: 'Oslo' })] },
      {
        role: 'user',
        content: [
          toolResult('c1', '18C'),
          { ...toolResult('c2', '4C'), is_error: true },
          c.text('Cal: Warm and cold.\nAnn: Thanks.'),
        ],
      },
    ])
  })

  it('say that a call was interrupted', () => {
    const [, call, answer] = formatAnthropic(c.interrupted, 'chat')
    expect(call).toEqual({ role: 'assistant', content: [toolUse('c1', {})] })
    expect(answer).toMatchObject({
      content: [
        { tool_use_id: 'c1', content: expect.stringContaining('interrupted'), is_error: true },
        c.text('Well?'),
      ],
    })
  })

  it('turn a later system message into a user turn and begin with a user turn', () => {
    const begun = [c.said('Cal', 'assistant', 'Hi!'), c.said('sys', 'system', 'Be loud.')]
    expect(formatAnthropic(begun, 'chat')).toEqual([
      { role: 'user', content: [c.text('(The conversation begins.)')] },
      { role: 'assistant', content: [c.text('Hi!')] },
      { role: 'user', content: [c.text('Be loud.')] },
    ])
  })

  it.each([
    ['an image by URL', 'image', 'https://x.test/a.png', { type: 'url', url: 'https://x.test/a.png' }],
    ['an image as data', 'image', c.png, { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' }],
    ['a document as data', 'file', c.pdf, { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' }],
    ['a text as data', 'file', 'data:text/plain;base64,w6Q=', { type: 'text', media_type: 'text/plain', data: 'ä' }],
  ] as const)('carry %s', (_what, type, url, source) => {
    const block = { type: type === 'image' ? 'image' : 'document', source }
    expect(formatAnthropic(c.showing(type, url), 'chat')[0]?.['content']).toEqual([c.text('See:'), block])
    expect(formatAnthropic(c.showing(type, url), 'multi-agent')[0]?.['content']).toEqual([
      c.text(`${header}Ann: See:`),
      block,
    ])
  })

  it.each(['audio', 'video'] as const)('refuse %s, naming the message and the wire', (type) => {
    expect(() => formatAnthropic(c.showing(type, c.wav), 'chat')).toThrow(
      /messages\[0\] holds a block of type .* the Anthropic wire cannot carry/,
    )
  })

  it('keep images inside a tool result', () => {
    const shown = [
      ...c.tools.slice(0, 3),
      c.said('sys', 'system', [c.result('c1', [c.text('Map:'), c.media('image', c.png)])]),
    ]
    expect(formatAnthropic(shown, 'chat').at(-1)?.['content']).toEqual([
      toolResult('c1', [
        c.text('Map:'),
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
      ]),
    ])
  })

  it('move an image of the assistant into the user turn behind', () => {
    const drawn = [
      c.said('Ann', 'user', 'Draw.'),
      c.said('Cal', 'assistant', [c.media('image', 'https://x.test/a.png')]),
    ]
    expect(formatAnthropic(drawn, 'chat')).toEqual([
      {
        role: 'user',
        content: [
          c.text('Draw.'),
          c.text('Sent by Cal:'),
          { type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } },
        ],
      },
    ])
  })
})

describe('what goes back to its provider', () => {
  it('is signed and redacted thinking in its place, before the calls', () => {
    const thinking = { type: 'thinking' as const, thinking: 'Hm.', signature: 's1' }
    const redacted = { type: 'thinking' as const, thinking: '', redacted: 'blob' }
    expect(assistantOf([thinking, redacted, c.text('So'), c.use('c1', 'Rome')])?.['content']).toEqual([
      { type: 'thinking', thinking: 'Hm.', signature: 's1' },
      { type: 'redacted_thinking', data: 'blob' },
      c.text('So'),
      toolUse('c1', { city: 'Rome' }),
    ])
  })

  it('is not thinking without a signature, nor text of white space', () => {
    const content = [{ type: 'thinking' as const, thinking: 'Hm.' }, c.text(' \n'), c.text('4')]
    expect(assistantOf(content)?.['content']).toEqual([c.text('4')])
  })

  it('is a raw block as it came, also in multi-agent mode', () => {
    const value = { type: 'server_tool_use', id: 'srv', name: 'web_search', input: {} }
    const raw = [c.said('Cal', 'assistant', [{ type: 'raw', dialect: 'anthropic', value }, c.text('Found.')])]
    for (const perspective of ['chat', 'multi-agent'] as const) {
      expect(formatAnthropic(raw, perspective)[1]).toEqual({
        role: 'assistant',
        content: [value, c.text('Found.')],
      })
    }
  })
})

describe('the request', () => {
  const request = (changes: Parameters<typeof c.callOf<AnthropicRequestAccent>>[1] = {}) =>
    requestAnthropic(c.callOf(accent, changes))
  const hi = { role: 'user', content: 'Hi!' }

  it.each([true, false])('names the version and the token limit with stream %s', (stream) => {
    expect(request({ stream })).toEqual({
      path: '/v1/messages',
      headers: { 'anthropic-version': '2023-06-01' },
      body: { model: 'm', max_tokens: 2048, messages: [hi], stream },
    })
  })

  it.each([
    ['one string', [{ role: 'system', content: 'A' }], undefined, 'A'],
    [
      'several, joined',
      [
        { role: 'system', content: 'A' },
        { role: 'system', content: 'B' },
      ],
      undefined,
      'A\n\nB',
    ],
    ["the option's first", [{ role: 'system', content: 'B' }], 'A', 'A\n\nB'],
    [
      'lists of blocks',
      [
        { role: 'system', content: [{ ...c.text('A'), cache_control: {} }] },
        { role: 'system', content: 'B' },
      ],
      undefined,
      [{ ...c.text('A'), cache_control: {} }, c.text('B')],
    ],
  ])('lifts leading system messages: %s', (_what, head, system, expected) => {
    const { body } = request({ messages: [...head, hi], extras: { system } })
    expect(body).toMatchObject({ system: expected, messages: [hi] })
  })

  it('takes names and later system roles from plain messages and leaves native ones untouched', () => {
    const native = { role: 'user', content: [{ ...c.text('x'), cache_control: { type: 'ephemeral' } }] }
    const messages = [{ ...hi, name: 'Ann' }, native, { role: 'system', content: 'Be loud.' }]
    expect(request({ messages }).body['messages']).toEqual([hi, native, { role: 'user', content: 'Be loud.' }])
  })

  it('passes options through untouched', () => {
    const extras = { max_tokens: 9, thinking: { type: 'adaptive' }, metadata: { user_id: 'u' }, stream: true }
    expect(request({ extras }).body).toEqual({
      model: 'm',
      messages: [hi],
      stream: false,
      max_tokens: 9,
      thinking: { type: 'adaptive' },
      metadata: { user_id: 'u' },
    })
  })

  it("offers our tools in its own form, then the provider's own", () => {
    const search = { type: 'web_search_20250305', name: 'web_search' }
    const { body } = request({ tools: [c.wx, c.now], extras: { tools: [search] }, toolChoice: 'web_search' })
    expect(body).toMatchObject({
      tools: [
        { name: 'wx', description: 'Weather', input_schema: c.wx.parameters },
        { name: 'now', input_schema: c.nothing },
        search,
      ],
      tool_choice: { type: 'tool', name: 'web_search' },
    })
  })

  it.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    ['wx', { type: 'tool', name: 'wx' }],
  ])('says the tool choice %s in its own form', (toolChoice, expected) => {
    expect(request({ tools: [c.wx], toolChoice }).body['tool_choice']).toEqual(expected)
  })
})
