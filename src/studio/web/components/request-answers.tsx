// The three ways to answer a question: words, a form, a yes or no to a tool call.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { RunRequest } from '../../protocol/frames.ts'
import { useDraft } from '../state/draft.ts'
import { Button } from './button.tsx'
import { words } from './request-words.ts'
import { SchemaForm } from './schema-form.tsx'
import { type Draft, firstDraft, formValue, type Problem, type Schema } from './schema-value.ts'
import { ToolInput } from './tool-input.tsx'
import { visible } from './visible.ts'

export interface PersonsAnswer {
  content?: string
  value?: unknown
}

interface AnswerProps {
  busy: boolean
  onSend: (answer: PersonsAnswer) => Promise<void>
}

export function Words({ id, busy, onSend }: AnswerProps & { id: string }) {
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

export function Form({ id, schema, busy, onSend }: AnswerProps & { id: string; schema: Schema }) {
  const [draft, setDraft] = useDraft<Draft>(id, firstDraft(schema))
  const [problems, setProblems] = useState<readonly Problem[]>([])
  const form = useRef<HTMLFormElement>(null)
  // The first field that is wrong takes the focus: it may be far above the button. At once, so that it takes the focus
  // from nobody who types already.
  useLayoutEffect(() => {
    if (problems.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [problems])
  const send = (event: Event) => {
    event.preventDefault()
    const found: Problem[] = []
    const value = formValue(schema, draft, true, found)
    setProblems(found)
    if (found.length === 0 && !busy) onSend({ value })
  }
  return (
    <form ref={form} class="stack" onSubmit={send} noValidate>
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

export function Approving({
  request,
  approval,
  busy,
  onSend,
}: AnswerProps & { request: RunRequest; approval: Approval }) {
  const [denying, setDenying] = useState(false)
  const [reason, setReason] = useDraft(request.id, '')
  const reasonField = useRef<HTMLInputElement>(null)
  // The button that was pressed is gone: without this the keyboard would begin at the top of the page again.
  useEffect(() => reasonField.current?.focus(), [denying])
  const decide = (decision: string) => onSend({ value: { decision, ...(reason !== '' && { reason }) } })
  const allow = (decision: string) => onSend({ value: { decision } })
  return (
    <div class="stack">
      <ToolInput tool={approval.tool} input={approval.input} />
      {denying && (
        <input
          ref={reasonField}
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
