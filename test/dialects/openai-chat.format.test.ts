// Requests in OpenAI's chat completions form, in both of AgentScope's styles.
import { describe, expect, it } from 'vitest'
import {
  formatOpenAIChat,
  type OpenAIChatRequestAccent,
  requestOpenAIChat,
} from '../../src/dialects/openai-chat.format.ts'
import * as c from './conversations.ts'

const openai: OpenAIChatRequestAccent = {
  contentStyle: 'parts',
  multiAgent: 'roles',
  namedMessages: true,
  streamOptions: true,
}
const common: OpenAIChatRequestAccent = {
  contentStyle: 'text',
  multiAgent: 'folded',
  namedMessages: false,
  streamOptions: false,
}
const part = (text: string) => ({ type: 'text', text })
const toolCall = (id: string, city?: string) => ({
  id,
  type: 'function',
  function: { name: 'wx', arguments: city === undefined ? '{}' : `{"city":"${city}"}` },
})
const interruption = 'The call was interrupted before a result was recorded. It may or may not have run.'

describe("OpenAI's style", () => {
  it.each(['chat', 'multi-agent'] as const)('keeps roles and names in %s mode', (perspective) => {
    expect(formatOpenAIChat(c.conv, perspective, openai)).toEqual([
      { role: 'system', name: 'sys', content: [part('Be terse.')] },
      { role: 'user', name: 'Ann', content: [part('2+2?')] },
      { role: 'assistant', name: 'Cal', content: [part('4')] },
      { role: 'assistant', name: 'Dee', content: [part('Right.')] },
    ])
  })

  it.each(['chat', 'multi-agent'] as const)('keeps tool calls and results in %s mode', (perspective) => {
    expect(formatOpenAIChat(c.tools, perspective, openai).slice(2)).toEqual([
      { role: 'assistant', name: 'Cal', content: [part('Looking.')], tool_calls: [toolCall('c1', 'Rome')] },
      { role: 'tool', tool_call_id: 'c1', content: '18C', name: 'wx' },
    ])
  })

  it('writes one tool message per parallel call, in the order of the calls', () => {
    expect(formatOpenAIChat(c.parallel, 'chat', openai).slice(1, 4)).toEqual([
      { role: 'assistant', name: 'Cal', content: null, tool_calls: [toolCall('c1', 'Rome'), toolCall('c2', 'Oslo')] },
      { role: 'tool', tool_call_id: 'c1', content: '18C', name: 'wx' },
      { role: 'tool', tool_call_id: 'c2', content: '4C', name: 'wx' },
    ])
  })

  it('sends a call that was cut off as an empty object and says that it was interrupted', () => {
    expect(formatOpenAIChat(c.interrupted, 'chat', openai).slice(1, 3)).toEqual([
      { role: 'assistant', name: 'Cal', content: null, tool_calls: [toolCall('c1')] },
      { role: 'tool', tool_call_id: 'c1', content: interruption, name: 'wx' },
    ])
  })

  it('replaces what the wire refuses in a name', () => {
    const [message] = formatOpenAIChat([c.said('Big Bob <3/\\|', 'user', 'Hi')], 'chat', openai)
    expect(message).toEqual({ role: 'user', name: 'Big_Bob_3_', content: [part('Hi')] })
  })

  it.each([
    [
      'an image by URL',
      'image',
      'https://x.test/a.png',
      { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
    ],
    ['an image as data', 'image', c.png, { type: 'image_url', image_url: { url: c.png } }],
    ['audio as data', 'audio', c.wav, { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }],
    ['a file as data', 'file', c.pdf, { type: 'file', file: { filename: 'file.pdf', file_data: c.pdf } }],
  ] as const)('sends %s', (_what, type, url, expected) => {
    const [message] = formatOpenAIChat(c.showing(type, url), 'chat', openai)
    expect(message).toEqual({ role: 'user', name: 'Ann', content: [part('See:'), expected] })
  })

  it('sends video only to servers that take it', () => {
    const [message] = formatOpenAIChat(c.showing('video', c.mp4), 'chat', { ...openai, videoParts: true })
    expect(message?.['content']).toEqual([part('See:'), { type: 'video_url', video_url: { url: c.mp4 } }])
    expect(() => formatOpenAIChat(c.showing('video', c.mp4), 'chat', openai)).toThrow(
      'messages[0] holds a block of type video (data:video/mp4;base64,AAAA) that the OpenAI chat wire cannot carry.',
    )
  })

  it.each([
    ['audio by URL', 'audio', 'https://x.test/a.wav'],
    ['a file by URL', 'file', 'https://x.test/a.pdf'],
    ['audio of a kind that is not known', 'audio', 'data:audio/flac;base64,AA=='],
  ] as const)('refuses %s with advice', (_what, type, url) => {
    expect(() => formatOpenAIChat(c.showing(type, url), 'chat', openai)).toThrow(
      expect.objectContaining({ type: 'input', advice: expect.stringContaining('data URI') }),
    )
  })

  it('moves an image of a tool result into a user message behind all results', () => {
    const shown = [
      c.said('Cal', 'assistant', [c.use('c1', 'Rome'), c.use('c2', 'Oslo')]),
      c.said('sys', 'system', [c.result('c1', [c.text('Map:'), c.media('image', c.png)]), c.result('c2', '4C')]),
    ]
    expect(formatOpenAIChat(shown, 'chat', common).slice(1)).toEqual([
      { role: 'tool', tool_call_id: 'c1', content: 'Map:' },
      { role: 'tool', tool_call_id: 'c2', content: '4C' },
      {
        role: 'user',
        content: [part('Part of the result of wx (c1):'), { type: 'image_url', image_url: { url: c.png } }],
      },
    ])
  })
})

describe('the common style', () => {
  it('keeps roles and plain strings in chat mode', () => {
    expect(formatOpenAIChat(c.conv, 'chat', common)).toEqual([
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: '2+2?' },
      { role: 'assistant', content: '4' },
      { role: 'assistant', content: 'Right.' },
    ])
  })

  it('folds the history into one user message in multi-agent mode', () => {
    expect(formatOpenAIChat(c.conv, 'multi-agent', common)).toEqual([
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: c.history },
    ])
  })

  it('adds an empty user message to a lonely system message, as AgentScope does', () => {
    expect(formatOpenAIChat(c.conv.slice(0, 1), 'multi-agent', common)).toEqual([
      { role: 'system', content: 'Be terse.' },
      { role: 'user', content: '' },
    ])
  })

  it('keeps tool calls native between folded conversation', () => {
    expect(formatOpenAIChat(c.parallel, 'multi-agent', common)).toEqual([
      { role: 'user', content: '## Conversation History\nAnn: Rome and Oslo?' },
      { role: 'assistant', content: null, tool_calls: [toolCall('c1', 'Rome'), toolCall('c2', 'Oslo')] },
      { role: 'tool', tool_call_id: 'c1', content: '18C' },
      { role: 'tool', tool_call_id: 'c2', content: '4C' },
      { role: 'user', content: 'Cal: Warm and cold.\nAnn: Thanks.' },
    ])
  })

  it('folds images behind the words', () => {
    expect(formatOpenAIChat(c.showing('image', c.png), 'multi-agent', common)).toEqual([
      {
        role: 'user',
        content: [part('## Conversation History\nAnn: See:'), { type: 'image_url', image_url: { url: c.png } }],
      },
    ])
  })
})

