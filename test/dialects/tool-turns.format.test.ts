// How calls and thoughts go back where providers are strict: ids, names, arguments, signatures, callers.
import { describe, expect, it } from 'vitest'
import type { Block } from '../../src/core/message.ts'
import { formatAnthropic } from '../../src/dialects/anthropic.format.ts'
import { formatOpenAIChat, type OpenAIChatRequestAccent } from '../../src/dialects/openai-chat.format.ts'
import * as c from './conversations.ts'

const common: OpenAIChatRequestAccent = {
  contentStyle: 'text',
  multiAgent: 'folded',
  namedMessages: false,
  streamOptions: false,
}
type Json = ReturnType<typeof JSON.parse>

/** A call and its result, in each of the answers. */
const asked = (...answers: Block[][]) => [
  c.said('Ann', 'user', '?'),
  ...answers.flatMap((blocks) => [
    c.said('Cal', 'assistant', blocks),
    c.said(
      'Cal',
      'system',
      blocks.flatMap((block) => (block.type === 'tool_use' ? [c.result(block.id, 'ok')] : [])),
    ),
  ]),
]
const anthropic = (...answers: Block[][]): Json[] => formatAnthropic(asked(...answers), 'chat')
const chat = (accent: Partial<OpenAIChatRequestAccent>, ...answers: Block[][]): Json[] =>
  formatOpenAIChat(asked(...answers), 'chat', { ...common, ...accent })

describe('on the Anthropic wire', () => {
  it('an id stands once in a request, whoever counted anew', () => {
    const messages = anthropic([c.use('c1', 'Rome')], [c.use('c1', 'Oslo')], [c.use('c1_2', 'Nice')])
    expect(messages.map(({ content }) => content[0].id ?? content[0].tool_use_id)).toEqual([
      undefined,
      ...['c1', 'c1', 'c1_2', 'c1_2', 'c1_2_2', 'c1_2_2'],
    ])
  })

  it("an id has the wire's letters alone, whoever wrote it", () => {
    const [, call, result] = anthropic([c.use('functions.wx:0', 'Rome')])
    expect([call.content[0].id, result.content[0].tool_use_id]).toEqual(['functions_wx_0', 'functions_wx_0'])
  })

  it('a program of the provider that called is named again', () => {
    const caller = { type: 'code_execution_20250825', tool_id: 'srvtoolu_1' }
    const [, call] = anthropic([{ ...c.use('c1', 'Rome'), metadata: { caller } }])
    expect(call.content[0]).toMatchObject({ type: 'tool_use', id: 'c1', caller })
  })

  it('a made-up name that no tool can have is made one', () => {
    const [, call] = anthropic([{ type: 'tool_use', id: 'c1', name: 'functions.wx now', input: {}, rawInput: '{}' }])
    expect(call.content[0].name).toBe('functions_wx_now')
  })
})

describe("on OpenAI's wire", () => {
  it('arguments are always the text of an object', () => {
    const of = (input: unknown): Block => ({ type: 'tool_use', id: 'c1', name: 'wx', input, rawInput: '' })
    const written = [{ a: 1 }, ['Rome'], 5, null].map(
      (input) => chat({}, [of(input)])[1].tool_calls[0].function.arguments,
    )
    expect(written).toEqual(['{"a":1}', '{"value":["Rome"]}', '{"value":5}', '{}'])
  })

  it.each([
    ['extra-content', { extra_content: { google: { thought_signature: 'sig' } } }],
    ['provider-fields', { provider_specific_fields: { thought_signature: 'sig' } }],
    [undefined, {}],
  ] as const)('the signature of a call goes back by the accent (%s)', (callSignature, signed) => {
    const [, { tool_calls: calls }] = chat({ callSignature }, [c.use('c1', 'Rome', 'sig'), c.use('c2', 'Oslo')])
    const [first, second] = calls.map(({ id: _, type: __, function: ___, ...rest }: Json) => rest)
    expect([first, second]).toEqual([signed, {}])
  })

  it('a call of another model gets the stand-in when it is the first of its turn', () => {
    const accent = { callSignature: 'extra-content', placeholderSignature: 'skip' } as const
    const [, { tool_calls: calls }] = chat(accent, [c.use('c1', 'Rome'), c.use('c2', 'Oslo')])
    expect(calls.map(({ extra_content: extra }: Json) => extra?.google.thought_signature)).toEqual(['skip', undefined])
  })

  const thought: Block = { type: 'thinking', thinking: 'Hm' }

  it('thoughts that broke off before the first word are no message', () => {
    const accent = { replayedReasoningField: 'reasoning_content', replayedMetadata: ['thinking_blocks'] }
    const broken = { ...c.said('Cal', 'assistant', [thought]), metadata: { thinking_blocks: [{ type: 'thinking' }] } }
    const messages = [c.said('Ann', 'user', '?'), broken, c.said('Ann', 'user', 'Well?')]
    expect(formatOpenAIChat(messages, 'chat', { ...common, ...accent }).map(({ role }) => role)).toEqual([
      'user',
      'user',
    ])
  })

  it('thoughts without a signature stay out of the thinking blocks', () => {
    const signed = { type: 'thinking', thinking: 'Hm', signature: 'sig' }
    const sealed = { type: 'redacted_thinking', data: 'x' }
    const message = {
      ...c.said('Cal', 'assistant', [thought, c.text('Yes.')]),
      metadata: { thinking_blocks: [signed, sealed, { type: 'thinking', thinking: 'And' }] },
    }
    const [sent] = formatOpenAIChat([message], 'chat', { ...common, replayedMetadata: ['thinking_blocks'] }) as Json[]
    expect(sent.thinking_blocks).toEqual([signed, sealed])
  })

  it.each([
    [true, ['', undefined]],
    [undefined, [undefined, undefined]],
  ] as const)(
    'a message with calls says that nothing was thought when the accent wants it (%s)',
    (wanted, reasoning) => {
      const accent = { replayedReasoningField: 'reasoning_content', ...(wanted && { replaysEmptyReasoning: wanted }) }
      const [, call, , words] = chat(accent, [c.use('c1', 'Rome')], [c.text('Done.')])
      expect([call.reasoning_content, words.reasoning_content]).toEqual(reasoning)
    },
  )
})
