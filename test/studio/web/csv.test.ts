import { describe, expect, test } from 'vitest'
import { type Column, csvOf } from '../../../src/studio/web/charts/csv.ts'

interface Row {
  name: string
  cost?: number
}
const columns: Column<Row>[] = [
  { title: 'Name', value: (row) => row.name },
  { title: 'Cost, $', value: (row) => row.cost },
]

describe('CSV', () => {
  test('quotes commas, quotes and line ends', () => {
    const text = csvOf(columns, [{ name: 'a "b", c\nd', cost: 0.5 }])
    expect(text).toBe('Name,"Cost, $"\r\n"a ""b"", c\nd",0.5\r\n')
  })

  test('leaves the unknown empty and keeps a real 0', () => {
    expect(csvOf(columns, [{ name: 'x' }, { name: 'y', cost: 0 }])).toBe('Name,"Cost, $"\r\nx,\r\ny,0\r\n')
  })

  test.each(['=1+1', '+1', '-1', '@a', '\tx'])('lets no name %j act as a formula', (name) => {
    expect(csvOf(columns, [{ name }]).split('\r\n')[1]).toBe(`'${name},`)
  })

  test('leaves negative numbers numbers', () => {
    expect(csvOf(columns, [{ name: 'n', cost: -2 }])).toContain('n,-2')
  })
})
