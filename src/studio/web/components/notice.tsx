// News about a message or about the run: a line, or a card when it is an error.
import type { ErrorInfo } from '../../../core/error.ts'
import type { RunNotice } from '../../protocol/frames.ts'
import { words } from '../pages/run.words.ts'
import { noticeKey } from '../state/transcript.ts'
import { ErrorCard } from './error-card.tsx'
import { visible } from './visible.ts'

/** What is told with an error: its facts, or (of a request that was refused) also whose it was. */
type Details = Partial<ErrorInfo> & { error?: Partial<ErrorInfo>; agent?: string }

export function Notice({ notice }: { notice: RunNotice }) {
  if (notice.kind === 'error') {
    const details = detailsOf(notice)
    return <ErrorCard title={words().ended.error} error={{ message: notice.text, ...(details.error ?? details) }} />
  }
  return (
    <p class={isLoss(notice) ? 'message-notice loss' : 'message-notice'}>
      <span class="notice-kind">{kindOf(notice)}</span> {visible(notice.text)}
    </p>
  )
}

/** One about no message, in its place among them; it can be reached as they are. */
export function RunNoticeRow({ notice }: { notice: RunNotice }) {
  const key = noticeKey(notice)
  const { agent } = detailsOf(notice)
  return (
    <article class="message" tabIndex={-1} data-message={key} aria-labelledby={`h-${key}`}>
      <header class={agent === undefined ? 'sr-only' : 'message-head'}>
        <h2 id={`h-${key}`}>{visible(agent ?? kindOf(notice))}</h2>
      </header>
      <div class="message-body">
        <Notice notice={notice} />
      </div>
    </article>
  )
}

/** The end of a run whose program went away without one. */
export function LostCard() {
  return (
    <div class="message lost-card">
      <LostError />
    </div>
  )
}

/** That a program went away, wherever something of it is shown. */
export function LostError() {
  const { lostTitle, lost: message, lostAdvice: advice } = words()
  return <ErrorCard title={lostTitle} error={{ message, advice }} />
}

/** In the reader's language; a kind that is not known here as it was told. */
function kindOf({ kind }: RunNotice): string {
  const { news } = words()
  return Object.hasOwn(news, kind) ? news[kind as keyof typeof news] : visible(kind)
}

/** The answer stays without its end. */
function isLoss({ kind }: RunNotice): boolean {
  return kind === 'not-resumed' || kind === 'budget'
}

function detailsOf({ details }: RunNotice): Details {
  return typeof details === 'object' && details !== null ? details : {}
}
