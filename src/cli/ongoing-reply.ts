// A reply while it is being given, with the words that are said to the agent meanwhile, until everything is answered.
import type { ReActAgent } from '../agents/index.ts'
import { Msg } from '../core/message.ts'
import type { Voices } from './voices.ts'

export class OngoingReply {
  readonly #agent: ReActAgent
  readonly #voices: Voices
  readonly #stop = new AbortController()
  /** The first is the answer to the message itself. */
  readonly #answers: Promise<Msg>[]

  constructor(agent: ReActAgent, said: Msg, voices: Voices) {
    this.#agent = agent
    this.#voices = voices
    voices.isMarked = false
    voices.onStart = () => {
      // Words that were left over are answered by replies of their own.
      if (this.isStopping) agent.interrupt()
    }
    this.#answers = [agent.call(said, { signal: this.#stop.signal })]
  }

  get isStopping(): boolean {
    return this.#stop.signal.aborted
  }

  stop(): void {
    this.#stop.abort()
    this.#agent.interrupt('by the user')
  }

  steer(text: string): void {
    const word = new Msg('User', text, 'user')
    this.#voices.wordTyped(word.id, text)
    this.#answers.push(this.#agent.steer(word))
  }

  /** Waits until all is answered. Gives what went wrong, each once. */
  async ended(): Promise<unknown[]> {
    const errors = new Set<unknown>()
    // The list grows while somebody types.
    for (const answer of this.#answers) {
      await answer.catch((error: unknown) => errors.add(error))
      this.#voices.leftOver(errors.size === 0 ? 'taken in after the reply' : 'not answered')
    }
    return [...errors]
  }
}
