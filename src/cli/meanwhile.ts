// What a person does while a reply is being given: types words to the agent, stops it, leaves.
import { style, wantsColor } from '../terminal/style.ts'
import { isFarewell } from './chat-prompt.ts'
import { print } from './command.ts'
import type { OngoingReply } from './ongoing-reply.ts'
import { readLine } from './slash-command.ts'
import { Typing } from './typing.ts'
import { TypingRows } from './typing-rows.ts'
import type { Voices } from './voices.ts'

/** A second Ctrl-C within this time leaves. */
const againMs = 2000

export interface MeanwhileOptions {
  voices: Voices
  /** Whether there is a keyboard and a screen. */
  interactive: boolean
  /** Ends the chat with this exit code. */
  leave(code: number): void
}

/** Knows of one reply at a time. */
export class Meanwhile {
  readonly #options: MeanwhileOptions
  readonly #typing: Typing | undefined
  readonly #rows = new TypingRows()
  #reply: OngoingReply | undefined
  #interruptedAt = Number.NEGATIVE_INFINITY

  constructor(options: MeanwhileOptions) {
    this.#options = options
    options.voices.onWaiting = (words) => this.#rows.waiting(words)
    this.#typing = options.interactive ? this.#keyboard() : undefined
  }

  begin(reply: OngoingReply): void {
    this.#reply = reply
    this.#interruptedAt = Number.NEGATIVE_INFINITY
    this.#typing?.start()
  }

  end(): void {
    this.#typing?.stop()
    this.#rows.stopping(false)
    this.#reply = undefined
  }

  /** Ctrl-C: stops the reply; leaves when there is none, or it is pressed again. */
  interrupt(): void {
    const now = performance.now()
    const isAgain = now - this.#interruptedAt < againMs || this.#reply?.isStopping === true
    this.#interruptedAt = now
    if (this.#reply === undefined || isAgain) this.#options.leave(130)
    else this.stop()
  }

  stop(): void {
    if (this.#reply === undefined) return
    this.#rows.stopping(true)
    this.#reply.stop()
  }

  /** While a question is asked, the keyboard is its own. */
  async without<Value>(act: () => Promise<Value>): Promise<Value> {
    this.#typing?.stop()
    try {
      return await act()
    } finally {
      if (this.#reply !== undefined) this.#typing?.start()
    }
  }

  #keyboard(): Typing {
    return new Typing({
      input: process.stdin,
      output: process.stdout,
      escapes: style(wantsColor(process.stdout, process.env)).color,
      line: (text) => this.#typed(text),
      interrupt: () => this.interrupt(),
      draft: (text) => this.#rows.draft(text),
      unsent: (text) => print(`(not sent: ${text})`),
    })
  }

  #typed(text: string): void {
    if (this.#reply === undefined || text.trim() === '') return
    if (isFarewell(text)) return this.#options.leave(0)
    const line = readLine(text)
    if ('message' in line) this.#reply.steer(line.message)
    else if (line.command === 'stop') this.stop()
    else this.#options.voices.tell(`/${line.command} has to wait until the reply is over. /stop stops it.`)
  }
}
