// A tab at a hub, without a socket: what it is sent is counted and read, and a test says how fast it is taken.
import type { BlockDelta, StreamEvent } from '../../src/core/event.ts'
import { memoryJournals } from '../../src/journal/memory.ts'
import type { ClientFrame, RunHead, ServerFrame } from '../../src/studio/protocol/frames.ts'
import { RunModel } from '../../src/studio/protocol/model.ts'
import { WireReader } from '../../src/studio/protocol/wire.ts'
import { type HubCommands, LiveHub, type LiveHubOptions } from '../../src/studio/server/hub.ts'
import type { ConnectOptions, LiveClient } from '../../src/studio/server/live-client.ts'
import { said } from './logging.ts'
import { VirtualClock } from './virtual-clock.ts'

export class Tab {
  readonly client: LiveClient
  readonly frames: ServerFrame[] = []
  readonly sizes: number[] = []
  readonly times: number[] = []
  readonly heads = new Map<string, RunHead>()
  readonly model: RunModel
  buffered = 0
  closed = false

  constructor(room: Room, run = 'run', options: ConnectOptions = {}, model = new RunModel(run)) {
    this.model = model
    const wire = new WireReader()
    const send = (text: string) => {
      this.sizes.push(Buffer.byteLength(text))
      this.times.push(room.clock.now())
      this.#heard(wire.read(text))
    }
    const close = () => {
      this.closed = true
    }
    this.client = room.hub.connect({ send, close, bufferedAmount: () => this.buffered }, options)
  }

  say(frame: ClientFrame | string): void {
    this.client.receive(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  subscribe(): void {
    this.say({ t: 'sub', run: this.model.run, ...this.model.cursor() })
  }

  /** Bytes on the wire since the tab came, with what a WebSocket puts around each frame. */
  get bytes(): number {
    return this.sizes.reduce((sum, size) => sum + size + (size > 65_535 ? 10 : size > 125 ? 4 : 2), 0)
  }

  ofType<T extends ServerFrame['t']>(type: T): Extract<ServerFrame, { t: T }>[] {
    return this.frames.filter((frame): frame is Extract<ServerFrame, { t: T }> => frame.t === type)
  }

  #heard(frame: ServerFrame): void {
    this.frames.push(frame)
    if (frame.t === 'b' && frame.run === this.model.run && this.model.apply(frame)) this.subscribe()
    if (frame.t === 'l') for (const head of frame.runs) this.heads.set(head.id, head)
  }
}

export class Room {
  readonly clock = new VirtualClock()
  readonly journals = memoryJournals()
  readonly commands: unknown[][] = []
  readonly hub: LiveHub
  verdict: string | Promise<string> = 'ok'

  constructor(options: Partial<LiveHubOptions> = {}) {
    const told = (...command: unknown[]) => {
      this.commands.push(command)
      return this.verdict
    }
    const commands: HubCommands = {
      stop: (...all) => told('stop', ...all),
      steer: (...all) => told('steer', ...all),
      answer: (run, requestId, key, value, by) => {
        if (this.verdict === 'ok') this.hub.answered(run, requestId, { ...value, by, at: this.clock.now() })
        return told('answer', run, requestId, key, value, by)
      },
    }
    this.hub = new LiveHub(this.journals, { commands, clock: this.clock, ...options })
  }

  async log(run: string, ...events: StreamEvent[]): Promise<void> {
    await this.journals.open(run).append(events.map((event) => said(event)))
    this.hub.noticed(run)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub.close()
    await this.journals.close()
  }
}

export const messageId = '5f0c7f9e-8a55-4e0b-9d2c-0d6b8a1f2c3d'

export function begin(id = messageId): StreamEvent[] {
  return [
    { type: 'message-start', id, role: 'assistant', name: 'Friday', replyId: 'r_k3j9x2' },
    { type: 'block-start', id, index: 0, block: { type: 'text', text: '' } },
  ]
}

export function delta(text: string, id = messageId): BlockDelta {
  return { type: 'text-delta', id, index: 0, delta: text }
}

export function end(id = messageId): StreamEvent[] {
  return [
    { type: 'block-end', id, index: 0 },
    { type: 'message-end', id, ending: { reason: 'stop', complete: true } },
  ]
}
