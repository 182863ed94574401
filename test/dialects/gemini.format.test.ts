// Requests in Gemini's form.
import { describe, expect, it } from 'vitest'
import { formatGemini, type GeminiRequestAccent, requestGemini } from '../../src/dialects/gemini.format.ts'
import * as c from './conversations.ts'

const accent: GeminiRequestAccent = {}
const call = (id: string, args: object) => ({ functionCall: { id, name: 'wx', args } })
const answer = (id: string, response: object) => ({ functionResponse: { id, name: 'wx', response } })
const user = (...parts: object[]) => ({ role: 'user', parts })
const model = (...parts: object[]) => ({ role: 'model', parts })

describe('messages', () => {
  it('keep the system message for the instruction, and the roles, in chat mode', () => {
    expect(formatGemini(c.conv, 'chat', accent)).toEqual([
      { role: 'system', parts: [{ text: 'Be terse.' }] },
      user({ text: '2+2?' }),
      model({ text: '4' }, { text: 'Right.' }),
    ])
  })

  it('are folded into a single user turn in multi-agent mode', () => {
    expect(formatGemini(c.conv, 'multi-agent', accent)).toEqual([user({ text: `Be terse.\n\n${c.history}` })])
  })

  it.each([
    ['chat', [{ role: 'system', parts: [{ text: 'Be terse.' }] }, user({ text: 'Weather in Rome?' })]],
    ['multi-agent', [user({ text: 'Be terse.\n\n## Conversation History\nAnn: Weather in Rome?' })]],
  ] as const)('keep tool calls and results in %s mode', (perspective, head) => {
    expect(formatGemini(c.tools, perspective, accent)).toEqual([
      ...head,
      model({ text: 'Looking.' }, call('c1', { city: 'Rome' })),
      user(answer('c1', { output: '18C' })),
    ])
  })

  it('answer parallel calls in one turn, failures as errors', () => {
    expect(formatGemini(c.parallel, 'multi-agent', accent)).toEqual([
      user({ text: '## Conversation History\nAnn: Rome and Oslo?' }),
      model(call('c1', { city: 'Rome' }), call('c2', { city: 'Oslo' })),
      user(answer('c1', { output: '18C' }), answer('c2', { error: '4C' })),
      user({ text: 'Cal: Warm and cold.\nAnn: Thanks.' }),
    ])
  })

  it('say that a call was interrupted', () => {
    expect(formatGemini(c.interrupted, 'chat', accent).slice(1, 3)).toEqual([
      model(call('c1', {})),
      user(answer('c1', { error: expect.stringContaining('interrupted') })),
    ])
  })

  it('begin with a user turn', () => {
    const called = [c.said('Cal', 'assistant', [c.use('c1', 'Rome')]), c.said('sys', 'system', [c.result('c1', '18C')])]
    expect(formatGemini(called, 'chat', accent)[0]).toEqual(user({ text: '(The conversation begins.)' }))
    expect(formatGemini([c.conv[0]!, ...called], 'multi-agent', accent)[0]).toEqual(user({ text: 'Be terse.' }))
  })

  it.each([
    ['an image as data', 'image', c.png, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }],
    ['audio as data', 'audio', c.wav, { inlineData: { mimeType: 'audio/wav', data: 'UklGRg==' } }],
    [
      'a film by URL',
      'video',
      'https://x.test/a.mp4?x=1',
      { fileData: { mimeType: 'video/mp4', fileUri: 'https://x.test/a.mp4?x=1' } },
    ],
    ['a file of no known type', 'file', 'https://x.test/a', { fileData: { fileUri: 'https://x.test/a' } }],
  ] as const)('carry %s', (_what, type, url, part) => {
    expect(formatGemini(c.showing(type, url), 'chat', accent)).toEqual([user({ text: 'See:' }, part)])
    expect(formatGemini(c.showing(type, url), 'multi-agent', accent)).toEqual([
      user({ text: '## Conversation History\nAnn: See:' }, part),
    ])
  })

  it('put what a result shows behind its answer', () => {
    const shown = [...c.tools.slice(1, 3), c.said('sys', 'system', [c.result('c1', [c.media('image', c.png)])])]
    expect(formatGemini(shown, 'chat', accent).at(-1)).toEqual(
      user(answer('c1', { output: '' }), { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }),
    )
  })
})

