// Several speakers at once in a real screen: what a person sees while they speak, and what stands there afterwards.
import { describe, expect, it } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import type { EventWriter } from '../../src/core/writer.ts'
import { stageOf } from '../../src/terminal/stage.ts'
import { crowd, numbers, orderedBy } from './crowd.ts'
import { onScreen, type Paper, told } from './paper.ts'

const [alice, bob] = [
  told((w) => ['Hello wor', 'ld, this is a long line', ' that wraps'].map((each) => w.text(each)), 'Alice', 'm-a'),
  told((w) => ['Bob says 你好', '，世界', '\nand more'].map((each) => w.text(each)), 'Bob', 'm-b'),
]

describe('lanes', () => {
  it('one who speaks alone flows down the screen: no sequence that moves the cursor', () => {
    const { screen, show } = onScreen()
    show(...alice)
    expect(screen.writes.join('')).toBe('Alice: Hello world, this is a long line that wraps\n')
  })

  it('who comes later is seen below the text that flows, and follows it whole', () => {
    const { screen, clock, show } = onScreen({}, 30, 8)
    show(...alice.slice(0, 3), ...bob.slice(0, 4))
    clock.pass(40)
    expect(screen.visible).toEqual(['Alice: Hello wor', 'Bob │ Bob says 你好，世界'])
    show(...alice.slice(3, 5))
    clock.pass(40)
    expect(screen.visible).toEqual([
      'Alice: Hello world, this is a',
      'long line that wraps',
      'Bob │ Bob says 你好，世界',
    ])
    show(...bob.slice(4))
    clock.pass(40)
    expect(screen.visible.at(-1)).toBe('Bob │ ✓ and more')
    show(...alice.slice(5))
    expect(screen.lines.slice(1)).toEqual(['Bob: Bob says 你好，世界', 'and more'])
  })

  it('those who begin together are all seen, and each follows when it has ended', () => {
    const { screen, clock, show } = onScreen()
    show(alice[0]!, bob[0]!, ...alice.slice(1, 3), ...bob.slice(1, 3))
    clock.pass(40)
    expect(screen.visible).toEqual(['Alice │ Hello wor', 'Bob   │ Bob says 你好'])
    show(...bob.slice(3))
    clock.pass(40)
    expect(screen.visible).toEqual(['Bob: Bob says 你好，世界', 'and more', 'Alice: Hello wor'])
    show(...alice.slice(3))
    expect(screen.lines.at(-1)).toBe('Alice: Hello world, this is a long line that wraps')
  })

  it('redraws at most 30 times a second, and at once when nobody speaks any more', () => {
    const { screen, clock, show } = onScreen()
    show(alice[0]!, bob[0]!)
    const before = screen.writes.length
    const delta: StreamEvent = { type: 'text-delta', id: 'm-a', index: 0, delta: '.' }
    show(alice[1]!)
    for (let ms = 0; ms < 1000; ms++) {
      show(delta)
      clock.pass(1)
    }
    expect(screen.writes.length - before).toBeLessThanOrEqual(31)
    show(...bob.slice(1), alice.at(-1)!)
    expect(screen.lines.at(-1)).toBe(`Alice: ${'.'.repeat(1000)}`)
    expect(clock.waiting).toBe(0)
  })
})

describe('a lane', () => {
  const other = told((w) => w.text('I, too'), 'Bob', 'm-b').slice(0, 3)
  const call = (w: EventWriter) => w.toolUseDelta(w.beginToolUse('c-1', 'look'), '{"at":')

  it.each<[string, (writer: EventWriter) => unknown, string]>([
    ['the newest words', (w) => w.text('One.\nTwo '.repeat(20)), 'Alice │ Two'],
    [
      'the end of a long line',
      (w) => w.text('One after the other. '.repeat(20)),
      'Alice │ …he other. One after the other.',
    ],
    ['thoughts', (w) => [w.thinking('Hm'), w.thinking(', well')], 'Alice │ (thinking) Hm, well'],
    ['a call that is being made', call, 'Alice │ → look {"at":'],
    [
      'that nothing comes',
      (w) => [w.text('Hm'), w.notice('silence', 'nothing for 10 s')],
      'Alice │ · nothing for 10 s',
    ],
    [
      'what is done about a break',
      (w) => [w.text('Hm'), w.notice('resumed', 'It was asked to go on.')],
      'Alice │ · It was asked to go on.',
    ],
    ['no harm', (w) => w.text('a\u001b[2Jb\tc\r\n'), 'Alice │ ab c'],
  ])('shows %s', (_, write, row) => {
    const { screen, clock, show } = onScreen({}, 40)
    const events = told(write, 'Alice', 'm-a')
    show(events[0]!, ...other, ...events.slice(1, -2))
    clock.pass(40)
    expect(screen.visible[0]).toBe(row)
  })

  it('shows no thoughts that are not to be seen, only that there are some', () => {
    const { screen, clock, show } = onScreen({ thinking: false })
    const [start, ...thoughts] = told((w) => w.thinking('secret'), 'Alice', 'm-a')
    show(start!, ...other, ...thoughts.slice(0, 2))
    clock.pass(40)
    expect(screen.visible).toEqual(['Alice │ (thinking)', 'Bob   │ I, too'])
  })
})

