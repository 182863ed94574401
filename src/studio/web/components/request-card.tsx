// A question to a person, with the means to answer it: words, a form, or a yes or no to a tool call.
// Nothing here listens beyond the card: Enter anywhere else answers nothing.
import { useState } from 'preact/hooks'
import type { RunAnswer, RunRequest } from '../../protocol/frames.ts'
import { forgetDraft } from '../state/draft.ts'
import type { Verdict } from '../state/live.ts'
import { Ago } from './clock.tsx'
import { Deadline, isExpired } from './deadline.tsx'
import { Icon } from './icon.tsx'
import { Approving, Form, type PersonsAnswer, Words } from './request-answers.tsx'
import { words } from './request-words.ts'
import type { Schema } from './schema-value.ts'
import { visible } from './visible.ts'
import './request.css'

export interface RequestCardProps {
  request: RunRequest
  answered?: RunAnswer | undefined
  /** Why it cannot be answered here; absent when it can. */
  closed?: string | undefined
  /** Sends the answer; the card shows what came of it. */
  onAnswer: (answer: PersonsAnswer) => Promise<Verdict>
}

export function RequestCard({ request, answered, closed, onAnswer }: RequestCardProps) {
  const [state, setState] = useState<'open' | 'sending' | 'sent'>('open')
  const [problem, setProblem] = useState('')
  const send = async (answer: PersonsAnswer) => {
    setState('sending')
    setProblem('')
    const verdict = await onAnswer(answer)
    setState(verdict.ok ? 'sent' : 'open')
    if (verdict.ok) forgetDraft(request.id)
    if (!verdict.ok) setProblem(refusalIn(verdict.code, verdict.text))
  }
  if (answered !== undefined) return <AnsweredRow request={request} answered={answered} isLost={false} />
  const { approval, schema } = request
  const expired = isExpired(request)
  const refusal = closed ?? (expired ? words().expired : undefined)
  const busy = state !== 'open'
  return (
    <section
      class={refusal === undefined ? 'request' : 'request closed'}
      tabIndex={-1}
      data-request={request.id}
      aria-label={titleOf(request)}
    >
      <header class="request-head">
        <Icon name={approval === undefined ? 'question' : 'tool'} />
        <h2 class="grow">{titleOf(request)}</h2>
        <span class="faint">
          <Deadline request={request} /> <Ago at={request.at} />
        </span>
      </header>
      {approval === undefined && request.text !== undefined && <p class="request-text">{visible(request.text)}</p>}
      <fieldset class="request-fields" disabled={refusal !== undefined}>
        <legend class="sr-only">{titleOf(request)}</legend>
        {approval !== undefined ? (
          <Approving request={request} approval={approval} busy={busy} onSend={send} />
        ) : schema !== undefined ? (
          <Form id={request.id} schema={schema as Schema} busy={busy} onSend={send} />
        ) : (
          <Words id={request.id} busy={busy} onSend={send} />
        )}
      </fieldset>
      {refusal !== undefined && <p class="hint request-closed">{refusal}</p>}
      {problem !== '' && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
    </section>
  )
}

function titleOf({ name, approval }: RunRequest): string {
  return approval === undefined
    ? `${words().asks} · ${visible(name)}`
    : words().wants(visible(name), visible(approval.tool))
}

function refusalIn(code: string, text?: string): string {
  if (code === 'lost') return words().notSent
  if (code === 'answered') return words().answered
  if (code === 'unknown') return words().unknown
  return text ?? words().refused(code)
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
