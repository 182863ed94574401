// What one listener has not heard yet: it takes its time, and neither who speaks nor another listener waits for it.
import type { StreamEvent } from './core/event.ts'
import type { ModelInvocation, Sink, Speaker } from './scope.ts'

/** Something to be told; `delta` is what it says of a growing block, and may grow itself. */
type Letter =
  | { speaker: Speaker; event: StreamEvent; delta?: string; invocation?: undefined }
  | { invocation: ModelInvocation; event?: undefined; delta?: undefined }

/** A listener that hears nothing for so long is stuck: nobody waits for it until it hears again. Milliseconds. */
const patienceMs = 2_000
/** So much is kept for one that is behind; beyond, it misses something and is told so. Letters, and characters in them. */
const mostLetters = 5_000
const mostCharacters = 4 * 1024 * 1024

export interface MailboxOptions {
  sink: Sink
  /** It threw or rejected. */
  failed(error: unknown): void
  /** It is stuck, or has missed something. Called once for each. */
  warn(what: string): void
}

/**
 * Hands letters on one after the other, each when the one before has been heard. A listener that keeps up hears each at
 * once, and nothing is kept; for one that does not, the deltas of a block become one.
 */
export class Mailbox {
  readonly #options: MailboxOptions
  readonly #letters: Letter[] = []
  #characters = 0
  /** The letter that waits about each block that still grows. */
  readonly #growing = new Map<string, Letter>()
  #missed = 0
  #isBusy = false
  #isStuck = false
  readonly #warned = new Set<string>()
  /** Called when the listener has heard something. */
  #waiting: (() => void)[] = []

  constructor(options: MailboxOptions) {
    this.#options = options
  }

  event(speaker: Speaker, event: StreamEvent): void {
    if (!this.#isBusy) this.#hand({ speaker, event })
    else if (!this.#grow(event)) this.#keep({ speaker, event })
  }

  invocation(invocation: ModelInvocation): void {
    if (this.#isBusy) this.#keep({ invocation })
    else this.#hand({ invocation })
  }

  /** A promise when something has not been heard; it resolves when all has, or when the listener is stuck. Never rejects. */
  drained(): void | Promise<void> {
    if (this.#isBusy && !this.#isStuck) return this.#drain()
  }

  async #drain(): Promise<void> {
    while (this.#isBusy && !this.#isStuck) if (!(await this.#hears())) this.#giveUp()
  }

  /** Whether it hears something within its time. */
  #hears(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(!this.#isBusy), patienceMs)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve(true)
      })
    })
  }

  #giveUp(): void {
    this.#isStuck = true
    this.#warn('A listener is stuck: nobody waits for it any more.')
  }

  #warn(what: string): void {
    if (!this.#warned.has(what)) this.#options.warn(what)
    this.#warned.add(what)
  }

  /** Lets a letter that waits about the same block say more. */
  #grow(event: StreamEvent): boolean {
    if (!('delta' in event)) return false
    const letter = this.#growing.get(keyOf(event))
    if (letter?.delta === undefined) return false
    letter.delta += event.delta
    this.#count(event.delta.length)
    return true
  }

  #keep(letter: Letter): void {
    const { event } = letter
    this.#letters.push(letter)
    if (event !== undefined && 'delta' in event) {
      letter.delta = event.delta
      this.#growing.set(keyOf(event), letter)
      this.#count(event.delta.length)
    } else this.#count(0)
  }

  /** Nothing is kept without a bound, and nothing is lost without a word. */
  #count(characters: number): void {
    this.#characters += characters
    if (this.#characters <= mostCharacters && this.#letters.length <= mostLetters) return
    this.#warn('A listener is too far behind and misses something of what is said.')
    this.#missed += this.#letters.length
    this.#letters.length = 0
    this.#growing.clear()
    this.#characters = 0
  }

  #hand(letter: Letter): void {
    const done = this.#tell(letter)
    if (done !== undefined) void this.#follow(done)
  }

  /** The listener asks to be waited for: what comes meanwhile is handed on when it is through. */
  async #follow(first: Promise<void>): Promise<void> {
    this.#isBusy = true
    for (let done: void | Promise<void> = first; done !== undefined; done = this.#handWaiting()) {
      await done.catch(this.#options.failed)
      this.#isStuck = false
      this.#tellWaiting()
    }
    this.#isBusy = false
    this.#tellWaiting()
  }

  #tellWaiting(): void {
    for (const heard of this.#waiting.splice(0)) heard()
  }

  /** Until it asks to be waited for again. */
  #handWaiting(): void | Promise<void> {
    for (let letter = this.#take(); letter !== undefined; letter = this.#take()) {
      const done = this.#tell(letter)
      if (done !== undefined) return done
    }
  }

  #take(): Letter | undefined {
    const [next] = this.#letters
    if (next === undefined) return undefined
    if (this.#missed > 0 && next.event !== undefined) return this.#tellMissed(next)
    this.#letters.shift()
    if (next.event !== undefined && 'delta' in next.event) {
      this.#growing.delete(keyOf(next.event))
      this.#characters -= next.delta?.length ?? 0
    }
    return next
  }

  #tellMissed({ speaker, event }: Letter & { event: StreamEvent }): Letter {
    const text = `This listener was too far behind and has missed ${this.#missed} events.`
    this.#missed = 0
    return { speaker, event: { type: 'notice', id: event.id ?? '', kind: 'skipped', text } }
  }

  #tell({ delta, ...letter }: Letter): void | Promise<void> {
    const { sink, failed } = this.#options
    try {
      const done =
        letter.event === undefined
          ? sink.invocation?.(letter.invocation)
          : sink.event(letter.speaker, delta === undefined ? letter.event : ({ ...letter.event, delta } as StreamEvent))
      return done === undefined ? undefined : Promise.resolve(done)
    } catch (error) {
      failed(error)
    }
  }
}

function keyOf({ id, index, type }: { id: string; index: number; type: string }): string {
  return `${type} ${id} ${index}`
}