describe("rows that are nobody's", () => {
  it('stand below all lanes, leave room for the text, and go when they are taken back', () => {
    const { screen, clock, show } = onScreen({}, 20, 6)
    const stage = stageOf(screen as unknown as Paper)
    stage.below(['› a line that is being typed'])
    show(...alice.slice(0, 3), ...bob.slice(0, 3))
    clock.pass(40)
    expect(screen.visible).toEqual(['Alice: Hello wor', 'Bob │ Bob says 你好', '…hat is being typed'])
    stage.below([])
    clock.pass(40)
    expect(screen.visible).toEqual(['Alice: Hello wor', 'Bob │ Bob says 你好'])
    show(...alice.slice(3), ...bob.slice(3))
  })
})

describe('a crowd', () => {
  it.each([
    ['a wide screen', 120, 40],
    ['a narrow one', 20, 10],
    ['one without room for all', 50, 5],
  ])('of 8 at 1,000 chunks a second leaves each transcript exact on %s', (_, columns, rows) => {
    const { screen, clock, show } = onScreen({}, columns, rows)
    const speakers = crowd(numbers(7), 8, 250)
    for (const event of orderedBy(numbers(8), speakers)) {
      show(event)
      clock.pass(1)
      for (const row of screen.visible) expect(row.match(/Speaker \d/g)?.length ?? 0).toBeLessThan(2)
    }
    expect(
      screen.lines
        .join('\n')
        .split(/\n(?=Speaker \d: )/)
        .sort(),
    ).toEqual(speakers.map(({ text }) => text).sort())
    expect(screen.isAtRest).toBe(true)
  })

  it('tells how many more there are than fit', () => {
    const { screen, clock, show } = onScreen({}, 40, 6)
    show(...crowd(numbers(1), 8, 3).flatMap(({ events }) => events.slice(0, 2)))
    clock.pass(40)
    expect(screen.visible).toHaveLength(4)
    expect(screen.visible.at(-1)).toBe('+5 more')
  })

  it('of wide characters, emoji families and marks is never torn, whatever the width becomes meanwhile', () => {
    for (let seed = 1; seed <= 15; seed++) {
      const random = numbers(seed)
      const { screen, clock, show } = onScreen({}, 33, 12)
      const speakers = crowd(random, 5, 30)
      for (const event of orderedBy(random, speakers)) {
        show(event)
        clock.pass(random(40))
        if (random(20) === 0) screen.resize([20, 33, 50, 80][random(4)]!, [6, 12, 24][random(3)]!)
      }
      const said = screen.lines.join('\n').split(/\n(?=Speaker \d: )/)
      expect([seed, ...said.sort()]).toEqual([seed, ...speakers.map(({ text }) => text).sort()])
    }
  })
})

describe('the screen is left clean', () => {
  it('by close: what was said so far is shown, the cursor is there, nothing waits', () => {
    const { screen, clock, terminal, show } = onScreen()
    show(...alice.slice(0, 3), ...bob.slice(0, 3))
    terminal.close()
    expect(screen.lines).toEqual(['Alice: Hello wor [unfinished]', 'Bob: Bob says 你好 [unfinished]'])
    expect([screen.isAtRest, clock.waiting, screen.listenerCount('resize')]).toEqual([true, 0, 0])
  })

  it('by the end of the program, also when nobody closed anything', () => {
    const counts = () => ['exit', 'SIGINT', 'SIGTERM'].map((event) => process.listenerCount(event))
    const before = counts()
    const { screen, show } = onScreen()
    show(...alice.slice(0, 3), ...bob.slice(0, 3))
    const leave = process.listeners('exit').at(-1) as () => void
    expect(counts()).toEqual(before.map((count) => count + 1))
    leave()
    expect(screen.lines).toEqual(['Alice: Hello wor [unfinished]', 'Bob: Bob says 你好 [unfinished]'])
    expect(counts()).toEqual(before)
  })

  it('and what somebody else writes in between stays', () => {
    const { screen, clock, show } = onScreen()
    show(alice[0]!, bob[0]!, ...alice.slice(1, 3))
    screen.write('a line of the program\n')
    show(...bob.slice(1, 3))
    clock.pass(40)
    expect(screen.visible).toEqual(['a line of the program', 'Alice │ Hello wor', 'Bob   │ Bob says 你好'])
    show(...alice.slice(3), ...bob.slice(3))
  })
})
