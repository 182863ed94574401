// One tab: what it watches, how fast it is told, and what it asks for.
// Longer than most files: when a tab is told what is one state machine.
import { type ClientFrame, protocolVersion, type ServerFrame } from '../protocol/frames.ts'
import { RunReader } from '../protocol/reader.ts'
import { WireWriter } from '../protocol/wire.ts'
import { parseClientFrame } from './client-frame.ts'
import type { LiveHub, Said } from './hub.ts'
import type { LiveRun } from './live-run.ts'
import { Unread } from './unread.ts'

/** Where the frames of one tab go: a WebSocket, an SSE response, a test. */
export interface LiveConnection {
  send(text: string): void
  /** What has been sent and has not left the machine yet, in bytes. */
  bufferedAmount(): number
  close(): void
}

export interface ConnectOptions {
  /** Who answers, when it does. Default: `tab` and a number. */
  name?: string
  /** Whether every frame is a plain `ServerFrame`, as over SSE. Default false: `WireReader` reads them. */
  plain?: boolean
  /** Whether nothing can come back, as over SSE: then silence means nothing. Default false. */
  oneWay?: boolean
}

interface Subscription {
  run: LiveRun
  /** Absent until the run has been read. */
  reader: RunReader | undefined
  headAt: number
}

/** Milliseconds between two flushes: the longer, the less the tab has taken of what was sent. */
const paces = [16, 33, 100, 250] as const
const hiddenMs = 1000
/** In bytes: from the first on flushes become rarer, from the second on there are none. */
const muchInFlight = 64 * 1024
const mostInFlight = 256 * 1024
/** Figures and lists are told at most four times a second. */
const figuresMs = 250
const heartbeatMs = 15_000
const silenceMs = 45_000
const mostSubscriptions = 200

export class LiveClient {
  readonly name: string
  readonly #hub: LiveHub
  readonly #connection: LiveConnection
  readonly #writer: WireWriter | undefined
  readonly #isOneWay: boolean
  readonly #subscriptions = new Map<string, Subscription>()
  /** Runs whose heads are to be told; `undefined` when it wants no list. */
  #listed: Set<string> | undefined
  #gone: string[] = []
  #listedAt = Number.NEGATIVE_INFINITY
  #isHidden = false
  #isClosed = false
  #pace = 0
  #flushedAt = Number.NEGATIVE_INFINITY
  #timer: (() => void) | undefined
  #dueAt = 0
  #beat: (() => void) | undefined
  #sentAt: number
  #heardAt: number
  readonly #unread = new Unread()
  /** Whether what the list begins with is known, and whether a list has been told. */
  #isListReady = false
  #isListTold = false

  constructor(hub: LiveHub, connection: LiveConnection, name: string, options: ConnectOptions) {
    this.#hub = hub
    this.#connection = connection
    this.name = options.name ?? name
    this.#writer = options.plain ? undefined : new WireWriter()
    this.#isOneWay = options.oneWay ?? false
    this.#sentAt = this.#heardAt = hub.clock.now()
    this.#send({ t: 'hi', proto: protocolVersion, server: hub.name, now: hub.clock.now() })
    this.#beatOn()
  }

  /** One frame of the tab. Whatever it is, it is answered and never thrown at whoever hands it over. */
  receive(text: string): void {
    if (this.#isClosed) return
    this.#heardAt = this.#hub.clock.now()
    const read = parseClientFrame(text)
    if (!('frame' in read)) return this.#send({ t: 'no', ...read })
    void this.#obey(read.frame)
  }

  /** The connection is gone, or shall go. Nothing is sent any more. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#timer?.()
    this.#beat?.()
    for (const { run } of this.#subscriptions.values()) this.#hub.left(run)
    this.#subscriptions.clear()
    this.#listed = undefined
    this.#hub.disconnected(this)
    this.#connection.close()
  }

  get wantsList(): boolean {
    return this.#listed !== undefined
  }

  watches(run: LiveRun): boolean {
    return this.#subscriptions.get(run.id)?.run === run
  }

  /** That run has changed. */
  changed(run: LiveRun): void {
    this.#listed?.add(run.id)
    if (this.#listed !== undefined || this.watches(run)) this.#wake()
  }

  /** That run has been deleted. */
  forgot(runId: string): void {
    this.#subscriptions.delete(runId)
    if (this.#listed === undefined) return
    this.#listed.delete(runId)
    this.#gone.push(runId)
    this.#wake()
  }

  async #obey(frame: ClientFrame): Promise<void> {
    const verdict = await this.#done(frame).catch((): Said => ['failed', 'Studio could not do it.'])
    const [code, text] = typeof verdict === 'string' ? [verdict, undefined] : verdict
    const { id } = frame
    if (code === 'ok') {
      if (id !== undefined) this.#send({ t: 'ok', id })
    } else this.#send({ t: 'no', id: id ?? 0, code, ...(text !== undefined && { text }) })
  }

  /** Does what a frame asks for: `ok`, or a code and why not. */
  async #done(frame: ClientFrame): Promise<Said> {
    switch (frame.t) {
      case 'sub':
        return this.#subscribe(frame.run, frame)
      case 'unsub':
        this.#unsubscribe(frame.run)
        return 'ok'
      case 'list':
        this.#list(frame.on)
        return 'ok'
      case 'vis':
        this.#isHidden = !frame.on
        this.#wake()
        return 'ok'
      case 'ack':
        this.#unread.read(frame.n)
        return 'ok'
      case 'ping':
        this.#send({ t: 'pong' })
        return 'ok'
      case 'stop':
        return this.#hub.commands.stop(frame.run, frame.reply)
      case 'steer':
        return this.#hub.commands.steer(frame.run, frame.agent, frame.text, frame.when)
      case 'answer':
        return this.#hub.commands.answer(frame.run, frame.req, frame.key, frame.value, this.name)
    }
  }

  /** The reader is made when the run has been read, from the state that goes on changing: there is no gap to fall into. */
  #subscribe(runId: string, cursor: { seq: number; have: Record<string, number> }): Said {
    const before = this.#subscriptions.get(runId)
    if (before === undefined && this.#subscriptions.size >= mostSubscriptions) {
      return ['too-many', `A tab watches at most ${mostSubscriptions} runs.`]
    }
    const run = before?.run ?? this.#hub.watch(runId)
    const subscription: Subscription = { run, reader: undefined, headAt: Number.NEGATIVE_INFINITY }
    this.#subscriptions.set(runId, subscription)
    void run.ready.then(() => {
      if (this.#subscriptions.get(runId) !== subscription) return
      subscription.reader = new RunReader(run.encoder, cursor, { spans: this.#isOneWay ? 1000 : 0 })
      this.#wake()
    })
    return 'ok'
  }

  #unsubscribe(runId: string): void {
    const subscription = this.#subscriptions.get(runId)
    if (subscription === undefined) return
    this.#subscriptions.delete(runId)
    this.#hub.left(subscription.run)
  }

  #list(on: boolean): void {
    if (!on) this.#listed = undefined
    this.#isListReady &&= on
    this.#isListTold &&= on
    if (!on || this.#listed !== undefined) return
    const listed = new Set<string>()
    this.#listed = listed
    void this.#hub.listable().then((runs) => {
      if (this.#listed !== listed) return
      for (const run of runs) listed.add(run)
      this.#isListReady = true
      this.#wake()
    })
  }

  /** Makes sure that a flush comes, not before its time. */
  #wake(): void {
    const every = this.#isHidden ? hiddenMs : (paces[this.#pace] as number)
    this.#flushAt(Math.max(this.#hub.clock.now(), this.#flushedAt + every))
  }

