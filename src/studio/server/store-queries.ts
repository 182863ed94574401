// Questions to the index about runs, their messages and what waits for a person.
import type { Msg } from '../../core/message.ts'
import type { RunHead } from '../protocol/frames.ts'
import type { InboxItem } from '../protocol/rest.ts'
import type { PlacedMessage } from './run-fold.ts'
import type { Store } from './store.ts'

export interface RunsAsked {
  status?: string | undefined
  q?: string | undefined
  limit: number
  /** `lastAt` of the last row that was shown. */
  before?: number | undefined
}

/** Runs, the one that spoke last first; `total` counts what fits, shown or not. */
export function runsOf(store: Store, { status, q, limit, before }: RunsAsked): { runs: RunHead[]; total: number } {
  const words = q?.trim().toLowerCase() ?? ''
  const wanted = status === undefined || status === '' ? undefined : status.split(',')
  const fitting = store
    .heads()
    .filter((head) => wanted === undefined || wanted.includes(head.status))
    .filter((head) => words === '' || readable(head).includes(words))
    .sort((one, other) => other.lastAt - one.lastAt)
  const shown = before === undefined ? fitting : fitting.filter((head) => head.lastAt < before)
  return { runs: shown.slice(0, limit), total: fitting.length }
}

function readable({ name, project, id, agents, lastLine }: RunHead): string {
  return [name, project, id, ...agents, lastLine ?? ''].join('\n').toLowerCase()
}

export type ListedMessage = Msg & {
  agent: string
  agentId: string
  replyId?: string
  at: number
  /** Its place among the messages of the run: `before` of the next older page. */
  place: number
  /** It is being said. */
  open?: true
}

/** Messages in their order, the last `limit` before a place, which counts from 0. `more` says that there are older ones. */
export function messagesOf(store: Store, run: string, limit: number, before = Number.MAX_SAFE_INTEGER) {
  store.flush()
  const spoken = store.open(run)
  const settled = store.database.prepare('SELECT position, key FROM studio_messages WHERE run = ?').all(run)
  const places = [
    ...settled.map(({ key, position }) => ({ key: Number(key), position: Number(position), placed: undefined })),
    ...spoken.map((placed) => ({ key: 0, position: placed.position, placed })),
  ].sort((one, other) => one.position - other.position)
  const first = Math.max(0, Math.min(before, places.length) - limit)
  const read = store.database.prepare('SELECT * FROM studio_messages WHERE key = ?')
  const messages = places.slice(first, Math.min(before, places.length)).map(({ key, placed }, index): ListedMessage => {
    if (placed !== undefined) return { ...placed.message, ...withoutMessage(placed), place: first + index, open: true }
    const { message, agent, at } = read.get(key) as Record<string, unknown>
    return { ...JSON.parse(String(message)), agent: String(agent), at: Number(at), place: first + index }
  })
  return { messages, more: first > 0 }
}

function withoutMessage({ message: _, position: __, ...about }: PlacedMessage) {
  return about
}

/** What waits, the oldest first, then what was answered lately. */
export function inboxOf(store: Store): InboxItem[] {
  store.flush()
  const part = (where: string, order: string) =>
    store.database.prepare(`SELECT * FROM studio_requests WHERE ${where} ORDER BY at ${order} LIMIT 200`).all()
  const rows = [...part('answered IS NULL', 'ASC'), ...part(`answered LIKE '%"at"%'`, 'DESC').slice(0, 50)]
  return rows.flatMap(({ run, at, agent, request, answered }) => {
    const head = store.head(String(run))
    if (head === undefined) return []
    const asked = { ...JSON.parse(String(request)), at: Number(at), agentId: String(agent) }
    const by = store.answeredBy(String(run), String(asked.id))
    const item: InboxItem = { runId: head.id, run: head.name, project: head.project, request: asked }
    if (answered === null) {
      const isLost = head.status === 'lost'
      if (by === undefined) return [{ ...item, ...(isLost && { isLost }) }]
      return [{ ...item, answered: { ...by, ...(isLost && { waits: true }) } }]
    }
    return [{ ...item, answered: { by: 'elsewhere', at: Number(at), ...JSON.parse(String(answered)), ...by } }]
  })
}
