// Text cut to a width: by what a person calls characters.
import { expect, it } from 'vitest'
import { OpenLine } from '../../src/terminal/line-end.ts'
import { fitEnd, fitStart, padded, widthOf } from '../../src/terminal/width.ts'

it.each([
  ['fits', 5, 'fits', 'fits'],
  ['too long', 5, 'too …', '…long'],
  ['你好世界', 5, '你好…', '…世界'],
  ['你好世界', 4, '你…', '…界'],
  ['a👩‍💻👩‍💻b', 4, 'a👩‍💻…', '…👩‍💻b'],
  ['e\u0301e\u0301e\u0301', 2, 'e\u0301…', '…e\u0301'],
  ['any', 0, '', ''],
])('%s in %i columns', (text, columns, start, end) => {
  expect([fitStart(text, columns), fitEnd(text, columns)]).toEqual([start, end])
})

it('a long text is cut as fast as a short one, and padding counts columns', () => {
  expect(fitEnd('x'.repeat(1_000_000), 4)).toBe('…xxx')
  expect(padded('你', 4)).toBe('你  ')
})

it.each([
  ['ab', 4, 2],
  ['abcd', 4, 4],
  ['abcde', 4, 1],
  ['abc你', 4, 2],
  ['one\ntw', 4, 2],
  ['\u001b[31mab\u001b[0m', 4, 2],
  ['a\tb', 20, 9],
  ['', 4, 0],
])('%j ends in a screen of %i columns at column %i', (text, columns, column) => {
  const [whole, inPieces] = [new OpenLine(), new OpenLine()]
  whole.add(text)
  for (const piece of text.split(/(?=[^\d[m])/u)) {
    inPieces.add(piece)
    inPieces.end(columns)
  }
  expect([whole.end(columns).column, inPieces.end(columns).column]).toEqual([column, column])
})

it('a line that grows beyond all bounds is let go, and its end stays known', () => {
  const line = new OpenLine()
  for (let count = 0; count < 100_000; count++) line.add('word ')
  expect(line.end(80)).toEqual({ column: widthOf('word '.repeat(100_000)) % 80 || 80, last: ' ', width: 1 })
})