  #flushAt(time: number): void {
    if (this.#isClosed || (this.#timer !== undefined && this.#dueAt <= time)) return
    this.#timer?.()
    this.#dueAt = time
    this.#timer = this.#hub.clock.after(Math.max(0, time - this.#hub.clock.now()), () => {
      this.#timer = undefined
      this.#flush()
    })
  }

  #flush(): void {
    const now = this.#hub.clock.now()
    this.#flushedAt = now
    this.#pace = this.#inFlight() > muchInFlight ? Math.min(this.#pace + 1, paces.length - 1) : 0
    let isTold = true
    for (let round = [...this.#subscriptions.values()]; round.length > 0; ) {
      if (this.#inFlight() >= mostInFlight) {
        isTold = false
        break
      }
      round = round.filter((subscription) => this.#tell(subscription, now))
    }
    if (!isTold) return this.#wake()
    this.#tellList(now)
    this.#wakeForFigures()
  }

  /** One batch of that run. False when there is nothing more to tell of it now. */
  #tell(subscription: Subscription, now: number): boolean {
    const { reader, run } = subscription
    if (reader === undefined || this.#inFlight() >= mostInFlight) return reader !== undefined
    const head = now - subscription.headAt >= figuresMs
    const wasBehind = reader.isHeadBehind
    const batch = reader.next({ head })
    if (head && wasBehind) subscription.headAt = now
    if (batch === undefined) return false
    this.#send({ t: 'b', run: run.id, ...batch })
    return true
  }

  #tellList(now: number): void {
    if (this.#listed === undefined || !this.#isListReady || now - this.#listedAt < figuresMs) return
    if (this.#listed.size === 0 && this.#gone.length === 0 && this.#isListTold) return
    const runs = [...this.#listed].flatMap((id) => this.#hub.headOf(id) ?? [])
    const gone = this.#gone
    this.#listed.clear()
    this.#gone = []
    this.#listedAt = now
    if (runs.length > 0 || gone.length > 0 || !this.#isListTold)
      this.#send({ t: 'l', runs, ...(gone.length > 0 && { gone }) })
    this.#isListTold = true
  }

  /** What was not told because it was not its time comes later by itself. */
  #wakeForFigures(): void {
    for (const { reader, headAt } of this.#subscriptions.values()) {
      if (reader?.isHeadBehind) this.#flushAt(Math.max(headAt + figuresMs, this.#hub.clock.now()))
    }
    const hasList = this.#listed !== undefined && this.#isListReady && this.#listed.size + this.#gone.length > 0
    if (hasList) this.#flushAt(Math.max(this.#listedAt + figuresMs, this.#hub.clock.now()))
  }

  #inFlight(): number {
    return Math.max(this.#connection.bufferedAmount(), this.#unread.units)
  }

  #send(frame: ServerFrame): void {
    if (this.#isClosed) return
    const text = this.#writer?.write(frame) ?? JSON.stringify(frame)
    if (frame.t === 'b') this.#unread.sent(text.length)
    this.#sentAt = this.#hub.clock.now()
    try {
      this.#connection.send(text)
    } catch {
      this.close()
    }
  }

  /** A word when there was none for a while, both ways: half a connection is noticed, and closed. */
  #beatOn(): void {
    if (this.#isClosed) return
    const now = this.#hub.clock.now()
    if (!this.#isOneWay && now - this.#heardAt >= silenceMs) return this.close()
    if (now - this.#sentAt >= heartbeatMs) this.#send({ t: 'pong' })
    this.#beat = this.#hub.clock.after(heartbeatMs, () => this.#beatOn())
  }
}
