// Server-sent events by the rules, and as providers bend them.
import { describe, expect, test } from 'vitest'
import { SseReader } from '../../src/stream/sse.ts'
import { cut } from '../suites/wire-server.ts'

interface Read {
  frames: {
    text: string
    event: string | undefined
    comment: string | undefined
    offset: number
    unterminated: boolean
  }[]
  strays: string[]
}

function read(body: string, size = body.length * 4): Read {
  const seen: Read = { frames: [], strays: [] }
  const reader = new SseReader({
    frame: (text, { event, comment }, offset, unterminated) => {
      seen.frames.push({ text, event, comment, offset, unterminated })
    },
    stray: (text) => seen.strays.push(text),
  })
  for (const piece of cut(Buffer.from(body), size)) reader.push(piece)
  reader.end()
  return seen
}

const texts = (body: string) => read(body).frames.map(({ text }) => text)

describe('data', () => {
  test.each([
    ['with and without one space', 'data: a\n\ndata:b\n\ndata:  c\n\n', ['a', 'b', ' c']],
    ['over several lines is joined with newlines', 'data: a\ndata:\ndata: b\n\n', ['a\n\nb']],
    ['without a colon is an empty line of data', 'data: a\ndata\n\n', ['a\n']],
    ['may hold colons', 'data: {"a":"b:c"}\n\n', ['{"a":"b:c"}']],
    ['between id, retry, event and comments', 'id: 1\nretry: 5\nevent: message\n: x\ndata: a\n\n', ['a']],
    ['is not what only begins so', 'database: x\n\ndata: a\n\n', ['a']],
  ])('%s', (_, body, expected) => {
    expect(texts(body)).toEqual(expected)
  })
})

test('an event without data is no frame, and leaves no name for the next one', () => {
  expect(read('event: ping\n\ndata: a\n\n').frames).toMatchObject([{ text: 'a', event: undefined }])
})

test('the name and the last comment come with the frame', () => {
  const body = ':HTTP_STATUS/400\nevent:error\ndata:{}\n\ndata: next\n\n'
  expect(read(body).frames).toMatchObject([
    { text: '{}', event: 'error', comment: 'HTTP_STATUS/400' },
    { text: 'next', event: undefined, comment: undefined },
  ])
})

test('a name is the one of its own event, the same again, another, or none', () => {
  const body =
    'event: a\ndata: 1\n\nevent: a\ndata: 2\n\nevent:b\ndata: 3\n\ndata: 4\n\nevent\ndata: 5\n\nevent: a\ndata: 6\n\n'
  expect(read(body).frames.map(({ event }) => event)).toEqual(['a', 'a', 'b', undefined, '', 'a'])
})

test('a last event without its blank line is delivered and marked', () => {
  expect(read('data: a\n\ndata: b').frames).toMatchObject([
    { text: 'a', unterminated: false },
    { text: 'b', unterminated: true, offset: 9 },
  ])
})

test('lines that are no field are handed on at the end, as they came', () => {
  expect(read('{\n  "error": "no"\n}').strays).toEqual(['{\n  "error": "no"\n}\n'])
  expect(read('data: a\n\n').strays).toEqual([])
})

test.each(['\n', '\r\n', '\r'])('every cut gives the same frames with %j', (lineEnd) => {
  const body = '\uFEFF: hi\nevent: note\ndata: {"x":\ndata: "你好🌍"}\n\n\ndata: b\nid: 7\n\ndata: last'.replaceAll(
    '\n',
    lineEnd,
  )
  const whole = read(body)
  expect(whole.frames.map(({ text }) => text)).toEqual(['{"x":\n"你好🌍"}', 'b', 'last'])
  for (let size = 1; size < 40; size += 1) expect(read(body, size)).toEqual(whole)
})
