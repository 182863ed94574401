// The seam: what is said again at the beginning of the second part is taken out, and nothing else.
import { describe, expect, test } from 'vitest'
import { PrefixSeam, type Seam, WordSeam } from '../../src/models/seam.ts'

/** The whole, with the second part in pieces of that size. */
function joined(before: string, after: string, seam: Seam = new WordSeam(before), size = 3): string {
  let whole = before
  for (let at = 0; at < after.length; at += size) whole += seam.take(after.slice(at, at + size))
  return whole + seam.end()
}

describe('asked in words', () => {
  test.each([
    ['The quick bro', 'quick brown fox', 'The quick brown fox'],
    ['The quick brown ', 'brown fox jumps', 'The quick brown brown fox jumps'],
    ['The quick brown ', 'quick brown fox', 'The quick brown fox'],
    ['The quick bro', '…the quick brown fox', 'The quick bro…the quick brown fox'],
    ['The quick bro', '... quick brown fox', 'The quick brown fox'],
    ['He counted ships', 'unted ships by lamp', 'He counted ships by lamp'],
    ['Once upon', 'Once upon a time', 'Once upon a time'],
    ['Once', 'Once upon a time', 'Once upon a time'],
    ['E', 'Es war einmal', 'Es war einmal'],
    ['1', '... 1. First', '1. First'],
    ['no', 'no no, never', 'no no, never'],
    ['灯台守は船を数え', '船を数えた。', '灯台守は船を数えた。'],
  ])('%j and %j', (before, after, whole) => {
    for (const size of [1, 2, 5, 100]) expect(joined(before, after, new WordSeam(before), size)).toBe(whole)
  })

  test.each([
    ['It was very ', 'very nice'],
    ['foo', 'oo bar'],
    ['no', ' no, never'],
    ['E', 'in Land'],
    ['He said ha', 'ha ha'],
    ['an hour and a half and', ' and a bit'],
  ])('%j and %j have nothing in common but chance', (before, after) => {
    expect(joined(before, after)).toBe(before + after)
  })

  test('what does not repeat is not kept back', () => {
    const seam = new WordSeam('The quick brown fox')
    expect(seam.take(' jumps over')).toBe(' jumps over')
  })
})

describe('from a given beginning', () => {
  test('an echo of all of it is taken out, and white space that was cut off and comes again', () => {
    const sent = 'A beginning of more than 24 letters.'
    expect(joined(`${sent}\n`, `${sent}\n\nMore.`, new PrefixSeam(sent, '\n'))).toBe(`${sent}\n\nMore.`)
    expect(joined('Hello ', ' world', new PrefixSeam('Hello', ' '))).toBe('Hello world')
    expect(joined('Hello ', 'world', new PrefixSeam('Hello', ' '))).toBe('Hello world')
  })

  test.each(['He', 'Hello! I am', 'A beginning of more than 24 letters.'])('an echo of %j is taken out', (sent) => {
    for (const size of [1, 3, 100])
      expect(joined(sent, `${sent} so`, new PrefixSeam(sent, ''), size)).toBe(`${sent} so`)
  })

  test.each([
    ['no', ' no, never', ''],
    ['no ', 'no, never', ' '],
    ['E', 'E-mail', ''],
    ['--', '-----', ''],
    ['哈哈', '哈哈哈', ''],
    ['haha', 'haha!', ''],
    ['Hello', 'Hell is', ''],
  ])('%j and %j are no echo', (before, after, space) => {
    for (const size of [1, 3, 100]) {
      expect(joined(before, after, new PrefixSeam(before.trimEnd(), space), size)).toBe(before + after)
    }
  })

  test('a phrase that is said again is taken out, and a list or a chorus is not', () => {
    const before = 'He counted ships by their '
    expect(joined(before, 'counted ships by their lamps', new PrefixSeam(before.trimEnd(), ' '))).toBe(`${before}lamps`)
    const list = '0, 1, 0, 1, 0, 1, '
    expect(joined(list, '0, 1, 0, 1, 2', new PrefixSeam(list.trimEnd(), ' '))).toBe(`${list}0, 1, 0, 1, 2`)
    const chorus = 'Row, row, row your boat\n'
    expect(joined(chorus, chorus, new PrefixSeam(chorus.trimEnd(), '\n'))).toBe(chorus + chorus)
  })

  test('nothing else is, not even a whole line that comes twice', () => {
    const before = 'if (a) {\n  b()\n  }\n  }'
    expect(joined(before, '\n  }\n  }', new PrefixSeam(before, ''))).toBe(`${before}\n  }\n  }`)
  })
})
