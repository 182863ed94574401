// A program that speaks into a journal at a given rate: what an agent's run looks like to Studio, without the agent.
import { setTimeout as wait } from 'node:timers/promises'
import type { Ending } from '../../src/core/ending.ts'
import type { BlockDelta, StreamEvent } from '../../src/core/event.ts'
import type { JournalRecord, Journals, RunFacts } from '../../src/journal/journal.ts'
import type { Speaker } from '../../src/scope.ts'

const whole: Ending = { reason: 'stop', complete: true }

export interface Saying {
  /** Pieces a second; the default is as fast as the journal takes them. */
  rate?: number
  /** Called after each piece with its number, beginning at 1. */
  told?: (piece: number) => void
  signal?: AbortSignal
  /** Default `text-delta`. */
  kind?: 'text' | 'thinking'
}

/** One run in `journals`. What it says is there, acknowledged, when the promise resolves. */
export class Program {
  readonly run: string
  readonly #journals: Journals
  #messages = 0

  constructor(journals: Journals, run: string) {
    this.#journals = journals
    this.run = run
  }

  /** The first record: without it nobody knows the run. */
  async begin(name = this.run): Promise<void> {
    const run: RunFacts = {
      id: this.run,
      project: 'browser',
      name,
      startedAt: new Date().toISOString(),
      status: 'running',
    }
    await this.write({ type: 'run', at: Date.now(), run })
  }

  async end(status: 'done' | 'failed' = 'done'): Promise<void> {
    await this.write({ type: 'run', at: Date.now(), run: { status, endedAt: new Date().toISOString() } })
  }

  /** One message of one text block, in these pieces. Resolves with its id. */
  async say(name: string, pieces: readonly string[], saying: Saying = {}): Promise<string> {
    const message = this.open(name, saying.kind)
    await message.start
    await message.grow(pieces, saying)
    await message.end()
    return message.id
  }

  /** A message that is open: it grows as often as wanted, until it is ended. */
  open(name: string, kind: 'text' | 'thinking' = 'text') {
    const id = `${this.run}-${++this.#messages}`
    const speaker: Speaker = { name, id: `agent-${name}` }
    const tell = (...events: StreamEvent[]) => this.tell(speaker, ...events)
    const block =
      kind === 'text' ? ({ type: 'text', text: '' } as const) : ({ type: 'thinking', thinking: '' } as const)
    const start = tell(
      { type: 'message-start', id, role: 'assistant', name },
      { type: 'block-start', id, index: 0, block },
    )
    const piece = (delta: string): BlockDelta => ({ type: `${kind}-delta`, id, index: 0, delta })
    return {
      id,
      start,
      grow: (pieces: readonly string[], saying: Saying = {}) => paced(pieces, saying, (text) => tell(piece(text))),
      end: () => tell({ type: 'block-end', id, index: 0 }, { type: 'message-end', id, ending: whole }),
    }
  }

  tell(speaker: Speaker, ...events: StreamEvent[]): Promise<void> {
    return this.write(...events.map((event) => ({ type: 'event', at: Date.now(), speaker, event }) as const))
  }

  async write(...records: JournalRecord[]): Promise<void> {
    await this.#journals.open(this.run).append(records)
  }
}

/** Each piece at its time, counted from the beginning: one that comes late does not delay those after it. */
async function paced(pieces: readonly string[], { rate, told, signal }: Saying, tell: (text: string) => Promise<void>) {
  const began = performance.now()
  const taken: Promise<void>[] = []
  for (const [index, text] of pieces.entries()) {
    const early = rate === undefined ? 0 : began + (index * 1000) / rate - performance.now()
    if (early > 1) await wait(early, undefined, signal && { signal })
    signal?.throwIfAborted()
    taken.push(tell(text))
    told?.(index + 1)
  }
  await Promise.all(taken)
}
