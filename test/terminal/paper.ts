// An output that keeps what was written, and a keyboard: the two sides of a terminal without one.
import { PassThrough, Writable } from 'node:stream'
import type { StreamEvent } from '../../src/core/event.ts'
import { EventWriter } from '../../src/core/writer.ts'
import { type Terminal, type TerminalOptions, terminal } from '../../src/terminal/index.ts'
import { Screen } from './screen.ts'
import { StillClock } from './time.ts'

export class Paper extends Writable {
  text = ''
  readonly writes: string[] = []
  readonly isTTY: boolean
  #full: (() => void) | undefined
  #limit = Number.POSITIVE_INFINITY

  constructor({ isTTY = false, highWaterMark = 16_384 } = {}) {
    super({ decodeStrings: false, highWaterMark })
    this.isTTY = isTTY
  }

  /** From now on nothing is taken until `resume`. */
  pause(): void {
    this.#limit = 0
  }

  resume(): void {
    this.#limit = Number.POSITIVE_INFINITY
    this.#full?.()
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk
    this.writes.push(chunk)
    if (this.#limit > 0) done()
    else this.#full = done
  }
}

export function keyboard(isTTY = false): PassThrough & { isTTY: boolean } {
  return Object.assign(new PassThrough(), { isTTY })
}

export const speaker = { name: 'Friday', id: 'agent-1' }

export interface OnPaper {
  paper: Paper
  screen: Terminal
  show(...events: StreamEvent[]): void
}

export function onPaper(options: TerminalOptions = {}, paper = new Paper()): OnPaper {
  const screen = terminal({ output: paper, input: keyboard(), color: false, ...options })
  return { paper, screen, show: (...events) => events.forEach((event) => void screen.event(speaker, event)) }
}

export interface OnScreen {
  screen: Screen
  clock: StillClock
  terminal: Terminal
  show(...events: StreamEvent[]): void
}

/** On a screen that can be redrawn, at a time that stands still. */
export function onScreen(options: TerminalOptions = {}, columns = 80, rows = 24): OnScreen {
  const [screen, clock] = [new Screen(columns, rows), new StillClock()]
  const output = screen as unknown as Paper
  const shown = terminal({ output, input: keyboard(), color: false, lanes: true, clock, ...options })
  return {
    screen,
    clock,
    terminal: shown,
    show: (...events) => events.forEach((event) => void shown.event(speaker, event)),
  }
}

/** The events of one message, written as the decoders write them. */
export function told(write: (writer: EventWriter) => void, name = 'Friday', id = 'm-1'): StreamEvent[] {
  const writer = new EventWriter({ id, name })
  write(writer)
  writer.end({ reason: 'stop', complete: true })
  return writer.take()
}

/** The beginning of a message of tool results, which is open while its tools run. */
export function toolResult(id: string, name: string): [StreamEvent, StreamEvent] {
  const block = { type: 'tool_result', id, name, output: '' } as const
  return [
    { type: 'message-start', id: 'm-results', role: 'system', name: 'Friday' },
    { type: 'block-start', id: 'm-results', index: 0, block },
  ]
}
