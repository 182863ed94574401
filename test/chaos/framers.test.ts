// The framers against an oracle: whatever the bytes and wherever they are cut, they read what the whole text says.
// FUZZ_SEED chooses the bytes, FUZZ_ROUNDS how many texts (1,500).
import { describe, expect, test } from 'vitest'
import { below, oneOf, type Random, randomFrom } from '../../src/simulator/random.ts'
import type { FrameSink } from '../../src/stream/frames.ts'
import { Lines } from '../../src/stream/lines.ts'
import { NdjsonReader } from '../../src/stream/ndjson.ts'
import { SseReader } from '../../src/stream/sse.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000)
const rounds = Number(process.env['FUZZ_ROUNDS'] ?? 1500)

/** Lines of events, of JSON, of nothing and of no UTF-8; one character is one byte. */
const shrapnel = [
  'data: ',
  'data:',
  'data',
  'data:  two spaces',
  'dat',
  'datax: y',
  'event: ',
  'event:name',
  'event',
  'id: 7',
  'id:',
  'retry: 5',
  ':',
  ': comment',
  '{',
  '}',
  '{"a":1}',
  '[1]',
  'plain words',
  '\xf0\x9f\x98\x80',
  '\xf0\x9f',
  '\xc3\xa9',
  '\xff',
  '\xef\xbb\xbf',
  '\0',
  ' ',
  '\t',
]
const ends = ['\n', '\n', '\n', '\r\n', '\r\n', '\r', '\n\n', '\r\n\r\n', '\r\r']

function randomBytes(random: Random): Buffer {
  const mark = random() < 0.1 ? '\xef\xbb\xbf' : ''
  const pieces = Array.from({ length: below(random, 30) }, () => {
    return oneOf(random, shrapnel) + (random() < 0.7 ? oneOf(random, ends) : '')
  })
  return Buffer.from(mark + pieces.join(''), 'latin1')
}

/** Cuts anywhere; a cut of nothing, too. Each piece is a copy that is wiped when it has been read. */
function feed(bytes: Buffer, random: Random, reader: { push(chunk: Uint8Array): void; end(): void }): void {
  const longest = oneOf(random, [1, 2, 5, 40, bytes.length + 1])
  for (let at = 0; at < bytes.length; ) {
    const size = below(random, longest + 1)
    reader.push(Uint8Array.from(bytes.subarray(at, at + size)))
    at += size
  }
  reader.end()
}

/** The lines of the whole text with the byte where each begins; a last line that is empty is none. */
function linesOf(bytes: Buffer): [text: string, offset: number][] {
  const text = bytes.toString('latin1')
  const lines: [string, number][] = []
  const ending = /\r\n|\n|\r/g
  let start = 0
  for (let found = ending.exec(text); found !== null; found = ending.exec(text)) {
    lines.push([text.slice(start, found.index), start])
    start = found.index + found[0].length
  }
  if (start < text.length) lines.push([text.slice(start), start])
  const [first] = lines
  if (first?.[0].startsWith('\xef\xbb\xbf')) first[0] = first[0].slice(3)
  return lines
}

const decode = (latin1: string) => Buffer.from(latin1, 'latin1').toString('utf8')

type Frame = [text: string, event: string | undefined, offset: number, unterminated: boolean]

/** What the rules of server-sent events, and the last event without its blank line, make of the whole text. */
function eventsOf(bytes: Buffer): { frames: Frame[]; stray: string } {
  const frames: Frame[] = []
  let stray = ''
  let data: string[] | undefined
  let event: string | undefined
  let offset = 0
  const dispatch = (unterminated: boolean) => {
    if (data !== undefined) frames.push([data.join('\n'), event, offset, unterminated])
    data = undefined
    event = undefined
  }
  for (const [line, at] of linesOf(bytes)) {
    const [, field = line, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (line === '') dispatch(false)
    else if (field === 'data') {
      if (data === undefined) offset = at
      data = [...(data ?? []), decode(value)]
    } else if (field === 'event') event = decode(line).slice('event:'.length).trim()
    else if (!['', 'id', 'retry'].includes(field)) stray += `${decode(line)}\n`
  }
  dispatch(true)
  return { frames, stray }
}

class Heard implements FrameSink {
  readonly frames: Frame[] = []
  strayed = ''

  frame(text: string, { event }: { event: string | undefined }, offset: number, unterminated: boolean): void {
    this.frames.push([text, event, offset, unterminated])
  }

  stray(text: string): void {
    this.strayed += text
  }
}

/** One check for each seed; what fails names it. */
function forSeeds(check: (bytes: Buffer, random: Random) => void): void {
  for (let round = 0; round < rounds; round += 1) {
    const random = randomFrom(seed + round)
    const bytes = randomBytes(random)
    try {
      check(bytes, random)
    } catch (cause) {
      const text = JSON.stringify(bytes.toString('latin1'))
      throw new Error(`FUZZ_SEED=${seed + round} FUZZ_ROUNDS=1: ${text}: ${(cause as Error).message}`, { cause })
    }
  }
}

describe(`the framers (FUZZ_SEED=${seed})`, () => {
  test('lines are those of the whole text, each with its place', () => {
    forSeeds((bytes, random) => {
      const lines: [string, number][] = []
      const reader = new Lines((chunk, start, end, offset) => {
        lines.push([Buffer.from(chunk.subarray(start, end)).toString('latin1'), offset])
      })
      feed(bytes, random, reader)
      expect(lines).toEqual(linesOf(bytes))
    })
  })

  test('server-sent events are those of the whole text, and what is none is told at the end', () => {
    forSeeds((bytes, random) => {
      const heard = new Heard()
      feed(bytes, random, new SseReader(heard))
      const { frames, stray } = eventsOf(bytes)
      expect(heard.frames).toEqual(frames)
      expect(heard.strayed).toBe(stray)
    })
  })

  test('lines of JSON are those of the whole text', () => {
    forSeeds((bytes, random) => {
      const heard = new Heard()
      feed(bytes, random, new NdjsonReader(heard))
      const lines = linesOf(bytes)
        .map(([line]) => decode(line).trim())
        .filter((line) => line !== '')
      const spread = lines.indexOf('{')
      const alone = spread === -1 ? lines : lines.slice(0, spread)
      const expected = spread === -1 ? alone : [...alone, lines.slice(spread).join('\n')]
      expect(heard.frames.map(([text]) => text)).toEqual(expected)
    })
  })
})
