// A connection to a Studio that comes back by itself, and keeps no program alive for nothing.
import type { Channel, ChannelTarget } from './channel.ts'
import { postsChannel } from './posts-channel.ts'
import { socketChannel } from './socket-channel.ts'

export interface ConnectionOptions extends ChannelTarget {
  /** After so many milliseconds without a sign of life the connection counts as lost. */
  silenceMs: number
  opened(): void
  heard(text: string): void
  /** An attempt failed, or the connection broke. */
  lost(why: string): void
  /** It is open, but over HTTP requests, for no WebSocket got through. */
  fellBack(why: string): void
}

/** The first pause before it tries again, and the longest; milliseconds. */
const pausesMs = [300, 5000] as const

/** Nobody is there, or somebody who wants a token: not for a proxy that lets no WebSocket through. */
const isAway = /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|\b40[13]$/

/**
 * Connects, and after a loss again, at growing intervals: by a WebSocket, and when it is refused on the way by HTTP
 * requests. While it is not held it does not keep the process from ending; `hold` says that somebody waits for what comes
 * over it.
 */
export class Connection {
  readonly #options: ConnectionOptions
  #channel: Channel | undefined
  #isOpen = false
  #closed = false
  #isHeld = false
  #attempts = 0
  #retry: NodeJS.Timeout | undefined
  #watch: NodeJS.Timeout | undefined
  #heardAt = 0

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#connect()
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  send(text: string): void {
    if (this.#isOpen) this.#channel?.send(text)
  }

  hold(held: boolean): void {
    if (held === this.#isHeld) return
    this.#isHeld = held
    this.#applyHold()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
    clearInterval(this.#watch)
    this.#channel?.close()
  }

  /** `refused`: why the WebSocket did not get through, when this is the attempt without one. */
  #connect(refused?: string): void {
    const open = refused === undefined ? socketChannel : postsChannel
    this.#channel = open(this.#options, {
      opened: () => this.#opened(refused),
      heard: (text) => this.#heard(text),
      alive: () => this.#alive(),
      closed: (why) => this.#ended(why, refused),
    })
  }

  #opened(refused: string | undefined): void {
    this.#isOpen = true
    this.#attempts = 0
    this.#alive()
    this.#watch = setInterval(() => this.#look(), this.#options.silenceMs / 2).unref()
    this.#applyHold()
    if (refused !== undefined) this.#options.fellBack(refused)
    this.#options.opened()
  }

  #heard(text: string): void {
    this.#alive()
    if (!this.#closed) this.#options.heard(text)
  }

  #alive(): void {
    this.#heardAt = performance.now()
  }

  #look(): void {
    if (performance.now() - this.#heardAt > this.#options.silenceMs) this.#channel?.terminate()
    else this.#channel?.ping()
  }

  #ended(why: string, refused: string | undefined): void {
    const wasOpen = this.#isOpen
    this.#isOpen = false
    clearInterval(this.#watch)
    if (this.#closed) return
    if (!wasOpen && refused === undefined && !isAway.test(why)) this.#connect(why)
    else this.#lost(wasOpen ? why : (refused ?? why))
  }

  #lost(why: string): void {
    this.#channel = undefined
    const [first, longest] = pausesMs
    const pauseMs = Math.min(first * 2 ** this.#attempts, longest) * (0.75 + Math.random() / 2)
    this.#attempts += 1
    this.#retry = setTimeout(() => this.#connect(), pauseMs)
    this.#applyHold()
    this.#options.lost(why)
  }

  #applyHold(): void {
    this.#channel?.hold(this.#isHeld)
    if (this.#isHeld) this.#retry?.ref()
    else this.#retry?.unref()
  }
}
