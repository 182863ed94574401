// The person at the terminal of a chat, as one of those who may answer: others may sit at Studio.
import { AbortedError } from '../core/error.ts'
import type { Input } from '../scope.ts'

export interface ChatPersonOptions {
  /** Asks for the next message. */
  prompt: Input['ask']
  /** Answers what agents ask while they reply. */
  approver: Input
  /** Whether the next message is what is asked for. */
  isPrompting(): boolean
  /** The input has ended at the prompt: that ends the chat, though somebody elsewhere could still answer. */
  left(): void
}

export function chatPerson({ prompt, approver, isPrompting, left }: ChatPersonOptions): Input {
  return {
    place: 'terminal',
    async ask(request, signal) {
      if (!isPrompting()) return approver.ask(request, signal)
      try {
        return await prompt(request, signal)
      } catch (error) {
        if (!signal.aborted && error instanceof AbortedError) left()
        throw error
      }
    },
  }
}
