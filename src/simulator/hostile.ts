// What a provider would never send: values that no type allows, lines of other protocols, failures in a 200.
import { below, oneOf, type Random } from './random.ts'

/** Texts here are bytes, one a character (latin1), so that they may be no UTF-8 at all. */
export type ByteText = string

/** How a body is framed: the text that parts two frames is a blank line or a line end. */
export type FrameForm = 'sse' | 'ndjson'

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
const deepFields = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

/** JSON, and nearly JSON, in place of a value. */
const values: readonly ByteText[] = [
  deep(1000),
  deepFields(1000),
  deep(20_000),
  '1e999',
  `1${'0'.repeat(400)}`,
  '123456789012345678901234567890',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"valueOf":2,"toJSON":3}',
  '"\\ud83d"',
  '"\\ude00\\ud83d"',
  '"a\\u0000b"',
  '"a\0b"',
  '"\xf0\x9f"',
  '"\xff\xfe"',
  '"\xed\xa0\xbd"',
  '"\\u2028\x1b[2J"',
  'null',
  'true',
  '-1',
  '""',
  '[]',
  '{}',
  '[null,[[]],{}]',
  '{"length":5,"then":"x"}',
  'NaN',
  '"not closed',
]

const valueInJson = /[:[,]\s*("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)(?=\s*[,\]}])/g

/** One value of the frame's JSON replaced, or a field `__proto__` added to one of its objects. */
export function hostileFrame(frame: ByteText, random: Random): ByteText {
  if (random() < 0.15) return withField(frame, random)
  const places = [...frame.matchAll(valueInJson)]
  if (places.length === 0) return withField(frame, random)
  const { 0: whole, 1: old = '', index } = oneOf(random, places)
  const start = index + whole.length - old.length
  return frame.slice(0, start) + oneOf(random, values) + frame.slice(start + old.length)
}

function withField(frame: ByteText, random: Random): ByteText {
  const places = [...frame.matchAll(/\{(?=")/g)]
  if (places.length === 0) return frame
  const at = oneOf(random, places).index + 1
  return `${frame.slice(0, at)}"__proto__":{"polluted":true},${frame.slice(at)}`
}

const junk: Readonly<Record<FrameForm, readonly ByteText[]>> = {
  sse: [
    'data:\n\n',
    'data: \n\n',
    'data: null\n\n',
    'data: "text"\n\n',
    'data: {}\n\n',
    'data: []\n\n',
    'data: {"cut":\n\n',
    'data: [object Object]\n\n',
    'event: nonsense\ndata: {"type":"nonsense"}\n\n',
    'event: nonsense\n\n',
    'event:\nid\nretry: soon\n\n',
    '<html><body>502 Bad Gateway</body></html>\n',
    'HTTP/1.1 200 OK\r\n\r\n',
    '{}\n',
    '{"stray":true}\n\n',
    '\xef\xbb\xbf\n',
    '\0\0\0\n',
    '\xff\xfe\xfd\n\n',
    '\r\r\r',
    ':HTTP_STATUS/503\n',
  ],
  ndjson: [
    '{}\n',
    '[]\n',
    'null\n',
    '"text"\n',
    '{"cut":\n',
    '{\n',
    '<html>502 Bad Gateway</html>\n',
    'data: {"message":{"content":"from another wire"}}\n',
    '\xef\xbb\xbf\n',
    '\0\n',
    '\xff\xfe\n',
    '\r\r\n',
  ],
}

/** A frame, or lines, that no answer holds. */
export function junkFrame(form: FrameForm, random: Random): ByteText {
  return oneOf(random, junk[form])
}

/** A sign of life that says nothing. */
export function pingFrame(form: FrameForm): ByteText {
  return form === 'sse' ? ': ping\n\n' : '\n'
}

const failures: Readonly<Record<FrameForm, readonly ByteText[]>> = {
  sse: [
    'data: {"error":{"message":"Overloaded by chaos.","type":"server_error","code":"overloaded"}}\n\n',
    'data: {"error":{"code":503,"message":"Overloaded by chaos.","status":"UNAVAILABLE"}}\n\n',
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded by chaos."}}\n\n',
    'event:error\n:HTTP_STATUS/503\ndata:{"code":"ServiceUnavailable","message":"Overloaded by chaos."}\n\n',
    'data: {"error":"Overloaded by chaos."}\n\n',
  ],
  ndjson: ['{"error":"Overloaded by chaos."}\n', '{"error":{"message":"Overloaded by chaos."}}\n'],
}

/** A failure inside the 200, in the words of one provider or another. */
export function failureFrame(form: FrameForm, random: Random): ByteText {
  return oneOf(random, failures[form])
}

/** A line of up to `longest` bytes: a comment, or a value that says nothing. */
export function longLine(form: FrameForm, random: Random, longest = 200_000): ByteText {
  const filler = 'x'.repeat(1 + below(random, longest))
  if (form === 'ndjson') return `{"padding":"${filler}"}\n`
  return random() < 0.5 ? `:${filler}\n\n` : `data: {"padding":"${filler}"}\n\n`
}
