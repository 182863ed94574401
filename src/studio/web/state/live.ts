// The tab's one socket to Studio: what is subscribed, whether it lives, and how it comes back when it is lost.
// Longer than most files: its one state machine is told in one place.
import { signal } from '@preact/signals'
import type { ClientFrame, ServerFrame } from '../../protocol/frames.ts'
import { WireReader } from '../../protocol/wire.ts'

export type ConnectionState = 'connecting' | 'live' | 'lost'

export const connection = signal<ConnectionState>('connecting')
/** When the last frame came, in milliseconds since 1970; 0 before the first. */
export const lastDataAt = signal(0)

const heartbeatMs = 15_000
const firstRetryMs = 300
const longestRetryMs = 5_000
/** So slowly the wait grows that a break of a second is over within another one, also with the longest jitter. */
const retryGrowth = 1.4
/** Batches are acknowledged when so many, or so many UTF-16 units, have come: far below what Studio sends ahead. */
const ackBatches = 32
const ackUnits = 16_384

type Command = Extract<ClientFrame, { t: 'stop' | 'steer' | 'answer' }>
type Refusal = { code: string; text?: string }

/** What Studio said to a command: done, or why not. `lost` when the connection went before it answered. */
export type Verdict = { ok: true } | ({ ok: false } & Refusal)

/** Follows one run. `position` is asked at every (re)connection, so that only what is missing is sent. */
export interface RunFollower {
  position(): { seq: number; have: Record<string, number> }
  batch(frame: Extract<ServerFrame, { t: 'b' }>): void
}

/** Hears of the list of runs. */
export type ListFollower = (frame: Extract<ServerFrame, { t: 'l' }>) => void

class Live {
  #socket: WebSocket | undefined
  #retryMs = firstRetryMs
  #retry: ReturnType<typeof setTimeout> | undefined
  #heartbeat: ReturnType<typeof setInterval> | undefined
  #missed = 0
  #lastId = 0
  /** Of this connection: what its frames refer to, and how many batches and units have come since the last word. */
  #reader = new WireReader()
  #batches = 0
  #acknowledged = 0
  #unitsSince = 0
  readonly #runs = new Map<string, RunFollower>()
  readonly #lists = new Set<ListFollower>()
  readonly #waiting = new Map<number, (verdict: Verdict) => void>()

  /** Opens the socket and keeps it open until the tab is closed. Called once. */
  start(): void {
    addEventListener('online', () => this.retryNow())
    document.addEventListener('visibilitychange', () => {
      this.#send({ t: 'vis', on: !document.hidden })
      if (!document.hidden) this.retryNow()
    })
    this.#open()
  }

  /** Tries at once when there is no connection. */
  retryNow(): void {
    if (connection.value === 'live' || this.#socket?.readyState === WebSocket.CONNECTING) return
    this.#retryMs = firstRetryMs
    clearTimeout(this.#retry)
    this.#open()
  }

  /** Follows a run until the returned function is called. One follower for each run. */
  follow(run: string, follower: RunFollower): () => void {
    this.#runs.set(run, follower)
    this.#send({ t: 'sub', run, ...follower.position() })
    return () => {
      if (this.#runs.get(run) !== follower) return
      this.#runs.delete(run)
      this.#send({ t: 'unsub', run })
    }
  }

  /** Asks for a run again from where its follower says it is: a piece was missing. */
  again(run: string): void {
    const follower = this.#runs.get(run)
    if (follower !== undefined) this.#send({ t: 'sub', run, ...follower.position() })
  }

  followList(follower: ListFollower): () => void {
    this.#lists.add(follower)
    if (this.#lists.size === 1) this.#send({ t: 'list', on: true })
    return () => {
      this.#lists.delete(follower)
      if (this.#lists.size === 0) this.#send({ t: 'list', on: false })
    }
  }

  /** Sends a command; every one is answered. Never rejects. */
  command(frame: Command): Promise<Verdict> {
    if (this.#socket?.readyState !== WebSocket.OPEN) return Promise.resolve({ ok: false, code: 'lost' })
    this.#lastId += 1
    const id = this.#lastId
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#send({ ...frame, id })
    })
  }

  #open(): void {
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`)
    this.#socket = socket
    socket.addEventListener('open', () => this.#opened())
    this.#reader = new WireReader()
    socket.addEventListener('message', (event) => socket === this.#socket && this.#heard(String(event.data)))
    socket.addEventListener('close', () => this.#closed(socket))
  }

  #opened(): void {
    this.#missed = 0
    this.#batches = 0
    this.#acknowledged = 0
    this.#unitsSince = 0
    if (document.hidden) this.#send({ t: 'vis', on: false })
    if (this.#lists.size > 0) this.#send({ t: 'list', on: true })
    for (const [run, follower] of this.#runs) this.#send({ t: 'sub', run, ...follower.position() })
    clearInterval(this.#heartbeat)
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs)
  }

  #heard(text: string): void {
    const frame = this.#read(text)
    if (frame === undefined) return
    this.#missed = 0
    this.#retryMs = firstRetryMs
    lastDataAt.value = Date.now()
    connection.value = 'live'
    if (frame.t === 'b') this.#batch(frame, text.length)
    else if (frame.t === 'l') for (const each of this.#lists) each(frame)
    else if (frame.t === 'ok') this.#answered(frame.id, { ok: true })
    else if (frame.t === 'no')
      this.#answered(frame.id, { ok: false, code: frame.code, ...(frame.text !== undefined && { text: frame.text }) })
  }

  /** Frames refer to those before them: after one that cannot be read, only a new connection helps. */
  #read(text: string): ServerFrame | undefined {
    try {
      return this.#reader.read(text)
    } catch {
      this.#closed(this.#socket)
      return undefined
    }
  }

  /** Tells Studio now and then how much was read: by that it knows a tab that cannot follow. */
  #batch(frame: Extract<ServerFrame, { t: 'b' }>, units: number): void {
    this.#runs.get(frame.run)?.batch(frame)
    this.#batches += 1
    this.#unitsSince += units
    if (this.#batches - this.#acknowledged < ackBatches && this.#unitsSince < ackUnits) return
    this.#acknowledged = this.#batches
    this.#unitsSince = 0
    this.#send({ t: 'ack', n: this.#batches })
  }

  #answered(id: number, verdict: Verdict): void {
    this.#waiting.get(id)?.(verdict)
    this.#waiting.delete(id)
  }

  #beat(): void {
    if (this.#missed >= 2) {
      // A socket that answers nothing may take minutes to close by itself.
      this.#closed(this.#socket)
      return
    }
    this.#missed += 1
    this.#send({ t: 'ping' })
  }

  #closed(socket: WebSocket | undefined): void {
    if (socket === undefined || socket !== this.#socket) return
    this.#socket = undefined
    socket.close()
    clearInterval(this.#heartbeat)
    connection.value = 'lost'
    for (const id of [...this.#waiting.keys()]) this.#answered(id, { ok: false, code: 'lost' })
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#open(), this.#retryMs * (0.7 + Math.random() * 0.6))
    this.#retryMs = Math.min(this.#retryMs * retryGrowth, longestRetryMs)
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame))
  }
}

export const live = new Live()