describe('what goes back to its provider', () => {
  const thought = c.said('Cal', 'assistant', [{ type: 'thinking', thinking: 'Hm.' }, c.text('4')])

  it('sends thinking only under the field that the server names', () => {
    expect(formatOpenAIChat([thought], 'chat', common)).toEqual([{ role: 'assistant', content: '4' }])
    expect(formatOpenAIChat([thought], 'chat', { ...common, replayedReasoningField: 'reasoning_content' })).toEqual([
      { role: 'assistant', content: '4', reasoning_content: 'Hm.' },
    ])
  })

  it('sends the metadata back that the accent names', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'x' }]
    const message = { ...thought, metadata: { reasoning_details: details, responseId: 'r' } }
    expect(formatOpenAIChat([message], 'chat', { ...common, replayedMetadata: ['reasoning_details'] })).toEqual([
      { role: 'assistant', content: '4', reasoning_details: details },
    ])
  })

  it('sends neither thinking nor metadata of another dialect', () => {
    const message = { ...thought, metadata: { dialect: 'gemini', reasoning_details: [1] } }
    const replaying = {
      ...common,
      replayedReasoningField: 'reasoning_content',
      replayedMetadata: ['reasoning_details'],
    }
    expect(formatOpenAIChat([message], 'chat', replaying)).toEqual([{ role: 'assistant', content: '4' }])
  })

  it('puts raw parts into the content, raw fields beside it, and leaves out those of other dialects', () => {
    const raw = (dialect: string, value: unknown) => ({ type: 'raw' as const, dialect, value })
    const blocks = [raw('openai-chat', { type: 'refusal', refusal: 'No.' }), raw('openai-chat', { audio: { id: 'a' } })]
    const message = c.said('Cal', 'assistant', [...blocks, raw('gemini', { executableCode: {} })])
    expect(formatOpenAIChat([message], 'chat', common)).toEqual([
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }], audio: { id: 'a' } },
    ])
  })

  it('drops a message in which only thinking is left', () => {
    const silent = c.said('Cal', 'assistant', [{ type: 'thinking', thinking: 'Hm.' }])
    expect(formatOpenAIChat([silent, c.said('Ann', 'user', 'So?')], 'chat', common)).toEqual([
      { role: 'user', content: 'So?' },
    ])
  })
})

