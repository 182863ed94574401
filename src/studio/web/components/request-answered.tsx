// What remains of a question that was answered: the question, the answer, and who gave it.
import type { RunAnswer, RunRequest } from '../../protocol/frames.ts'
import { Ago } from './clock.tsx'
import { Icon } from './icon.tsx'
import { words } from './request-words.ts'
import { visible } from './visible.ts'
import './request.css'

export function titleOf({ name, agent = name, approval }: RunRequest): string {
  return approval === undefined
    ? `${words().asks} · ${visible(agent)}`
    : words().wants(visible(agent), visible(approval.tool))
}

interface AnsweredRowProps {
  request: RunRequest
  answered: RunAnswer
  /** The program is away. */
  isLost: boolean
}

/** What remains of a question that was answered. */
export function AnsweredRow({ request, answered, isLost }: AnsweredRowProps) {
  const question = request.approval === undefined ? (request.text ?? titleOf(request)) : titleOf(request)
  const answer = answerText(answered)
  return (
    <div class="request-answered">
      <Icon name="check" />
      <span class="grow">
        {visible(question)} {answer !== '' && <strong>{visible(answer)}</strong>}{' '}
        <span class="faint">
          {placeOf(answered.by)}, <Ago at={answered.at} />
          {isLost && answered.waits === true && <> · {words().keptForProgram}</>}
        </span>
      </span>
    </div>
  )
}

function placeOf(by: string): string {
  if (by === 'terminal') return words().answeredInTerminal
  if (by === 'default') return words().answeredByNobody
  return words().answeredBy(by === '' || by === 'elsewhere' ? words().elsewhere : visible(by))
}

function answerText({ content, value }: RunAnswer): string {
  if (typeof content === 'string' && content !== '') return content
  const told = value ?? content
  return told === undefined ? '' : JSON.stringify(told)
}
