// What stands in the terminal for every kind of event, and whose turn it is.
import { describe, expect, it } from 'vitest'
import type { Ending } from '../../src/core/ending.ts'
import { AbortedError, BudgetError, errorInfo, TimeoutError, WireError } from '../../src/core/error.ts'
import type { EventWriter } from '../../src/core/writer.ts'
import { warningsOf } from '../agents/listening.ts'
import { keyboard, onPaper, Paper, speaker, told } from './paper.ts'

const written: [what: string, write: (writer: EventWriter) => void, text: string][] = [
  ['text in pieces', (w) => ['He', 'llo', '!'].map((each) => w.text(each)), 'Friday: Hello!\n'],
  ['text that ends in a newline', (w) => w.text('Hello!\n'), 'Friday: Hello!\n'],
  ['no text at all', () => {}, 'Friday: \n'],
  ['several lines', (w) => w.text('a\nb'), 'Friday: a\nb\n'],
  ['thinking', (w) => [w.thinking('Hm'), w.thinking('.'), w.text('Yes.')], 'Friday (thinking) Hm.\nFriday: Yes.\n'],
  ['thoughts in between', (w) => [w.text('a'), w.thinking('t'), w.text('b')], 'Friday: a\nFriday (thinking) t\nb\n'],
  [
    'a tool call',
    (w) => {
      const index = w.beginToolUse('c', 'get_weather')
      for (const delta of ['{"city":', '"Rome"}']) w.toolUseDelta(index, delta)
      w.endToolUse(index)
    },
    'Friday → get_weather({"city":"Rome"})\n',
  ],
  [
    'a tool call after text, cut off',
    (w) => [w.text('Look:'), w.toolUseDelta(w.beginToolUse('c', 'look'), '{"at')],
    'Friday: Look:\nFriday → look({"at) [cut off]\n',
  ],
  [
    'a tool result',
    (w) => w.block({ type: 'tool_result', id: 'c', name: 'look', output: 'a\u001b[2Jb' }),
    'Friday ← look: ab\n',
  ],
  ['an image', (w) => w.block({ type: 'image', url: 'https://x.example/a.png' }), 'Friday: https://x.example/a.png\n'],
  [
    'an image inside a URI',
    (w) => w.block({ type: 'image', url: 'data:image/png;base64,AAAA' }),
    'Friday: [image image/png, 26 characters of data]\n',
  ],
  ['an escape sequence cut across chunks', (w) => [w.text('a\u001b[3'), w.text('1mb')], 'Friday: ab\n'],
  ['a notice before the text', (w) => [w.notice('retry', 'again'), w.text('a')], 'Friday · again\nFriday: a\n'],
  [
    'thoughts that broke off, and others in their place',
    (w) => [w.thinking('Hm'), w.notice('resumed', 'asked again'), w.thinking('Well'), w.text('Yes.')],
    'Friday (thinking) Hm\nFriday · asked again\nFriday (thinking) Well\nFriday: Yes.\n',
  ],
  [
    'a notice in the middle of a line',
    (w) => [w.text('a'), w.notice('silence', '10 s'), w.text('b\nc')],
    'Friday: ab\nFriday · 10 s\nc\n',
  ],
]

const request = { type: 'input-request', id: 'q-1', name: 'User' } as const
const never = new AbortController().signal

describe('a message', () => {
  it.each(written)('with %s', (_, write, text) => {
    const { paper, show } = onPaper()
    show(...told(write))
    expect(paper.text).toBe(text)
  })

  it('appears piece by piece, one write each', () => {
    const { paper, show } = onPaper()
    show(...told((w) => ['He', 'llo', '!'].map((each) => w.text(each))))
    expect(paper.writes).toEqual(['Friday: He', 'llo', '!', '\n'])
  })

  it('that starts over begins on a fresh line', () => {
    const { paper, show } = onPaper()
    show(...told((w) => w.text('abc')).slice(0, 3), ...told((w) => w.text('abx')))
    expect(paper.text).toBe('Friday: abc\nFriday: abx\n')
  })

  it('hides its thoughts when it should', () => {
    const { paper, show } = onPaper({ thinking: false })
    show(...told((w) => [w.thinking('secret'), w.text('Yes.')]))
    expect(paper.text).toBe('Friday: Yes.\n')
  })

  it('has its name in its colour, and its thoughts dimmed', () => {
    const { paper, show } = onPaper({ color: true })
    show(...told((w) => [w.thinking('Hm'), w.text('Yes.')]))
    const dim = (text: string) => `\u001b[2m${text}\u001b[0m`
    expect(paper.text).toBe(`${dim('Friday (thinking) ')}${dim('Hm')}\n\u001b[91mFriday\u001b[0m: Yes.\n`)
  })

  it('by a name with an escape sequence in it does no harm', () => {
    const { paper, show } = onPaper()
    show(...told((w) => w.text('a'), 'Fri\u001b[2Jday\n'))
    expect(paper.text).toBe('Friday : a\n')
  })
})

