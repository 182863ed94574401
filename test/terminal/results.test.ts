// Results of tools on the screen: side by side, failed, with blocks, and how far they are.
import { describe, expect, it } from 'vitest'
import type { BlockEnd, StreamEvent } from '../../src/core/event.ts'
import { onPaper, onScreen, toolResult } from './paper.ts'
import { StillClock } from './time.ts'

const id = 'm-results'
const [start, first] = toolResult('c-1', 'look')
const second: StreamEvent = {
  type: 'block-start',
  id,
  index: 1,
  block: { type: 'tool_result', id: 'c-2', name: 'find', output: '' },
}
const delta = (index: number, text: string): StreamEvent => ({ type: 'tool-result-delta', id, index, delta: text })
const end = (index: number, more: Partial<BlockEnd> = {}): StreamEvent => ({ type: 'block-end', id, index, ...more })
const over: StreamEvent = { type: 'message-end', id, ending: { reason: 'stop', complete: true } }
const image = { type: 'image', url: 'https://x.example/a.png' } as const

const results: [what: string, events: StreamEvent[], text: string][] = [
  ['text that grows', [delta(0, 'a'), delta(0, 'b'), end(0)], 'Friday ← look: ab\n'],
  ['nothing', [end(0)], 'Friday ← look: \n'],
  ['a failure', [delta(0, 'boom'), end(0, { isError: true })], 'Friday ← look: boom [failed]\n'],
  [
    'a refusal',
    [delta(0, 'no'), end(0, { isError: true, metadata: { state: 'denied' } })],
    'Friday ← look: no [denied]\n',
  ],
  [
    'an interruption',
    [end(0, { isError: true, metadata: { state: 'interrupted' } })],
    'Friday ← look: [interrupted]\n',
  ],
  ['blocks', [end(0, { output: [{ type: 'text', text: 'Look:' }, image] })], `Friday ← look: Look: ${image.url}\n`],
  [
    'blocks besides text that was heard',
    [delta(0, 'Look:'), end(0, { output: [{ type: 'text', text: 'Look:' }, image] })],
    `Friday ← look: Look: ${image.url}\n`,
  ],
  [
    'two at once',
    [second, delta(1, 'b1'), delta(0, 'a1'), delta(1, ' b2'), end(1), delta(0, ' a2'), end(0)],
    'Friday ← look: a1 a2\nFriday ← find: b1 b2\n',
  ],
]

describe('a tool result', () => {
  it.each(results)('with %s', (_, events, text) => {
    const { paper, show } = onPaper()
    show(start, first, ...events, over)
    expect(paper.text).toBe(text)
  })

  it('leaves no half line while nothing has come, and others may speak meanwhile', () => {
    const { paper, show } = onPaper()
    show(start, first)
    const message = { type: 'message-start', id: 'm-2', role: 'assistant', name: 'Bob' } as const
    const block = { type: 'block-start', id: 'm-2', index: 0, block: { type: 'text', text: 'Hi' } } as const
    show(message, block, { ...over, id: 'm-2' }, delta(0, 'a'), end(0), over)
    expect(paper.text).toBe('Bob: Hi\nFriday ← look: a\n')
  })
})

describe('news of how far a tool is', () => {
  const news = (text: string): StreamEvent => ({
    type: 'notice',
    id,
    kind: 'progress',
    text,
    details: { callId: 'c-1', tool: 'look' },
  })

  it('are shown in place where the screen can be redrawn, and leave nothing behind', () => {
    const { screen, clock, show } = onScreen()
    show(start, first, news('10 %'), news('20 %'))
    clock.pass(40)
    expect(screen.visible).toEqual(['Friday │ · look: 20 %'])
    show(delta(0, 'a'), end(0), over)
    expect(screen.lines).toEqual(['Friday ← look: a'])
  })

  it('are lines elsewhere, one a second', () => {
    const { paper, show } = onPaper({ clock: new StillClock() })
    show(start, first, news('10 %'), news('11 %'), delta(0, 'a'), end(0), over)
    expect(paper.text).toBe('Friday · look: 10 %\nFriday ← look: a\n')
  })
})
