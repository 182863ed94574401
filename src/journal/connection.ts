// One WebSocket that comes back by itself, and keeps no program alive for nothing.
import type { Socket } from 'node:net'
import WebSocket from 'ws'

export interface ConnectionOptions {
  url: string
  headers: Record<string, string>
  /** How long one attempt may take, in milliseconds. */
  connectMs: number
  /** After so many milliseconds without a sign of life the connection counts as lost. */
  silenceMs: number
  opened(): void
  heard(text: string): void
  /** An attempt failed, or the connection broke. */
  lost(why: string): void
}

/** The first pause before it tries again, and the longest; milliseconds. */
const pausesMs = [300, 5000] as const

/**
 * Connects, and after a loss again, at growing intervals. While it is not held it does not keep the process from ending;
 * `hold` says that somebody waits for what comes over it.
 */
export class Connection {
  readonly #options: ConnectionOptions
  #socket: WebSocket | undefined
  #tcp: Socket | undefined
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
    if (this.#isOpen) this.#socket?.send(text)
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
    this.#socket?.close(1000)
    // A peer that does not answer the goodbye must not keep the process.
    this.#tcp?.unref()
    if (!this.#isOpen) this.#socket?.terminate()
  }

  #connect(): void {
    const { url, headers, connectMs } = this.#options
    const socket = new WebSocket(url, { headers, handshakeTimeout: connectMs, perMessageDeflate: false })
    this.#socket = socket
    let why = 'the connection was closed'
    socket.on('upgrade', ({ socket: tcp }) => {
      this.#tcp = tcp
      tcp.setNoDelay(true)
    })
    socket.on('open', () => this.#opened())
    socket.on('message', (data) => this.#heard(String(data)))
    socket.on('pong', () => this.#alive())
    socket.on('error', (error) => {
      why = error.message
    })
    socket.on('close', (code) => this.#lost(code === 1006 || code === 1000 ? why : `${why}, code ${code}`))
  }

  #opened(): void {
    this.#isOpen = true
    this.#attempts = 0
    this.#alive()
    this.#watch = setInterval(() => this.#look(), this.#options.silenceMs / 2).unref()
    this.#applyHold()
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
    if (performance.now() - this.#heardAt > this.#options.silenceMs) this.#socket?.terminate()
    else this.#socket?.ping()
  }

  #lost(why: string): void {
    this.#isOpen = false
    this.#tcp = undefined
    clearInterval(this.#watch)
    if (this.#closed) return
    const [first, longest] = pausesMs
    const pauseMs = Math.min(first * 2 ** this.#attempts, longest) * (0.75 + Math.random() / 2)
    this.#attempts += 1
    this.#retry = setTimeout(() => this.#connect(), pauseMs)
    this.#applyHold()
    this.#options.lost(why)
  }

  #applyHold(): void {
    if (this.#isHeld) {
      this.#tcp?.ref()
      this.#retry?.ref()
    } else {
      this.#tcp?.unref()
      this.#retry?.unref()
    }
  }
}
