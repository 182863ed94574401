// Lines from bytes: every line end, every cut, and where each line began.
import { expect, test } from 'vitest'
import { WireError } from '../../src/core/error.ts'
import { Lines } from '../../src/stream/lines.ts'
import { decodeText } from '../../src/stream/text.ts'
import { cut } from '../suites/wire-server.ts'

/** The lines of a body that comes in these pieces, each with the place where it began. */
function linesOf(pieces: readonly (string | Uint8Array)[]): [string, number][] {
  const seen: [string, number][] = []
  const lines = new Lines((bytes, start, end, offset) => seen.push([decodeText(bytes, start, end), offset]))
  for (const piece of pieces) lines.push(Buffer.from(piece))
  lines.end()
  return seen
}

test('LF, CRLF and CR end lines, in any mix, and none of them makes a phantom line', () => {
  expect(linesOf(['a\nb\r\nc\rd\r\r\n\ne'])).toEqual([
    ['a', 0],
    ['b', 2],
    ['c', 5],
    ['d', 7],
    ['', 9],
    ['', 11],
    ['e', 12],
  ])
})

test('the same lines, at the same offsets, come out however the bytes are cut', () => {
  const body = Buffer.from('data: 你好 🌍\r\n\r\ndata: é\n\n\r: x\ry\r\n')
  const whole = linesOf([body])
  for (let size = 1; size <= body.length; size += 1) expect(linesOf(cut(body, size))).toEqual(whole)
  for (let at = 0; at <= body.length; at += 1) {
    expect(linesOf([body.subarray(0, at), new Uint8Array(0), body.subarray(at)])).toEqual(whole)
  }
})

test('a byte-order mark is dropped from the first line only', () => {
  expect(linesOf(['\uFEFFa\n\uFEFFb']).map(([line]) => line)).toEqual(['a', '\uFEFFb'])
  expect(linesOf(cut(Buffer.from('\uFEFFa\n'), 1)).map(([line]) => line)).toEqual(['a'])
  expect(linesOf(['\uFEFF']).map(([line]) => line)).toEqual([''])
})

test('a body without a line end is one line, and an empty one is none', () => {
  expect(linesOf(['abc'])).toEqual([['abc', 0]])
  expect(linesOf([])).toEqual([])
  expect(linesOf(['\n'])).toEqual([['', 0]])
})

test('a line of 2 MB in pieces of 1 KB is whole', () => {
  const long = '0123456789'.repeat(200_000)
  expect(linesOf(cut(Buffer.from(`${long}\nnext\n`), 1024))).toEqual([
    [long, 0],
    ['next', long.length + 1],
  ])
})

test('a line that never ends is an error at 64 MiB, and not the end of the memory', () => {
  const lines = new Lines(() => {})
  const piece = Buffer.alloc(16 * 1024 * 1024, 'x')
  for (let at = 0; at < 4; at += 1) lines.push(piece)
  expect(() => lines.push(Buffer.from('x'))).toThrow(WireError)
})