describe('signatures', () => {
  const blocks = [
    { type: 'thinking' as const, thinking: 'unsigned' },
    { type: 'thinking' as const, thinking: 'Hm.', signature: 's0' },
    { type: 'text' as const, text: 'So', signature: 's1' },
    c.use('c1', 'Rome', 's2'),
    c.use('c2', 'Oslo'),
    { type: 'text' as const, text: '', signature: 's3' },
    { type: 'raw' as const, dialect: 'gemini', value: { executableCode: { code: '1' } }, signature: 's4' },
  ]
  const signed = [c.said('Ann', 'user', '?'), c.said('Cal', 'assistant', blocks)]

  it('go back on the very part that they came on', () => {
    expect(formatGemini(signed, 'chat', accent)[1]).toEqual(
      model(
        { text: 'Hm.', thought: true, thoughtSignature: 's0' },
        { text: 'So', thoughtSignature: 's1' },
        { ...call('c1', { city: 'Rome' }), thoughtSignature: 's2' },
        call('c2', { city: 'Oslo' }),
        { text: '', thoughtSignature: 's3' },
        { executableCode: { code: '1' }, thoughtSignature: 's4' },
      ),
    )
  })

  it("of another provider stay here, and the accent's placeholder stands in on the first call", () => {
    const foreign = signed.map((message) => ({ ...message, metadata: { dialect: 'anthropic' } }))
    expect(formatGemini(foreign, 'chat', { placeholderSignature: 'skip' })[1]).toEqual(
      model(
        { text: 'So' },
        { ...call('c1', { city: 'Rome' }), thoughtSignature: 'skip' },
        call('c2', { city: 'Oslo' }),
        { executableCode: { code: '1' }, thoughtSignature: 's4' },
      ),
    )
  })
})

describe('the request', () => {
  const request = (changes: Parameters<typeof c.callOf<GeminiRequestAccent>>[1] = {}) =>
    requestGemini(c.callOf(accent, changes))
  const contents = [user({ text: 'Hi!' })]

  it.each([
    ['gemini-x', false, '/models/gemini-x:generateContent'],
    ['gemini-x', true, '/models/gemini-x:streamGenerateContent?alt=sse'],
    ['models/gemini-x', false, '/models/gemini-x:generateContent'],
    ['../x?key=1#', false, '/models/..%2Fx%3Fkey%3D1%23:generateContent'],
  ])('for %s with stream %s goes to %s', (name, stream, path) => {
    expect(request({ model: name, stream })).toEqual({ path, headers: {}, body: { contents } })
  })

  it('lifts leading system messages and turns plain ones into contents', () => {
    const messages = [
      { role: 'system', content: 'A' },
      { role: 'system', parts: [{ text: 'B' }] },
      { role: 'user', content: 'Hi!', name: 'Ann' },
      { role: 'assistant', content: 'Yes?' },
      { role: 'system', content: 'C' },
      { role: 'function', parts: [{ functionResponse: {} }] },
    ]
    expect(request({ messages, extras: { system_instruction: 'Z' } }).body).toEqual({
      systemInstruction: { parts: [{ text: 'Z' }, { text: 'A' }, { text: 'B' }] },
      contents: [...contents, model({ text: 'Yes?' }), user({ text: 'C' }), messages[5]],
    })
  })

  it('refuses a message that is neither form, naming its place', () => {
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'x' }] }]
    expect(() => request({ messages })).toThrow(/messages\[0\] is neither/)
  })

  it('sorts options, in either case, into the generation config and fields of the request', () => {
    const extras = {
      temperature: 0.1,
      max_output_tokens: 9,
      thinkingConfig: { includeThoughts: true },
      generation_config: { topK: 3 },
      safety_settings: [{ category: 'x' }],
      cachedContent: 'c',
      contents: [],
      model: 'other',
    }
    expect(request({ extras }).body).toEqual({
      contents,
      safetySettings: [{ category: 'x' }],
      cachedContent: 'c',
      generationConfig: { temperature: 0.1, maxOutputTokens: 9, thinkingConfig: { includeThoughts: true }, topK: 3 },
    })
  })

  it("declares our tools in one list, then the provider's own", () => {
    const extras = { tools: [{ google_search: {} }], tool_config: { retrievalConfig: { languageCode: 'en' } } }
    expect(request({ tools: [c.wx, c.now], toolChoice: 'wx', extras }).body).toEqual({
      contents,
      tools: [
        {
          functionDeclarations: [
            { name: 'wx', description: 'Weather', parametersJsonSchema: c.wx.parameters },
            { name: 'now' },
          ],
        },
        { google_search: {} },
      ],
      toolConfig: {
        retrievalConfig: { languageCode: 'en' },
        functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['wx'] },
      },
    })
  })

  it.each([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
  ])('says the tool choice %s in its own form', (toolChoice, expected) => {
    expect(request({ tools: [c.wx], toolChoice }).body['toolConfig']).toEqual({ functionCallingConfig: expected })
  })

  it('refuses a tool that is not offered', () => {
    expect(() => request({ tools: [c.wx], toolChoice: 'fly' })).toThrow(/no tool of that name is offered/)
  })
})
