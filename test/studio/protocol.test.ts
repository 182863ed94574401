// The live protocol: whatever is lost, doubled or cut on the way, a reader ends with what was said.
import { describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../src/core/event.ts'
import type { JournalEntry } from '../../src/journal/journal.ts'
import { RunEncoder } from '../../src/studio/protocol/encode.ts'
import type { Batch, Op } from '../../src/studio/protocol/frames.ts'
import { RunModel } from '../../src/studio/protocol/model.ts'
import { RunReader } from '../../src/studio/protocol/reader.ts'
import { WireReader, WireWriter } from '../../src/studio/protocol/wire.ts'
import { randomFrom } from '../suites/mutate.ts'
import { entriesOf, foldedTexts, modelTexts, randomRun, said, start } from './logging.ts'

const nothing = { seq: 0, have: {} }

/** Everything a reader is told until it knows all. */
function told(reader: RunReader, most?: number): Batch[] {
  const batches: Batch[] = []
  for (let batch = reader.next({ ...(most !== undefined && { most }) }); batch !== undefined; ) {
    batches.push(JSON.parse(JSON.stringify(batch)) as Batch)
    batch = reader.next({ ...(most !== undefined && { most }) })
  }
  return batches
}

function encoded(events: readonly StreamEvent[]): RunEncoder {
  const encoder = new RunEncoder('run')
  for (const entry of entriesOf(events.map((event) => said(event)))) encoder.add(entry)
  return encoder
}

function opsOf(encoder: RunEncoder): Op[] {
  return told(new RunReader(encoder, nothing)).flatMap(({ ops }) => ops)
}

const seeds = Array.from({ length: 150 }, (_, seed) => seed + 1)

/** A line that loses, doubles and swaps batches, and breaks: what a reader makes of it is checked at the end. */
function badLine(entries: readonly JournalEntry[], seed: number): RunModel {
  const random = randomFrom(seed)
  const encoder = new RunEncoder('run')
  const model = new RunModel('run')
  let reader = new RunReader(encoder, model.cursor())
  let underway: Batch[] = []
  const arrive = (batch: Batch | undefined) => {
    if (batch === undefined || !model.apply(batch)) return
    reader = new RunReader(encoder, model.cursor())
    underway = []
  }
  for (const entry of entries) {
    encoder.add(entry)
    if (random() < 0.5) underway.push(...told(reader, 1 + Math.floor(random() * 60)))
    while (underway.length > 0 && random() < 0.6) {
      const at = random() < 0.1 ? Math.floor(random() * underway.length) : 0
      const [batch] = random() < 0.1 ? [underway[at]] : underway.splice(at, 1)
      if (random() > 0.05) arrive(batch)
    }
    if (random() > 0.05) continue
    underway = []
    reader = new RunReader(encoder, model.cursor())
  }
  for (const batch of [...underway]) arrive(batch)
  for (let tries = 0; tries < 10; tries += 1) for (const batch of told(reader)) arrive(batch)
  return model
}

describe('the live protocol', () => {
  test.each(seeds)('gives the text of the fold over a line that loses, doubles, swaps and breaks (seed %i)', (seed) => {
    const events = randomRun(seed)
    const model = badLine(
      entriesOf(
        events.map((event) => said(event)),
        randomFrom(seed),
      ),
      seed,
    )
    expect(modelTexts(model)).toEqual(foldedTexts(events))
  })

  test.each(seeds.slice(0, 50))('is the same when batches are written short for one connection (seed %i)', (seed) => {
    const random = randomFrom(seed)
    const encoder = new RunEncoder('run')
    const reader = new RunReader(encoder, nothing)
    const [writer, wire] = [new WireWriter(), new WireReader()]
    for (const entry of entriesOf(randomRun(seed).map((event) => said(event)))) {
      encoder.add(entry)
      if (random() < 0.5) continue
      for (const batch of told(reader, 40)) {
        const frame = { t: 'b', run: 'run', ...batch } as const
        expect(wire.read(writer.write(frame))).toEqual(frame)
      }
    }
  })

  test('tells a reader that comes back only what it lacks', () => {
    const text = 'x'.repeat(10_000)
    const events = randomRun(3).filter(({ id }) => id === 'm3-0')
    const encoder = encoded([
      { type: 'message-start', id: 'long', role: 'assistant', name: 'Friday' },
      { type: 'block-start', id: 'long', index: 0, block: { type: 'text', text: '' } },
      { type: 'text-delta', id: 'long', index: 0, delta: text },
    ])
    const model = new RunModel('run')
    for (const batch of told(new RunReader(encoder, nothing))) model.apply(batch)
    for (const [at, event] of events.entries()) encoder.add({ offset: encoder.seq + 1 + at, record: said(event) })
    encoder.add({
      offset: encoder.seq + 1,
      record: said({ type: 'text-delta', id: 'long', index: 0, delta: 'the rest' }),
    })
    const batches = told(new RunReader(encoder, model.cursor()))
    const texts = batches.flatMap(({ ops }) => ops).filter(([type]) => type === '+')
    expect(JSON.stringify(texts)).not.toContain('xxxx')
    expect(texts).toContainEqual(['+', 'long.0', 10_000, 'the rest'])
  })

  test('gives a message that starts again new parts, and the old ones are gone', () => {
    const begin: StreamEvent = { type: 'message-start', id: 'm', role: 'assistant', name: 'Friday' }
    const block: StreamEvent = { type: 'block-start', id: 'm', index: 0, block: { type: 'text', text: 'wrong' } }
    const encoder = encoded([begin, block])
    const model = new RunModel('run')
    const reader = new RunReader(encoder, nothing)
    for (const batch of told(reader)) model.apply(batch)
    expect([...model.parts.keys()]).toEqual(['m.0'])
    for (const event of [begin, { ...block, block: { type: 'text', text: 'right' } } as const])
      encoder.add({ offset: encoder.seq + 1, record: said(event) })
    for (const batch of told(reader)) model.apply(batch)
    expect(model.messages.map(({ parts }) => parts.map(({ id, text }) => [id, text]))).toEqual([[['m.r1.0', 'right']]])
  })

  test('tells what a tool gave as another text than was heard with = and a revision', () => {
    const events: StreamEvent[] = [
      { type: 'block-start', id: 'm', index: 0, block: { type: 'tool_result', id: 'c', output: 'partial' } },
    ]
    const encoder = encoded(events)
    const reader = new RunReader(encoder, nothing)
    told(reader)
    encoder.add({
      offset: 9,
      record: said({ type: 'block-end', id: 'm', index: 0, output: [{ type: 'text', text: 'whole' }] }),
    })
    const ops = told(reader).flatMap((batch) => batch.ops)
    expect(ops).toContainEqual(['=', 'm.0', 1, 'whole'])
  })

  test('keeps inline media out of what it sends', () => {
    const url = `data:image/png;base64,${'A'.repeat(5000)}`
    const kept: string[] = []
    const encoder = new RunEncoder('run', { blob: (uri) => `blob-${kept.push(uri)}` })
    encoder.add({
      offset: 1,
      record: said({ type: 'block-start', id: 'm', index: 0, block: { type: 'image', url, signature: 's' } }),
    })
    const part = opsOf(encoder).find((op) => op[0] === 'n')
    expect(part?.[2]).toMatchObject({ kind: 'data', block: { type: 'image', url: '/blob/blob-1' } })
    expect(kept).toEqual([url])
  })

  test('begins with the last 50 messages and those still open, and gives the older ones when asked', () => {
    const events = Array.from({ length: 120 }, (_, at): StreamEvent[] => [
      { type: 'message-start', id: `m${at}`, role: 'user', name: 'You' },
      { type: 'block-start', id: `m${at}`, index: 0, block: { type: 'text', text: `text ${at}` } },
      { type: 'block-end', id: `m${at}`, index: 0 },
      ...(at === 7 ? [] : [{ type: 'message-end', id: `m${at}`, ending: { reason: 'stop', complete: true } } as const]),
    ]).flat()
    const encoder = encoded(events)
    const model = new RunModel('run')
    for (const batch of told(new RunReader(encoder, nothing))) model.apply(batch)
    expect(model.messages.map(({ id }) => id)).toEqual(['m7', ...Array.from({ length: 50 }, (_, at) => `m${at + 70}`)])
    model.addOlder(encoder.messagesBefore(70, 30))
    expect(model.messages.map(({ head }) => head.place)).toEqual([7, ...Array.from({ length: 80 }, (_, at) => at + 40)])
    expect(model.parts.get('m40.0')).toMatchObject({ text: 'text 40', closed: true })
  })

  test('asks for a part again whose text is not what was said, and gives up honestly', () => {
    const model = new RunModel('run')
    const head = { msg: 'm', kind: 'text', agent: 'Friday', at: 0 } as const
    expect(
      model.apply({
        seq: 1,
        ops: [
          ['n', 'm.0', head],
          ['+', 'm.0', 0, 'abc'],
          ['e', 'm.0', { len: 3, crc: 1 }],
        ],
      }),
    ).toBe(true)
    expect(model.cursor()).toEqual({ seq: 1, have: { 'm.0': 0 } })
    const again = {
      seq: 1,
      ops: [
        ['+', 'm.0', 0, 'abc'],
        ['e', 'm.0', { len: 3, crc: 1 }],
      ],
    } satisfies Batch
    expect([model.apply(again), model.apply(again), model.apply(again)]).toEqual([true, true, false])
    expect(model.parts.get('m.0')).toMatchObject({ text: 'abc', fault: 'unproved' })
  })

  test('starts from nothing when the reader knows a later journal than there is', () => {
    const encoder = encoded(randomRun(5))
    const model = new RunModel('run')
    model.apply({ seq: 1_000_000, ops: [['m', 'gone', { place: 0 }]] })
    const batches = told(new RunReader(encoder, model.cursor()))
    for (const batch of batches) model.apply(batch)
    expect(batches[0]?.reset).toBe(true)
    expect(modelTexts(model)).toEqual(foldedTexts(randomRun(5)))
  })
})

describe('what is told of a run', () => {
  test('figures count what invocations say, questions make it wait, and answers end that', () => {
    const encoder = new RunEncoder('run')
    const speaker = { name: 'Friday', id: 'f' }
    encoder.add({ offset: 1, record: { type: 'run', at: start, run: { name: 'trip', status: 'running' } } })
    encoder.add({ offset: 2, record: said({ type: 'input-request', id: 'q', name: 'You', text: 'Which hotel?' }) })
    const reader = new RunReader(encoder, nothing)
    const model = new RunModel('run')
    for (const batch of told(reader)) model.apply(batch)
    expect(model.head).toMatchObject({ name: 'trip', status: 'waiting', waiting: 1 })
    encoder.accept('q', { by: 'tab 2', at: start, content: 'A' })
    encoder.add({ offset: 3, record: said({ type: 'input-answer', id: 'q', content: 'A' }) })
    const response = {
      id: 'm',
      name: 'Friday',
      role: 'assistant',
      content: 'Hi',
      usage: { inputTokens: 7, outputTokens: 5 },
    } as const
    const asked = { id: 'i', speaker, model: {} as never, startedAt: '', durationMs: 1, messages: [], options: {} }
    encoder.add({
      offset: 4,
      record: { type: 'invocation', at: start, invocation: { ...asked, response: { ...response } } },
    })
    for (const batch of told(reader)) model.apply(batch)
    expect(model.head).toMatchObject({ status: 'running', waiting: 0, tokensIn: 7, tokensOut: 5 })
    expect(model.requests.get('q')).toMatchObject({ text: 'Which hotel?', answered: { by: 'tab 2', content: 'A' } })
  })

  test('events that do not fit are made to fit', () => {
    const encoder = encoded([
      { type: 'text-delta', id: 'm', index: 3, delta: 'late' },
      { type: 'block-end', id: 'other', index: 9 },
      { type: 'input-answer', id: 'nobody asked', content: 'yes' },
      { type: 'raw', id: 'm', value: null },
    ])
    const model = new RunModel('run')
    for (const batch of told(new RunReader(encoder, nothing))) model.apply(batch)
    expect(modelTexts(model)).toEqual({ m: ['late'], other: [] })
  })

  test('listeners hear once a batch what a part has grown by', () => {
    const model = new RunModel('run')
    const heard: unknown[] = []
    const head = { msg: 'm', kind: 'text', agent: 'Friday', at: 0 } as const
    model.listen('part m.0', (change) => heard.push(change))
    model.apply({
      seq: 1,
      ops: [
        ['n', 'm.0', head],
        ['+', 'm.0', 0, 'ab'],
        ['+', 'm.0', 1, 'bc'],
      ],
    })
    model.apply({ seq: 2, ops: [['=', 'm.0', 1, 'other']] })
    expect(heard).toEqual([{ appended: 'abc' }, {}])
  })
})
