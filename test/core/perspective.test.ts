// Histories before any wire sees them: pairing of calls and results, folding, and what is refused.
import { describe, expect, it } from 'vitest'
import { type Block, Msg } from '../../src/core/message.ts'
import { foldedText, foldHistory, relocateMedia } from '../../src/core/perspective.ts'
import { interruptedCall, turnsOf } from '../../src/core/turns.ts'
import * as c from '../dialects/conversations.ts'

/** Turns as short words: `user:Hi`, `assistant:+c1`, `results:c1=18C`. */
function sketch(messages: readonly Msg[]): string[] {
  return turnsOf(messages, 'openai-chat').map((turn) => {
    if (turn.role === 'results')
      return `results:${turn.results.map((each) => `${each.call.id}=${each.output}`).join(',')}`
    return `${turn.role}:${turn.blocks.map((block) => (block.type === 'tool_use' ? `+${block.id}` : 'text' in block ? block.text : block.type)).join('')}`
  })
}

const calls = (...ids: string[]) =>
  c.said(
    'Cal',
    'assistant',
    ids.map((id) => c.use(id, 'Rome')),
  )
const answers = (...ids: string[]) =>
  c.said(
    'sys',
    'system',
    ids.map((id) => c.result(id, `r-${id}`)),
  )
const hi = c.said('Ann', 'user', 'Hi')

describe('turnsOf', () => {
  it.each([
    [
      'puts results behind their calls in the order of the calls',
      [calls('a', 'b'), answers('b', 'a')],
      ['assistant:+a+b', 'results:a=r-a,b=r-b'],
    ],
    [
      'moves a late result up to its call',
      [calls('a'), hi, answers('a')],
      ['assistant:+a', 'results:a=r-a', 'user:Hi'],
    ],
    ['answers a call without a result', [calls('a'), hi], ['assistant:+a', `results:a=${interruptedCall}`, 'user:Hi']],
    ['leaves out a result without a call', [hi, answers('x')], ['user:Hi']],
    [
      'leaves out a second result of the same call',
      [calls('a'), answers('a'), answers('a')],
      ['assistant:+a', 'results:a=r-a'],
    ],
    [
      'leaves out a result that comes before its call',
      [answers('a'), calls('a')],
      ['assistant:+a', `results:a=${interruptedCall}`],
    ],
    [
      'gives a repeated id to the latest call',
      [calls('a'), calls('a'), answers('a')],
      ['assistant:+a', `results:a=${interruptedCall}`, 'assistant:+a', 'results:a=r-a'],
    ],
    [
      'drops empty messages',
      [c.said('A', 'user', ''), c.said('B', 'user', []), c.said('C', 'user', [c.text('')]), hi],
      ['user:Hi'],
    ],
  ])('%s', (_what, messages, expected) => {
    expect(sketch(messages)).toEqual(expected)
  })

  it('splits one message that holds calls, results and words', () => {
    const blocks = [c.text('A'), c.use('a', 'Rome'), c.result('a', 'x'), c.text('B'), c.use('b', 'Oslo')]
    expect(sketch([c.said('Cal', 'assistant', blocks)])).toEqual([
      'assistant:A+a',
      'results:a=x',
      'assistant:B+b',
      `results:b=${interruptedCall}`,
    ])
  })

  it('keeps the history that it was given as it was', () => {
    const before = structuredClone(c.parallel)
    turnsOf(c.parallel, 'gemini')
    expect(structuredClone(c.parallel)).toEqual(before)
  })

  it.each([
    [
      'an unknown role',
      new Msg('Ann', 'x', 'tool' as 'user'),
      /messages\[1\] \(Ann\) has the role "tool"/,
      'system, user, assistant',
    ],
    [
      'an unknown block',
      new Msg('Ann', [{ type: 'smell' } as unknown as Block], 'user'),
      /messages\[1\]\.content\[0\] \(Ann\) is a block of the type "smell", which is not known/,
      'tool_use',
    ],
    [
      'a block that is null',
      new Msg('Ann', [null as unknown as Block], 'user'),
      /messages\[1\]\.content\[0\] \(Ann\) must be a block, got null/,
      'type: "text"',
    ],
    [
      'content that is a number',
      new Msg('Ann', 7 as unknown as string, 'user'),
      /messages\[1\] \(Ann\): the content must be a string or a list of blocks, got the number 7/,
      'list',
    ],
    [
      'a string in place of a message',
      'Hi' as unknown as Msg,
      /messages\[1\] is a string of 2 characters, not a message/,
      'new Msg',
    ],
  ])('refuses %s, naming its position and what is allowed', (_what, message, words, advice) => {
    expect(() => turnsOf([hi, message], 'gemini')).toThrow(
      expect.objectContaining({
        type: 'input',
        message: expect.stringMatching(words),
        advice: expect.stringContaining(advice),
      }),
    )
  })
})

describe('foldHistory', () => {
  it('keeps only the leading system message apart', () => {
    const { system, turns } = foldHistory(turnsOf([c.conv[0]!, hi, c.said('sys', 'system', 'Later.')], 'gemini'))
    expect(system?.blocks).toEqual([c.text('Be terse.')])
    expect(turns).toEqual([{ role: 'folded', header: true, lines: ['Ann: Hi', 'sys: Later.'], media: [] }])
  })

  it('heads only the first folded turn', () => {
    const { turns } = foldHistory(turnsOf(c.parallel, 'gemini'))
    expect(turns.map((turn) => (turn.role === 'folded' ? foldedText(turn) : turn.role))).toEqual([
      '## Conversation History\nAnn: Rome and Oslo?',
      'assistant',
      'results',
      'Cal: Warm and cold.\nAnn: Thanks.',
    ])
  })

  it('says nothing for a message that only thought, and keeps a run of tool turns whole', () => {
    const thought = c.said('Cal', 'assistant', [{ type: 'thinking', thinking: 'Hm.' }])
    const { turns } = foldHistory(turnsOf([hi, calls('a'), answers('a'), thought, calls('b'), answers('b')], 'gemini'))
    expect(turns.map((turn) => turn.role)).toEqual(['folded', 'assistant', 'results', 'assistant', 'results'])
  })

  it('uses the role of a speaker without a name', () => {
    const { turns } = foldHistory(turnsOf([c.said('', 'user', 'Hi')], 'gemini'))
    expect(turns[0]).toMatchObject({ lines: ['user: Hi'] })
  })

  it('refuses to fold nothing', () => {
    expect(() => foldHistory(turnsOf([], 'gemini'))).toThrow('There is no message to format.')
  })
})

describe('relocateMedia', () => {
  const drawing = c.said('Cal', 'assistant', [c.text('Look'), c.media('image', c.png), c.use('a', 'Rome')])
  const turns = turnsOf([drawing, c.said('sys', 'system', [c.result('a', [c.media('image', c.png)])]), hi], 'gemini')

  it('moves media behind the results of the turn that showed them', () => {
    const moved = relocateMedia(turns, { assistant: false, results: false })
    expect(moved.map((turn) => turn.role)).toEqual(['assistant', 'results', 'user', 'user'])
    expect(moved[2]).toMatchObject({
      blocks: [
        c.text('Sent by Cal:'),
        c.media('image', c.png),
        c.text('Part of the result of wx (a):'),
        c.media('image', c.png),
      ],
    })
  })

  it('leaves them where the wire takes them', () => {
    expect(relocateMedia(turns, { assistant: true, results: true })).toEqual(turns)
  })
})