const info = (error: WireError | TimeoutError | AbortedError | BudgetError) => errorInfo(error)
const spent = { inputTokens: 1, outputTokens: 31, estimated: true }
const endings: [mark: string, ending: Ending][] = [
  ['', { reason: 'stop', complete: true }],
  ['', { reason: 'unknown', complete: true }],
  [' [cut at the length limit]', { reason: 'length', complete: true }],
  [' [blocked by the content filter]', { reason: 'content-filter', complete: true }],
  [' [refused]', { reason: 'refusal', complete: true }],
  [' [paused]', { reason: 'pause', complete: true }],
  [' [stopped]', { reason: 'aborted', complete: false }],
  [
    ' [stopped by the budget]',
    { reason: 'aborted', complete: false, error: info(new BudgetError('All is spent.', spent)) },
  ],
  [
    ' [broken off: timeout: stall after 120000 ms]',
    { reason: 'truncated', complete: false, error: info(new TimeoutError('stall', 120_000)) },
  ],
  [' [broken off: two lines]', { reason: 'error', complete: false, error: info(new WireError('two\u001b[2J\nlines')) }],
  [' [broken off]', { reason: 'truncated', complete: false }],
  [' [no answer]', { reason: 'unknown', complete: false, note: 'modelLoaded' }],
  [' [thought, but did not answer]', { reason: 'stop', complete: true, note: 'emptyAnswer' }],
]

describe('the last word', () => {
  it.each(endings)('is%s and one newline for %j', (mark, ending) => {
    const { paper, show } = onPaper()
    show(...told((w) => [w.text('Hello'), w.end(ending)]))
    expect(paper.text).toBe(`Friday: Hello${mark}\n`)
  })

  it('says who was broken off before the first word, and stands alone behind a newline', () => {
    const { paper, show } = onPaper()
    show(...told((w) => w.end({ reason: 'aborted', complete: false }), 'Alice', 'm-1'))
    show(...told((w) => [w.text('Hi\n'), w.end({ reason: 'aborted', complete: false })], 'Bob', 'm-2'))
    expect(paper.text).toBe('Alice: [stopped]\nBob: Hi\n[stopped]\n')
  })
})

describe('two at once', () => {
  it('do not share a line: whole turns, first come, first served', () => {
    const { paper, show } = onPaper()
    const alice = told((w) => [w.text('a1'), w.text(' a2')], 'Alice', 'm-a')
    const bob = told((w) => [w.text('b1'), w.text(' b2')], 'Bob', 'm-b')
    const carl = told((w) => w.text('c1'), 'Carl', 'm-c')
    show(alice[0]!, bob[0]!, carl[0]!, ...bob.slice(1), alice[1]!, alice[2]!, ...carl.slice(1, 3))
    expect(paper.text).toBe('Alice: a1')
    show(...alice.slice(3))
    expect(paper.text).toBe('Alice: a1 a2\nBob: b1 b2\nCarl: c1')
    show(...carl.slice(3))
    expect(paper.text).toBe('Alice: a1 a2\nBob: b1 b2\nCarl: c1\n')
  })

  it('news that belong to nobody wait for the end of the line', () => {
    const { paper, show } = onPaper()
    const alice = told((w) => w.text('a'), 'Alice', 'm-a')
    show(...alice.slice(0, 3), { type: 'error', error: errorInfo(new WireError('lost')) }, ...alice.slice(3))
    expect(paper.text).toBe('Alice: a\n[lost]\n')
  })
})

describe('two terminals', () => {
  it('of one output share its lines, and closing one leaves the other alone', () => {
    const { paper, screen, show } = onPaper()
    const other = onPaper({}, paper)
    const [alice, bob] = ['Alice', 'Bob'].map((name) => told((w) => w.text(`${name}!`), name, name))
    show(...alice!.slice(0, 3))
    other.show(...bob!.slice(0, 3))
    expect(paper.text).toBe('Alice: Alice!')
    screen.close()
    expect(paper.text).toBe('Alice: Alice! [unfinished]\nBob: Bob!')
    other.show(...bob!.slice(3))
    expect(paper.text).toBe('Alice: Alice! [unfinished]\nBob: Bob!\n')
  })

  it('of one input share what was typed before anybody asked, also one after the other', async () => {
    const input = keyboard()
    input.end('one\ntwo\n')
    const first = onPaper({ input })
    expect(await first.screen.ask(request, never)).toBe('one')
    first.screen.close()
    expect(await onPaper({ input }).screen.ask(request, never)).toBe('two')
  })
})

