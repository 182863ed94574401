import { describe, expect, test } from 'vitest'
import { formatFineMoney, formatMoney } from '../../../src/studio/web/i18n/format.ts'
import { plainLine } from '../../../src/studio/web/pages/plain-line.ts'

describe('the last line of a run', () => {
  test.each([
    ['- 它的主人是贾宝玉', '它的主人是贾宝玉'],
    ['## Two **days** in *Hangzhou*', 'Two days in Hangzhou'],
    ['> see [the map](https://example.org/a) of `West Lake`', 'see the map of West Lake'],
    ['| 1 | Su Causeway | ¥135 |', '1 · Su Causeway · ¥135'],
    ['I am writing: `expect(newest([])).toBe', 'I am writing: expect(newest([])).toBe'],
    [
      '2 * 3 * 4 is 24, snake_case_name stays, 1. so does this',
      '2 * 3 * 4 is 24, snake_case_name stays, 1. so does this',
    ],
    ['- [x] done', 'done'],
  ])('has no marks of Markdown: %s', (line, plain) => {
    expect(plainLine(line)).toBe(plain)
  })
})

describe('an amount of money', () => {
  test('stands below others with the same digits, and is never 0 when it is not', () => {
    const written = [0.00078, 0.0003, 0.0048, 0.00003, 0.5, 12, 0].map(formatMoney)
    expect(written).toEqual(['$0.0008', '$0.0003', '$0.0048', '<$0.0001', '$0.50', '$12.00', '$0.00'])
    expect(formatMoney(undefined)).toBe('–')
  })

  test('keeps the digits that matter where it stands alone', () => {
    expect([0.00078, 0.001, 0.00003, 1].map(formatFineMoney)).toEqual(['$0.00078', '$0.001', '$0.00003', '$1.00'])
  })
})
