// A question to a person, with the means to answer it: words, a form, or a yes or no to a tool call.
// Nothing here listens beyond the card: Enter anywhere else answers nothing.
import { useState } from 'preact/hooks'
import type { RunAnswer, RunRequest } from '../../protocol/frames.ts'
import { forgetDraft } from '../state/draft.ts'
import type { Verdict } from '../state/live.ts'
import { Ago } from './clock.tsx'
import { Deadline, isExpired } from './deadline.tsx'
import { Icon } from './icon.tsx'
import { AnsweredRow, titleOf } from './request-answered.tsx'
import { Approving, Form, type PersonsAnswer, Words } from './request-answers.tsx'
import { words } from './request-words.ts'
import type { Schema } from './schema-value.ts'
import { visible } from './visible.ts'

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

function refusalIn(code: string, text?: string): string {
  if (code === 'lost') return words().notSent
  if (code === 'answered') return words().answered
  if (code === 'unknown') return words().unknown
  if (code === 'invalid' && text !== undefined) return words().invalid(text)
  return text ?? words().refused(code)
}
