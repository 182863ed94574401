// Who allows tool calls in a chat: the person at the terminal, or what the command line says.
import type { InputRequest } from '../core/event.ts'
import type { Answer, Input } from '../scope.ts'
import type { Meanwhile } from './meanwhile.ts'

export interface ApproverOptions {
  screen: Input
  meanwhile: Meanwhile
  /** Nobody is asked: every call may run. */
  allowAll: boolean
  /** Whether there is somebody who can be asked. */
  interactive: boolean
}

const nobody = 'nobody is there to be asked; --allow-tools lets every tool run.'

/** Answers what agents ask while they reply. In a pipe the next line is a message, never an answer to that. */
export function approver({ screen, meanwhile, allowAll, interactive }: ApproverOptions): Input {
  return {
    async ask(request: InputRequest, signal: AbortSignal): Promise<Answer> {
      if (request.approval !== undefined && allowAll) return { value: { decision: 'allow' } }
      if (request.approval !== undefined && !interactive) return { value: { decision: 'deny', reason: nobody } }
      const answer = await meanwhile.without(() => screen.ask(request, signal))
      if (typeof answer === 'string' && answer.trim() === '/stop') meanwhile.stop()
      return answer
    },
  }
}
