// The inbox: every question that waits for a person, of all runs, and who answered the latest ones.
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { InboxAnswer, InboxItem } from '../../protocol/rest.ts'
import { LostError } from '../components/notice.tsx'
import { EmptyState, LoadError, Page, Skeleton } from '../components/page.tsx'
import { AnsweredRow } from '../components/request-answered.tsx'
import type { PersonsAnswer } from '../components/request-answers.tsx'
import { RequestCard } from '../components/request-card.tsx'
import { useKeys } from '../state/keys.ts'
import { live } from '../state/live.ts'
import { runPath } from '../state/router.ts'
import { waitingCount } from '../state/run-list.ts'
import { useRest } from '../state/use-rest.ts'
import { inboxWords } from './inbox.words.ts'
import './pages.css'
import { visible } from '../components/visible.ts'

export default function Inbox(): JSX.Element {
  const words = inboxWords()
  const asked = useRest<InboxAnswer>('/api/inbox', { everyMs: 2000 })
  const waiting = waitingCount.value
  // The list of runs is told live: when its count changes there is something new to ask for.
  useEffect(() => asked.reload(), [waiting])
  const items = asked.data?.requests ?? []
  const open = items.filter((item) => item.answered === undefined)
  const answered = items.filter((item) => item.answered !== undefined)
  return (
    <Page title={words.title} aside={open.length > 0 && <span class="soft">{words.waiting(open.length)}</span>}>
      {asked.loading && <Skeleton rows={4} />}
      {asked.error !== undefined && <LoadError error={asked.error} onRetry={asked.reload} />}
      {asked.data !== undefined && open.length === 0 && (
        <EmptyState icon="inbox" title={words.empty}>
          <p>{words.emptyText}</p>
        </EmptyState>
      )}
      {open.length > 0 && <h2 class="sr-only">{words.waiting(open.length)}</h2>}
      <Waiting items={open} onAnswered={asked.reload} />
      {answered.length > 0 && <Answered items={answered} />}
    </Page>
  )
}

function Waiting({ items, onAnswered }: { items: readonly InboxItem[]; onAnswered(): void }): JSX.Element {
  const list = useRef<HTMLUListElement>(null)
  useKeys({ i: () => focusNext(list.current) })
  return (
    <ul ref={list} class="inbox-list">
      {items.map((item) => (
        <li key={`${item.runId} ${item.request.id}`} class="inbox-item">
          <From item={item} />
          {item.isLost === true && <LostError />}
          <RequestCard request={requestOf(item)} onAnswer={(answer) => send(item, answer, onAnswered)} />
        </li>
      ))}
    </ul>
  )
}

function Answered({ items }: { items: readonly InboxItem[] }): JSX.Element {
  return (
    <section class="inbox-answered">
      <h2 class="part-title">{inboxWords().answered}</h2>
      <ul class="inbox-list">
        {items.map(
          (item) =>
            item.answered !== undefined && (
              <li key={`${item.runId} ${item.request.id}`} class="inbox-item">
                <From item={item} />
                <AnsweredRow request={requestOf(item)} answered={item.answered} isLost={item.answered.waits === true} />
              </li>
            ),
        )}
      </ul>
    </section>
  )
}

function From({ item }: { item: InboxItem }): JSX.Element {
  const name = [item.project, item.run].filter((part) => part !== '').join(' / ')
  return (
    <header>
      <a href={runPath(item.runId)} title={inboxWords().open}>
        {visible(name || item.runId)}
      </a>
    </header>
  )
}

function requestOf({ request }: InboxItem): InboxItem['request'] & { agentId: string } {
  return { ...request, agentId: request.agentId ?? '' }
}

/** The key makes a second sending of the same answer harmless. */
async function send(item: InboxItem, value: PersonsAnswer, onAnswered: () => void): ReturnType<typeof live.command> {
  const key = crypto.randomUUID()
  const verdict = await live.command({ t: 'answer', run: item.runId, req: item.request.id, key, value })
  if (verdict.ok || verdict.code === 'answered') onAnswered()
  return verdict
}

function focusNext(list: HTMLElement | null): void {
  const cards = [...(list?.querySelectorAll<HTMLElement>('[data-request]') ?? [])]
  const at = cards.findIndex((card) => card.contains(document.activeElement))
  cards[(at + 1) % cards.length]?.focus()
}
