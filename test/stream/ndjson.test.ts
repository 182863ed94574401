// One value a line.
import { expect, test } from 'vitest'
import { NdjsonReader } from '../../src/stream/ndjson.ts'
import { cut } from '../suites/wire-server.ts'

function read(body: string, size = body.length * 4): [text: string, offset: number, unterminated: boolean][] {
  const frames: [string, number, boolean][] = []
  const reader = new NdjsonReader({
    frame: (text, _, offset, unterminated) => frames.push([text, offset, unterminated]),
    stray: (text) => expect.unreachable(text),
  })
  for (const piece of cut(Buffer.from(body), size)) reader.push(piece)
  reader.end()
  return frames
}

test('blank lines mean nothing, and a last line without its end is delivered and marked', () => {
  expect(read('{"a":1}\n\n  \r\n {"b":2} \n{"c":3}')).toEqual([
    ['{"a":1}', 0, false],
    ['{"b":2}', 13, false],
    ['{"c":3}', 23, true],
  ])
})

test.each(['\n', '\r\n', '\r'])('every cut gives the same values with %j', (lineEnd) => {
  const body = '{"text":"你好🌍é"}\n\n{"b":2}\n{"c"'.replaceAll('\n', lineEnd)
  const whole = read(body)
  expect(whole.map(([text]) => text)).toEqual(['{"text":"你好🌍é"}', '{"b":2}', '{"c"'])
  for (let size = 1; size < 40; size += 1) expect(read(body, size)).toEqual(whole)
})

test('one value written over many lines is read as one', () => {
  const body = '{\n  "message": {\n    "content": "Hi"\n  },\n  "done": true\n}\n'
  for (const size of [1, 5, 99]) expect(read(body, size).map(([text]) => JSON.parse(text))).toEqual([JSON.parse(body)])
})
