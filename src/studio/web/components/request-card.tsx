// A question to a person, with the means to answer it: words, a form, or a yes or no to a tool call.
// Nothing here listens beyond the card: Enter anywhere else answers nothing.
import { useState } from 'preact/hooks'
import type { RunAnswer, RunRequest } from '../../protocol/frames.ts'
import { useDraft } from '../state/draft.ts'
import type { Verdict } from '../state/live.ts'
import { Button } from './button.tsx'
import { Ago } from './clock.tsx'
import { Icon } from './icon.tsx'
import { words } from './request-words.ts'
import { SchemaForm } from './schema-form.tsx'
import { type Draft, firstDraft, formValue, type Problem, type Schema } from './schema-value.ts'
import { ToolInput } from './tool-input.tsx'
import { visible } from './visible.ts'
import './request.css'

export interface PersonsAnswer {
  content?: string
  value?: unknown
}

export interface RequestCardProps {
  request: RunRequest
  answered?: RunAnswer | undefined
  /** Sends the answer; the card shows what came of it. */
  onAnswer: (answer: PersonsAnswer) => Promise<Verdict>
}

export function RequestCard({ request, answered, onAnswer }: RequestCardProps) {
  const [state, setState] = useState<'open' | 'sending' | 'sent'>('open')
  const [problem, setProblem] = useState('')
  const send = async (answer: PersonsAnswer) => {
    setState('sending')
    setProblem('')
    const verdict = await onAnswer(answer)
    setState(verdict.ok ? 'sent' : 'open')
    if (!verdict.ok) setProblem(refusalIn(verdict.code, verdict.text))
  }
  if (answered !== undefined) return <AnsweredRow request={request} answered={answered} />
  const { approval, schema } = request
  const busy = state !== 'open'
  return (
    <section class="request" tabIndex={-1} data-request={request.id} aria-label={titleOf(request)}>
      <header class="request-head">
        <Icon name={approval === undefined ? 'question' : 'tool'} />
        <h3 class="grow">{titleOf(request)}</h3>
        <span class="faint">
          <Ago at={request.at} />
        </span>
      </header>
      {approval === undefined && request.text !== undefined && <p class="request-text">{visible(request.text)}</p>}
      {approval !== undefined ? (
        <Approving request={request} approval={approval} busy={busy} onSend={send} />
      ) : schema !== undefined ? (
        <Form id={request.id} schema={schema as Schema} busy={busy} onSend={send} />
      ) : (
        <Words id={request.id} busy={busy} onSend={send} />
      )}
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

/** What remains of a question that was answered. */
export function AnsweredRow({ request, answered }: { request: RunRequest; answered: RunAnswer }) {
  const question = request.approval === undefined ? (request.text ?? titleOf(request)) : titleOf(request)
  const by = answered.by === '' || answered.by === 'elsewhere' ? words().elsewhere : answered.by
  const answer = answerText(answered)
  return (
    <div class="request-answered">
      <Icon name="check" />
      <span class="grow">
        {visible(question)} {answer !== '' && <strong>{visible(answer)}</strong>}{' '}
        <span class="faint">
          {words().answeredBy(by)}, <Ago at={answered.at} />
        </span>
      </span>
    </div>
  )
}

function answerText({ content, value }: RunAnswer): string {
  if (typeof content === 'string' && content !== '') return content
  const told = value ?? content
  return told === undefined ? '' : JSON.stringify(told)
}

interface AnswerProps {
  busy: boolean
  onSend: (answer: PersonsAnswer) => Promise<void>
}

function Words({ id, busy, onSend }: AnswerProps & { id: string }) {
  const [text, setText] = useDraft(id, '')
  const send = () => {
    if (text.trim() !== '' && !busy) onSend({ content: text })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While a word is being composed, Enter chooses it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    send()
  }
  return (
    <div class="request-words">
      <textarea
        class="field"
        rows={Math.min(Math.max(text.split('\n').length, 1), 6)}
        aria-label={words().answer}
        placeholder={words().placeholder}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Button kind="primary" icon="send" disabled={busy || text.trim() === ''} onClick={send}>
        {busy ? words().sending : words().send}
      </Button>
    </div>
  )
}

function Form({ id, schema, busy, onSend }: AnswerProps & { id: string; schema: Schema }) {
  const [draft, setDraft] = useDraft<Draft>(id, firstDraft(schema))
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const send = (event: Event) => {
    event.preventDefault()
    const found: Problem[] = []
    const value = formValue(schema, draft, true, found)
    setProblems(found)
    if (found.length === 0 && !busy) onSend({ value })
  }
  return (
    <form class="stack" onSubmit={send} noValidate>
      <SchemaForm schema={schema} required draft={draft} problems={problems} onChange={setDraft} />
      <div>
        <Button submit kind="primary" disabled={busy}>
          {busy ? words().sending : words().send}
        </Button>
      </div>
    </form>
  )
}

type Approval = NonNullable<RunRequest['approval']>

function Approving({ request, approval, busy, onSend }: AnswerProps & { request: RunRequest; approval: Approval }) {
  const [denying, setDenying] = useState(false)
  const [reason, setReason] = useDraft(request.id, '')
  const decide = (decision: string) => onSend({ value: { decision, ...(reason !== '' && { reason }) } })
  const allow = (decision: string) => onSend({ value: { decision } })
  return (
    <div class="stack">
      <ToolInput tool={approval.tool} input={approval.input} />
      {denying && (
        <input
          class="field"
          aria-label={words().reason}
          placeholder={words().reason}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <div class="request-actions">
        {denying ? (
          <>
            <Button kind="danger" disabled={busy} onClick={() => decide('deny')}>
              {words().deny}
            </Button>
            <Button kind="quiet" onClick={() => setDenying(false)}>
              {words().back}
            </Button>
          </>
        ) : (
          <>
            <Button kind="primary" disabled={busy} onClick={() => allow('allow')}>
              {words().allowOnce}
            </Button>
            <Button disabled={busy} onClick={() => allow('allow-always')}>
              {words().allowAlways(visible(approval.tool))}
            </Button>
            <Button kind="danger" disabled={busy} onClick={() => setDenying(true)}>
              {words().denyBecause}
            </Button>
          </>
        )}
      </div>
    </div>
  )
}
