// The Studio's half of `/ingest`: what a strange program sends is answered, and a slow reader costs no more than it asked for.
import { describe, expect, test } from 'vitest'
import { serveIngest } from '../../src/journal/ingest.ts'
import { encodeFrame, type ProgramHeader } from '../../src/journal/ingest-frames.ts'
import { memoryJournals } from '../../src/journal/memory.ts'
import { next, said, textOf } from '../suites/journal.ts'

function connection() {
  const journals = memoryJournals()
  const sent: string[] = []
  const closed: number[] = []
  const hearers: ((text: string) => void)[] = []
  const leavers: (() => void)[] = []
  const socket = {
    send: (text: string) => void sent.push(text),
    close: (code: number) => void closed.push(code),
    onMessage: (hearer: (text: string) => void) => void hearers.push(hearer),
    onClose: (leaver: () => void) => void leavers.push(leaver),
  }
  serveIngest({ run: 'run', journals, socket })
  const hear = (text: string) => {
    for (const each of hearers) each(text)
  }
  const leave = () => {
    for (const each of leavers) each()
  }
  const tell = (header: ProgramHeader, lines: string[] = []) => hear(encodeFrame(header, lines))
  return { journals, sent, closed, hear, leave, tell }
}

const hello = { t: 'hello', proto: 1, writer: 'w' } as const

describe('serveIngest', () => {
  test('refuses what is no frame, and what comes before the hello, and goes on', async () => {
    const { journals, sent, hear, tell } = connection()
    const wrong = ['', 'no json', 'null', '{"t":"drop"}', '{"t":"append","seq":0}', `${'['.repeat(5000)}`]
    for (const text of wrong) hear(text)
    tell({ t: 'append', seq: 1 }, [JSON.stringify(said(1))])
    expect(sent.map((text) => JSON.parse(text).t)).toEqual(Array(7).fill('no'))
    tell(hello)
    tell({ t: 'append', seq: 1 }, [JSON.stringify(said(1))])
    await expect.poll(() => sent.at(-1)).toBe('{"t":"ack","seq":1,"offset":1}')
    expect(textOf(await next(journals.open('run').read()[Symbol.asyncIterator](), 1))).toBe('1 ')
  })

  test('tells in the run which record it could not take, and takes those around it', async () => {
    const { journals, sent, tell } = connection()
    tell(hello)
    tell({ t: 'append', seq: 1 }, [
      JSON.stringify(said(1)),
      '{"type":"event","at":1}',
      'torn{',
      JSON.stringify(said(4)),
    ])
    await expect.poll(() => sent.at(-1)).toContain('"seq":4')
    const entries = await next(journals.open('run').read()[Symbol.asyncIterator](), 4)
    expect(textOf(entries)).toBe('1 4 ')
    expect(JSON.stringify(entries[1])).toContain('no journal can hold')
    expect(JSON.stringify(entries[2])).toContain('no JSON')
  })

  test('closes the connection to a program of another version, or when the journal fails', async () => {
    const other = connection()
    other.tell({ ...hello, proto: 99 })
    expect(other.sent[0]).toContain('version')
    expect(other.closed).toEqual([1008])
    const failing = connection()
    failing.tell(hello)
    await failing.journals.close()
    failing.tell({ t: 'append', seq: 1 }, [JSON.stringify(said(1))])
    await expect.poll(() => failing.closed).toEqual([1011])
  })

  test('sends a reader no more than it gave credit for, however much there is', async () => {
    const { journals, sent, tell, leave } = connection()
    const line = JSON.stringify({ offset: 1, record: said(1, 'x'.repeat(10_000)) }).length
    await journals.open('run').append(Array.from({ length: 1000 }, () => said(1, 'x'.repeat(10_000))))
    tell(hello)
    tell({ t: 'read', id: 1, after: 0, credit: 5 * line, acknowledged: false })
    const received = () => sent.flatMap((text) => text.split('\n').slice(1)).length
    await expect.poll(received).toBe(5)
    await new Promise(setImmediate)
    expect(received()).toBe(5)
    tell({ t: 'more', id: 1, credit: 2 * line })
    await expect.poll(received).toBe(7)
    tell({ t: 'leave', id: 1 })
    tell({ t: 'more', id: 1, credit: 1e9 })
    leave()
    await new Promise(setImmediate)
    expect(received()).toBe(7)
  })
})
