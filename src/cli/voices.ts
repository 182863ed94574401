// What is shown of a chat besides what is spoken: words that were typed meanwhile, and that something was stopped.
import type { MessageEnd, MessageStart, Notice, StreamEvent } from '../core/event.ts'
import type { Sink, Speaker } from '../scope.ts'

const nobody: Speaker = { name: 'chat', id: 'chat' }

/** Stands before the screen and passes events on. */
export class Voices implements Sink {
  readonly #screen: Sink
  /** Words to the agent that it has not taken in yet, by message id. */
  readonly #words = new Map<string, string>()
  /** Called when somebody begins to speak. */
  onStart: () => void = () => {}
  /** Called with the words that wait to be taken in, whenever there are others. */
  onWaiting: (words: readonly string[]) => void = () => {}
  /** Whether the reply has been marked as stopped on the screen. */
  isMarked = false

  constructor(screen: Sink) {
    this.#screen = screen
  }

  event(speaker: Speaker, event: StreamEvent): void | Promise<void> {
    if (event.type === 'message-start') this.#began(event)
    if (event.type === 'message-end') this.#ended(event)
    if (event.type === 'notice' && event.kind === 'steered') return this.#tookIn(speaker, event)
    return this.#screen.event(speaker, event)
  }

  /** A line of its own, as soon as nobody speaks. */
  tell(text: string): void {
    void this.#screen.event(nobody, { type: 'notice', id: nobody.id, kind: 'progress', text })
  }

  wordTyped(id: string, text: string): void {
    this.#words.set(id, text)
    this.onWaiting([...this.#words.values()])
  }

  /** The reply is over, and nobody told that these words were taken in. */
  leftOver(why: string): void {
    const words = [...this.#words.values()]
    this.#words.clear()
    for (const text of words) this.tell(quoted(text, why))
    if (words.length > 0) this.onWaiting([])
  }

  #tookIn(speaker: Speaker, notice: Notice): void | Promise<void> {
    const id = String(notice.details?.['id'])
    const text = this.#words.get(id)
    if (text === undefined) return this.#screen.event(speaker, notice)
    this.#words.delete(id)
    this.onWaiting([...this.#words.values()])
    return this.#screen.event(speaker, { ...notice, text: quoted(text, 'taken in after the tool') })
  }

  #began({ role }: MessageStart): void {
    if (role !== 'user') this.onStart()
  }

  #ended({ ending }: MessageEnd): void {
    if (ending.reason === 'aborted') this.isMarked = true
  }
}

function quoted(text: string, what: string): string {
  return `You: ${text} [${what}]`
}
