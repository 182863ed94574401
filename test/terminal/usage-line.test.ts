// The line behind a message: tokens, the time to the first of them, and the rate.
import { describe, expect, it } from 'vitest'
import type { MessageEnd, StreamEvent } from '../../src/core/event.ts'
import { onScreen, told } from './paper.ts'

const usage = { inputTokens: 120, outputTokens: 45, cachedInputTokens: 80, reasoningTokens: 20 }

/** A message whose first word comes after 310 ms, and whose last one 900 ms later. */
function lineOf(end: Partial<MessageEnd>, events = told((w) => w.text('Hi'))): string[] {
  const { screen, clock, show } = onScreen({ usage: true })
  const [start, block, delta, blockEnd, last] = events as [
    StreamEvent,
    StreamEvent,
    StreamEvent,
    StreamEvent,
    MessageEnd,
  ]
  show(start)
  clock.pass(310)
  show(block, delta)
  clock.pass(900)
  show(delta, blockEnd, { ...last, ...end })
  return screen.lines.slice(1)
}

describe('the usage line', () => {
  it.each<[string, Partial<MessageEnd>, string[]]>([
    [
      'everything that the provider counted, timed from the request',
      { usage, timing: { firstContentMs: 500, durationMs: 1400 } },
      ['120 in (80 cached) · 45 out (20 reasoning) · first token 0.50 s · 50 tokens/s'],
    ],
    [
      'times of its own when the message brings none',
      { usage: { inputTokens: 12, outputTokens: 9 } },
      ['12 in · 9 out · first token 0.31 s · 10 tokens/s'],
    ],
    ['no guess for what was not counted', { usage: { outputTokens: 3 }, timing: { durationMs: 20 } }, ['? in · 3 out']],
    [
      'that nothing was counted',
      { timing: { firstContentMs: 31_000, durationMs: 31_010 } },
      ['no token counts · first token 31.0 s'],
    ],
    ['nothing for what no model said', {}, []],
  ])('tells %s', (_, end, lines) => {
    expect(lineOf(end)).toEqual(lines)
  })

  it('is only there when it is wanted, and never behind a message of the user', () => {
    const { screen, show } = onScreen()
    show(...told((w) => w.text('Hi')).map((event) => (event.type === 'message-end' ? { ...event, usage } : event)))
    expect(screen.lines).toEqual(['Friday: Hi'])
    const said = told((w) => w.text('Hi')).map((event) =>
      event.type === 'message-start' ? { ...event, role: 'user' as const } : event,
    )
    expect(lineOf({ usage }, said)).toEqual([])
  })
})