describe('the request', () => {
  const body = (changes: Parameters<typeof c.callOf<OpenAIChatRequestAccent>>[1], accent = openai) =>
    requestOpenAIChat(c.callOf(accent, changes)).body
  const plain = { model: 'm', messages: [{ role: 'user', content: 'Hi!' }] }

  it('goes to the chat completions with the plain messages as they are', () => {
    expect(requestOpenAIChat(c.callOf(openai))).toEqual({
      path: '/chat/completions',
      headers: {},
      body: { ...plain, stream: false },
    })
  })

  it('passes native messages untouched', () => {
    const messages = [{ role: 'tool', tool_call_id: 'x', content: [part('1')], extra: 1 }]
    expect(body({ messages })['messages']).toEqual(messages)
  })

  it.each([
    ['asks for usage when streaming', openai, {}, { include_usage: true }],
    ["respects the user's own options", openai, { stream_options: { a: 1 } }, { a: 1 }],
    ['sends none when the user says null', openai, { stream_options: null }, undefined],
    ['sends none to servers that refuse them', common, {}, undefined],
  ])('%s', (_what, accent, extras, expected) => {
    expect(body({ stream: true, extras }, accent)['stream_options']).toEqual(expected)
    expect(body({ stream: false, extras }, accent)).not.toHaveProperty('stream_options')
  })

  it('passes options through untouched and lets them win over nothing fixed', () => {
    const extras = {
      temperature: 0.1,
      response_format: { type: 'json_object' },
      model: 'x',
      messages: [],
      stream: true,
    }
    expect(body({ extras })).toEqual({
      ...plain,
      stream: false,
      temperature: 0.1,
      response_format: { type: 'json_object' },
    })
  })

  it("offers our tools, then the provider's own", () => {
    expect(body({ tools: [c.wx, { ...c.now, strict: true }], extras: { tools: [{ type: 'web' }] } })['tools']).toEqual([
      { type: 'function', function: { name: 'wx', description: 'Weather', parameters: c.wx.parameters } },
      { type: 'function', function: { name: 'now', parameters: c.nothing, strict: true } },
      { type: 'web' },
    ])
  })

  it.each([
    ['auto', 'auto'],
    ['none', 'none'],
    ['required', 'required'],
    ['now', { type: 'function', function: { name: 'now' } }],
    [undefined, undefined],
  ])('says the tool choice %s in its own form', (toolChoice, expected) => {
    const changes = { tools: [c.wx, c.now], ...(toolChoice !== undefined && { toolChoice }) }
    expect(body(changes)['tool_choice']).toEqual(expected)
  })

  it('sends no choice where there is nothing to choose from', () => {
    expect(body({ toolChoice: 'auto' })).toEqual({ ...plain, stream: false })
  })

  it.each([
    ['a tool that is not offered', [c.wx, c.now], 'fly', 'Tools offered: wx, now.'],
    ['any tool when none is offered', [], 'required', 'Tools offered: none.'],
  ])('refuses to demand %s', (_what, tools, toolChoice, advice) => {
    expect(() => body({ tools, toolChoice })).toThrow(
      expect.objectContaining({ type: 'input', advice: expect.stringContaining(advice) }),
    )
  })
})
