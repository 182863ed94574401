// A Studio without a server for tests of its routes: a room in memory, the app, and requests as a tab or a program sends them.
import { Hono } from 'hono'
import type { JournalRecord } from '../../../src/journal/journal.ts'
import { memoryJournals } from '../../../src/journal/memory.ts'
import { studioApp } from '../../../src/studio/server/app.ts'
import { liveRoutes } from '../../../src/studio/server/live-events.ts'
import { openRoom } from '../../../src/studio/server/room.ts'
import { allowedHosts } from '../../../src/studio/server/security.ts'

export const token = '0123456789abcdef0123456789abcdef'
export const host = 'localhost:3000'

export interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: BodyInit
  json?: unknown
}

export async function roomWithApp(client = new Hono(), guardToken: string | undefined = token) {
  const room = await openRoom(memoryJournals(), undefined, () => ({ hosts: allowedHosts(), token: guardToken }))
  const app = studioApp({ parts: room.parts, more: [liveRoutes(room.hub, room.parts.store)], client })
  const ask = async (path: string, { method = 'GET', headers = {}, body, json }: Asked = {}) => {
    const sent = json === undefined ? body : JSON.stringify(json)
    const kind: Record<string, string> = json === undefined ? {} : { 'content-type': 'application/json' }
    return app.request(`http://${host}${path}`, {
      method,
      headers: { host, authorization: `Bearer ${token}`, ...kind, ...headers },
      ...(sent !== undefined && { body: sent, duplex: 'half' }),
    } as RequestInit)
  }
  const read = async (path: string, asked?: Asked) => (await ask(path, asked)).json()
  /** Logs and waits until the index has it. */
  const log = async (run: string, ...records: JournalRecord[]) => {
    await room.parts.store.reached(run, await room.journals.open(run).append(records))
  }
  return { ...room, app, ask, read, log, [Symbol.asyncDispose]: room.close }
}

const speaker = { name: 'Planner', id: 'agent-1' }

/** What a run logs when an agent says one thing. */
export function spoken(
  id: string,
  text: string,
  at: number,
  usage = { inputTokens: 10, outputTokens: 4 },
): JournalRecord[] {
  const event = (each: Extract<JournalRecord, { type: 'event' }>['event']): JournalRecord => {
    return { type: 'event', at, speaker, event: each }
  }
  return [
    event({ type: 'message-start', id, role: 'assistant', name: speaker.name, replyId: `reply-${id}` }),
    event({ type: 'block-start', id, index: 0, block: { type: 'text', text: '' } }),
    event({ type: 'text-delta', id, index: 0, delta: text }),
    event({ type: 'block-end', id, index: 0 }),
    event({ type: 'message-end', id, ending: { reason: 'stop', complete: true }, usage }),
  ]
}

export function begun(id: string, name = 'demo', project = 'tests'): JournalRecord {
  const startedAt = '2026-01-02T03:04:05.000Z'
  return { type: 'run', at: Date.parse(startedAt), run: { id, name, project, startedAt, status: 'running' } }
}

export function ended(at: number, status: 'done' | 'failed' = 'done'): JournalRecord {
  return { type: 'run', at, run: { status, endedAt: new Date(at).toISOString() } }
}

export function asked(id: string, text: string, at: number): JournalRecord {
  return { type: 'event', at, speaker, event: { type: 'input-request', id, name: 'User', text } }
}

export function answered(id: string, content: string, at: number): JournalRecord {
  return { type: 'event', at, speaker, event: { type: 'input-answer', id, content } }
}