describe('the output', () => {
  it('that is behind is waited for, and only then', async () => {
    const paper = new Paper({ highWaterMark: 16 })
    const { screen } = onPaper({}, paper)
    const [start, block, ...rest] = told((w) => w.text('more than sixteen characters'))
    expect([screen.event(speaker, start!), screen.event(speaker, block!)]).toEqual([undefined, undefined])
    paper.pause()
    const waiting = screen.event(speaker, rest[0]!)
    expect(waiting).toBeInstanceOf(Promise)
    paper.resume()
    await waiting
    for (const event of rest.slice(1)) expect(screen.event(speaker, event)).toBeUndefined()
  })

  it('that nobody reads any more does not stop who speaks', async () => {
    const paper = new Paper({ highWaterMark: 1 })
    const { screen } = onPaper({}, paper)
    paper.pause()
    const [start, block, delta, ...rest] = told((w) => w.text('a long line'))
    for (const event of [start!, block!]) void screen.event(speaker, event)
    const waiting = screen.event(speaker, delta!)
    paper.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    await waiting
    for (const event of rest) expect(screen.event(speaker, event)).toBeUndefined()
  })

  it.each([
    ['EPIPE', 0],
    ['ENOSPC', 1],
  ])('that fails with %s is warned of %i times, for only a reader that left is no loss', async (code, times) => {
    const { paper, show } = onPaper()
    const warnings = await warningsOf(async () => {
      paper.destroy(Object.assign(new Error(`write ${code}`), { code }))
      await new Promise((resolve) => paper.once('close', resolve))
      show(...told((w) => w.text('Hello')))
    })
    expect(warnings.filter((warning) => warning.includes(code))).toHaveLength(times)
  })

  it('gets no escape sequence at all when it is no terminal', () => {
    const paper = new Paper()
    const screen = onPaper({}, paper)
    screen.show(
      ...told((w) => [w.thinking('t'), w.text('\u001b[31mred'), w.end({ reason: 'aborted', complete: false })]),
    )
    expect(paper.text).not.toContain('\u001b')
  })
})

describe('a question', () => {
  it('waits until the message on the screen has ended', async () => {
    const input = keyboard(true)
    const { paper, screen, show } = onPaper({ input }, new Paper({ isTTY: true }))
    const message = told((w) => w.text('Hello'))
    show(...message.slice(0, 3))
    const answer = screen.ask(request, never)
    input.write('Hi!\n')
    show(...message.slice(3))
    expect(await answer).toBe('Hi!')
    expect(paper.text).toBe('Friday: Hello\nUser Input: ')
  })

  it('holds back what others say until it has been answered', async () => {
    const input = keyboard(true)
    const { paper, screen, show } = onPaper({ input }, new Paper({ isTTY: true }))
    const answer = screen.ask({ ...request, name: 'Ann' }, never)
    await new Promise((resolve) => setImmediate(resolve))
    show(...told((w) => w.text('Hello')))
    expect(paper.text).toBe('Ann: ')
    input.write('Hi!\n')
    await answer
    await new Promise((resolve) => setImmediate(resolve))
    expect(paper.text).toBe('Ann: Friday: Hello\n')
  })

  it('that was typed on this screen is not shown again; one from a pipe is', async () => {
    for (const [isTTY, text] of [
      [true, 'User Input: '],
      [false, 'User: Hi!\n'],
    ] as const) {
      const input = keyboard(isTTY)
      const { paper, screen, show } = onPaper({ input }, new Paper({ isTTY }))
      input.write('Hi!\n')
      await screen.ask(request, never)
      show(...told((w) => w.text('Hi!'), 'User', 'q-1'))
      expect(paper.text).toBe(text)
    }
  })

  it('is answered line by line, also when all the lines came at once, until the input ends', async () => {
    const input = keyboard()
    const { screen } = onPaper({ input })
    input.end('one\ntwo\nthree')
    const answers = [
      await screen.ask(request, never),
      await screen.ask(request, never),
      await screen.ask(request, never),
    ]
    expect(answers).toEqual(['one', 'two', 'three'])
    await expect(screen.ask(request, never)).rejects.toBeInstanceOf(AbortedError)
  })

  it.each([
    [true, 'User Input: \n', /ended \(Ctrl-D\)/],
    [false, '', /ended \(nothing more comes through the pipe\)/],
  ])('at the end of the input fails with advice and leaves a fresh line (a person: %s)', async (isTTY, text, words) => {
    const input = keyboard(isTTY)
    const { paper, screen } = onPaper({ input }, new Paper({ isTTY }))
    const answer = screen.ask(request, never)
    await new Promise((resolve) => setImmediate(resolve))
    input.end()
    const failure = await answer.catch((error) => error)
    expect(failure).toMatchObject({ type: 'aborted', code: 'end-of-input', advice: expect.stringContaining('catch') })
    expect(failure.message).toMatch(words)
    expect(paper.text).toBe(text)
  })

  it('to an input that breaks has no answer, as at its end', async () => {
    const input = keyboard()
    const { screen } = onPaper({ input })
    const answer = screen.ask(request, never)
    await new Promise((resolve) => setImmediate(resolve))
    input.destroy(Object.assign(new Error('read EIO'), { code: 'EIO' }))
    await expect(answer).rejects.toMatchObject({ type: 'aborted', code: 'end-of-input' })
  })

  it('that nobody waits for any more is taken back, and takes no line with it', async () => {
    const input = keyboard()
    const { screen } = onPaper({ input })
    const stop = new AbortController()
    const first = screen.ask(request, stop.signal)
    stop.abort()
    await expect(first).rejects.toBeInstanceOf(AbortedError)
    input.write('for the second\n')
    expect(await screen.ask(request, never)).toBe('for the second')
  })
})
