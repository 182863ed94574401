// How a body is framed: by its content type when that is decisive, else by how it begins.
import { describe, expect, test } from 'vitest'
import { BodyReader, type Framing } from '../../src/stream/body.ts'
import { cut } from '../suites/wire-server.ts'

function read(expected: Framing, contentType: string, body: string, size = 1e6) {
  const frames: string[] = []
  const strays: string[] = []
  const reader = new BodyReader(
    expected,
    contentType,
    {
      frame: (text) => frames.push(text),
      stray: (text) => strays.push(text),
    },
    () => undefined,
  )
  for (const piece of cut(Buffer.from(body), size)) reader.push(piece)
  reader.end()
  return { framing: reader.framing, frames, strays }
}

describe('the content type decides when it is one of a stream', () => {
  test.each([
    ['sse', 'application/x-ndjson', '{"a":1}\n{"b":2}', 'ndjson', ['{"a":1}', '{"b":2}']],
    ['ndjson', 'text/event-stream; charset=utf-8', 'data: {"a":1}\n\n', 'sse', ['{"a":1}']],
    ['whole', 'text/event-stream', 'data: {"a":1}\n\n', 'sse', ['{"a":1}']],
    ['sse', 'application/jsonl', '{"a":1}\n', 'ndjson', ['{"a":1}']],
  ] as const)('%s expected, %s came', (expected, contentType, body, framing, frames) => {
    expect(read(expected, contentType, body)).toEqual({ framing, frames, strays: [] })
  })
})

describe('else the first character does', () => {
  test.each([
    ['sse', 'application/json', '{"error":{}}', 'whole', ['{"error":{}}']],
    ['sse', 'application/json', '[{"a":1},\n{"b":2}]', 'whole', ['[{"a":1},\n{"b":2}]']],
    ['sse', '', 'data: {"a":1}\n\n', 'sse', ['{"a":1}']],
    ['sse', 'text/plain', '\r\n\n: hello\ndata: {"a":1}\n\n', 'sse', ['{"a":1}']],
    ['whole', 'application/json', 'data: {"a":1}\n\n', 'sse', ['{"a":1}']],
    ['ndjson', 'application/json', '{"a":1}\n{"b":2}\n', 'ndjson', ['{"a":1}', '{"b":2}']],
    ['whole', 'application/json', ' \uFEFF{"a":\n1}\n', 'whole', ['{"a":\n1}']],
    ['sse', 'text/html', '<html>\n</html>', 'whole', ['<html>\n</html>']],
  ] as const)('%s expected, %s came: %j', (expected, contentType, body, framing, frames) => {
    for (const size of [1e6, 3, 1]) {
      expect(read(expected, contentType, body, size)).toEqual({ framing, frames, strays: [] })
    }
  })
})

test('plain words that begin like a field are handed on as what they are', () => {
  expect(read('sse', 'text/plain', 'internal error')).toEqual({
    framing: 'sse',
    frames: [],
    strays: ['internal error\n'],
  })
})

test('an empty body is nothing', () => {
  expect(read('sse', '', '')).toEqual({ framing: undefined, frames: [], strays: [] })
})
