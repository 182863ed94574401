// A Studio of what these tests need: the ingest routes on real loopback HTTP, journals in memory, answers.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { applyEvent, type StreamEvent } from '../../../src/core/event.ts'
import type { Msg } from '../../../src/core/message.ts'
import type { JournalEntry, JournalRecord, Journals, Span } from '../../../src/journal/journal.ts'
import { memoryJournals } from '../../../src/journal/memory.ts'
import { Answers } from '../../../src/studio/server/answers.ts'
import { v1Routes } from '../../../src/studio/server/ingest-v1.ts'
import { otlpRoutes } from '../../../src/studio/server/otlp.ts'
import { attachPython, type PythonOptions } from '../../../src/studio/server/python-socket.ts'

export interface Loopback extends AsyncDisposable {
  url: string
  journals: Journals
  answers: Answers
  /** Calls a procedure as a program does. */
  call(procedure: string, body: unknown): Promise<{ status: number; body: unknown }>
  push(msg: Record<string, unknown>, about?: Record<string, unknown>): Promise<{ status: number; body: unknown }>
  /** Everything in a run's journal so far. */
  records(run: string): Promise<JournalRecord[]>
  events(run: string): Promise<StreamEvent[]>
  spans(run: string): Promise<Span[]>
  /** The messages that the events of a run make, by id. */
  messages(run: string): Promise<Map<string, Msg>>
}

export async function loopback(options: Partial<PythonOptions> & { journals?: Journals } = {}): Promise<Loopback> {
  const { journals = memoryJournals(), answers = new Answers(), ...python } = options
  const app = new Hono().route('/', v1Routes({ journals, answers })).route('/', otlpRoutes({ journals }))
  const server = createServer(getRequestListener(app.fetch))
  const door = attachPython(server, { journals, answers, ...python })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const records = async (run: string) => (await entries(journals, run)).map(({ record }) => record)
  const events = async (run: string) =>
    (await records(run)).flatMap((each) => (each.type === 'event' ? [each.event] : []))
  const call = (procedure: string, body: unknown) => post(`${url}/trpc/${procedure}`, body)
  return {
    url,
    journals,
    answers,
    call,
    push: (msg, about = {}) => call('pushMessage', pushOf(msg, about)),
    records,
    events,
    spans: async (run) => (await records(run)).flatMap((each) => (each.type === 'span' ? [each.span] : [])),
    messages: async (run) => fold(await events(run)),
    [Symbol.asyncDispose]: async () => {
      await door.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What v1's hook sends for each chunk. */
function pushOf(msg: Record<string, unknown>, about: Record<string, unknown>) {
  const whole = { name: 'Friday', role: 'assistant', metadata: null, timestamp: '2026-08-22 10:00:01.000', ...msg }
  const reply = { replyId: 'rp_1', replyName: 'Friday', replyRole: 'assistant' }
  return { runId: 'run_7f3a', ...reply, ...about, msg: whole }
}

export const stockRun = {
  id: 'run_7f3a',
  project: 'travel-bot',
  name: 'demo',
  timestamp: '2026-08-22 10:00:00.000',
  pid: 4242,
  status: 'running',
  run_dir: '',
}

async function post(url: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}

/** Up to a record that is written to find the end, which is left out. */
async function entries(journals: Journals, run: string): Promise<JournalEntry[]> {
  const found: JournalEntry[] = []
  if (!(await journals.runs()).includes(run)) return found
  const journal = journals.open(run)
  const end = await journal.append({ type: 'run', at: 0, run: {} })
  for await (const entry of journal.read()) {
    if (entry.offset >= end) break
    if (entry.record.type !== 'run' || Object.keys(entry.record.run).length > 0) found.push(entry)
  }
  return found
}

function fold(events: readonly StreamEvent[]): Map<string, Msg> {
  const messages = new Map<string, Msg>()
  for (const event of events) {
    if (event.type === 'input-request' || event.type === 'input-answer' || event.type === 'error') continue
    messages.set(event.id, applyEvent(messages.get(event.id), event))
  }
  return messages
}

/** The same journals as another object, as a Studio that was started anew has them. */
export function anew(journals: Journals): Journals {
  return {
    open: (run) => journals.open(run),
    runs: () => journals.runs(),
    delete: (run, options) => journals.delete(run, options),
    deletedAt: (run) => journals.deletedAt(run),
    readmit: (run) => journals.readmit(run),
    close: () => journals.close(),
  }
}
