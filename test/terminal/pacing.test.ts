// The typewriter: bursts become an even flow that is never far behind, and nobody waits for it.
import { describe, expect, it } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import { graphemesOf } from '../../src/terminal/width.ts'
import { numbers } from './crowd.ts'
import { onPaper, onScreen, told } from './paper.ts'

const [start, block, ...rest] = told((w) => w.text('x'))
const end = rest.at(-1) as StreamEvent
const blockEnd = rest.at(-2) as StreamEvent
const text = (delta: string): StreamEvent => ({ type: 'text-delta', id: 'm-1', index: 0, delta })

function paced() {
  const shown = onScreen({ pacing: true })
  shown.show(start!, block!)
  return { ...shown, length: () => shown.screen.lines.join('\n').length - 'Friday: '.length }
}

describe('paced text', () => {
  it('shows its first character at once, and the rest of a burst one after the other within 300 ms', () => {
    const { show, clock, length } = paced()
    show(text('a'.repeat(60)))
    expect(length()).toBe(1)
    const lengths = Array.from({ length: 19 }, () => {
      clock.pass(16)
      return length()
    })
    const steps = lengths.map((each, at) => each - (lengths[at - 1] ?? 1))
    expect(lengths.at(-1)).toBe(60)
    expect(Math.max(...steps)).toBeLessThanOrEqual(8)
  })

  it('is never more than 300 ms behind, however the bursts come', () => {
    const random = numbers(5)
    const { show, clock, length } = paced()
    const came: { at: number; length: number }[] = []
    let sent = 0
    for (let step = 0; step < 300; step++) {
      if (random(3) === 0) {
        const burst = 1 + random(80)
        sent += burst
        show(text('b'.repeat(burst)))
        came.push({ at: clock.now(), length: sent })
      }
      clock.pass(random(200))
      const due = came.filter(({ at }) => at <= clock.now() - 300).at(-1)?.length ?? 0
      expect(length()).toBeGreaterThanOrEqual(due)
    }
  })

  it('comes as fast as it arrives: an even stream is not held back', () => {
    const { show, clock, length } = paced()
    for (let sent = 1; sent <= 200; sent++) {
      show(text('c'))
      clock.pass(10)
      if (sent > 20) expect(sent - length()).toBeLessThan(10)
    }
  })

  it('is whole within 250 ms of the end, at once when it was stopped', () => {
    for (const [ending, ms] of [
      [end, 250],
      [{ ...end, ending: { reason: 'aborted', complete: false } } as StreamEvent, 0],
    ] as const) {
      const { show, clock, screen } = paced()
      show(text('d'.repeat(500)), blockEnd, ending)
      clock.pass(ms)
      expect(screen.lines.join('')).toContain('d'.repeat(500))
      expect(clock.waiting).toBe(0)
    }
  })

  it('cuts no grapheme, wherever the model cut it', () => {
    const whole = '👩‍💻 e\u0301 🇮🇹 한국 你好 👍🏽 '.repeat(6)
    const { show, clock, screen } = paced()
    const seen = () => graphemesOf(screen.lines.join('\n').slice('Friday: '.length))
    for (let at = 0; at < whole.length; at += 3) {
      show(text(whole.slice(at, at + 3)))
      clock.pass(16)
      const shown = seen()
      expect(graphemesOf(whole).slice(0, shown.length - 1)).toEqual(shown.slice(0, -1))
    }
    show(blockEnd, end)
    clock.pass(250)
    expect(screen.lines).toEqual([`Friday: ${whole}`.trimEnd()])
  })
})

describe('pacing', () => {
  it('keeps nobody waiting: an event is taken at once', () => {
    const { terminal } = paced()
    const taken = [text('e'.repeat(1000)), blockEnd, end].map((event) => terminal.event({ name: 'x', id: 'x' }, event))
    expect(taken).toEqual([undefined, undefined, undefined])
  })

  it('does not hold back a tool call, a notice, or what comes when it is closed', () => {
    const { show, screen, terminal } = paced()
    show(text('f'.repeat(100)), blockEnd)
    show({ type: 'notice', id: 'm-1', kind: 'retry', text: 'again' })
    expect(screen.lines.join('')).toContain('f'.repeat(100))
    show(text('g'.repeat(100)), blockEnd, end)
    terminal.close()
    expect(screen.lines).toEqual([`Friday: ${'f'.repeat(100)}${'g'.repeat(100)}`, 'Friday · again'])
  })

  it('is nothing for a pipe', () => {
    const { paper, show } = onPaper({ pacing: true })
    show(start!, block!, text('h'.repeat(100)))
    expect(paper.text).toBe(`Friday: ${'h'.repeat(100)}`)
  })
})
