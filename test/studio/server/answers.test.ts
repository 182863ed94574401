// Questions and answers: the first wins, each goes to its own run only, and none is lost on the way.
import { describe, expect, test } from 'vitest'
import { Answers } from '../../../src/studio/server/answers.ts'

const question = { type: 'input-request', id: 'q', name: 'User', text: 'Which?' } as const

describe('an answer', () => {
  test('is taken once; the same key may come again, another hears that somebody was first', () => {
    const answers = new Answers()
    answers.open('run', question)
    expect(answers.answer('run', 'q', 'key-1', { content: 'A' }, 'tab 1')).toBe('ok')
    expect(answers.answer('run', 'q', 'key-1', { content: 'A' }, 'tab 1')).toBe('ok')
    expect(answers.answer('run', 'q', 'key-2', { content: 'B' }, 'tab 2')).toBe('answered')
    expect(answers.answer('run', 'other', 'key-3', {}, 'tab 2')).toBe('unknown')
    expect(answers.answer('other', 'q', 'key-4', {}, 'tab 2')).toBe('unknown')
    expect(answers.answeredBy('run', 'q')).toMatchObject({ by: 'tab 1' })
  })

  test('reaches its own run only, and once', async () => {
    const answers = new Answers()
    const over = new AbortController()
    const mine = answers.commands('run', over.signal)[Symbol.asyncIterator]()
    const other = answers.commands('other', over.signal)[Symbol.asyncIterator]()
    answers.open('run', question)
    answers.answer('run', 'q', 'key', { content: 'A' }, 'tab')
    answers.command('other', { type: 'stop' })
    expect((await mine.next()).value).toEqual({ type: 'answer', requestId: 'q', answer: { content: 'A' } })
    expect((await other.next()).value).toEqual({ type: 'stop' })
    over.abort()
    expect(await mine.next()).toEqual({ value: undefined, done: true })
    expect(await other.next()).toEqual({ value: undefined, done: true })
  })

  test('waits for a program that is away, until the program has told of it', async () => {
    const answers = new Answers()
    answers.open('run', question)
    answers.answer('run', 'q', 'key', { value: 5 }, 'tab')
    for (const round of [1, 2]) {
      const commands = answers.commands('run', new AbortController().signal)[Symbol.asyncIterator]()
      expect((await commands.next()).value, `round ${round}`).toMatchObject({ requestId: 'q', answer: { value: 5 } })
      await commands.return?.()
    }
    answers.settle('run', 'q')
    answers.command('run', { type: 'stop' })
    const commands = answers.commands('run', AbortSignal.abort())[Symbol.asyncIterator]()
    expect((await commands.next()).done).toBe(true)
    expect(answers.answer('run', 'q', 'late', {}, 'tab 2')).toBe('answered')
  })

  test('given elsewhere is known here', () => {
    const answers = new Answers()
    answers.open('run', question)
    expect(answers.pending()).toMatchObject([{ run: 'run', request: { id: 'q' } }])
    answers.settle('run', 'q')
    expect(answers.pending()).toEqual([])
    expect(answers.answer('run', 'q', 'key', {}, 'tab')).toBe('answered')
  })
})

describe('a wish', () => {
  test('says whether a program listens, and nobody hears those of before', () => {
    const answers = new Answers()
    expect(answers.command('run', { type: 'stop' })).toBe(false)
    const over = new AbortController()
    answers.commands('run', over.signal)
    expect(answers.command('run', { type: 'stop' })).toBe(true)
    over.abort()
    expect(answers.command('run', { type: 'stop' })).toBe(false)
    expect(answers.isHeard('run')).toBe(false)
  })
})
