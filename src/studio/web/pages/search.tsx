// The search: everything that runs, messages, errors, questions and spans say, as it is typed.
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { FoundBeside, SearchAnswer } from '../../protocol/rest.ts'
import { Ago } from '../components/clock.tsx'
import { EmptyState, LoadError, Page, Skeleton } from '../components/page.tsx'
import { StatusMark } from '../components/status.tsx'
import { useKeys } from '../state/keys.ts'
import { runPath, setQuery } from '../state/router.ts'
import { useRest } from '../state/use-rest.ts'
import type { PageProps } from './index.ts'
import './pages.css'
import { visible } from '../components/visible.ts'
import { plainLine } from './plain-line.ts'
import { searchWords } from './search.words.ts'
import { markFound } from './search-marks.ts'

/** How long typing must rest before Studio is asked, in milliseconds. */
const restMs = 150

export default function Search({ route }: PageProps): JSX.Element {
  const words = searchWords()
  const text = (route.query.get('q') ?? '').trim()
  const asked = useRest<SearchAnswer>(text === '' ? undefined : `/api/search?q=${encodeURIComponent(text)}&limit=40`)
  return (
    <Page title={words.title}>
      <div class="search-page stack">
        <SearchField text={route.query.get('q') ?? ''} />
        {text === '' && (
          <EmptyState icon="search" title={words.start}>
            <p>{words.startText}</p>
          </EmptyState>
        )}
        {text !== '' && asked.loading && <Skeleton rows={6} />}
        {text !== '' && asked.error !== undefined && <LoadError error={asked.error} onRetry={asked.reload} />}
        {text !== '' && asked.data !== undefined && <Found answer={asked.data} text={text} />}
      </div>
    </Page>
  )
}

function SearchField({ text }: { text: string }): JSX.Element {
  const words = searchWords()
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(text)
  useKeys({ '/': () => field.current?.focus() })
  useEffect(() => field.current?.focus(), [])
  useEffect(() => setTyped(text), [text])
  useEffect(() => {
    if (typed === text) return undefined
    const timer = setTimeout(() => setQuery({ q: typed }), restMs)
    return () => clearTimeout(timer)
  }, [typed])
  return (
    <search>
      <input
        ref={field}
        class="field"
        type="search"
        aria-label={words.field}
        placeholder={words.prompt}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </search>
  )
}

function Found({ answer, text }: { answer: SearchAnswer; text: string }): JSX.Element {
  const words = searchWords()
  const { runs, messages, told, spans } = answer
  const count = runs.length + messages.length + told.length + spans.length
  return (
    <>
      <p class="hint" role="status">
        {words.found(count)}
      </p>
      {count === 0 && (
        <EmptyState icon="search" title={words.nothing}>
          <p>{words.nothingText(text)}</p>
        </EmptyState>
      )}
      <Results title={words.runs} count={runs.length}>
        {runs.map((run) => (
          <Result key={run.id} href={runPath(run.id)} at={run.lastAt} mark={<StatusMark status={run.status} />}>
            <Marked text={`${run.project} / ${run.name}`} query={text} />
            {run.lastLine !== undefined && <div class="soft ellipsis">{visible(plainLine(run.lastLine))}</div>}
          </Result>
        ))}
      </Results>
      <Results title={words.messages} count={messages.length}>
        {messages.map(({ runId, run, messageId, agent, at, excerpt }) => (
          <Result key={messageId} href={`${runPath(runId)}?message=${encodeURIComponent(messageId)}`} at={at}>
            <div class="faint">{visible(`${agent} · ${run}`)}</div>
            <Marked text={excerpt} query={text} />
          </Result>
        ))}
      </Results>
      <Results title={words.told} count={told.length}>
        {told.map((each, index) => (
          <Result key={index} href={pathOf(each)} at={each.at} mark={<Kind kind={each.kind} />}>
            <div class="faint">{visible(`${each.agent} · ${each.run}`)}</div>
            <Marked text={each.excerpt} query={text} />
          </Result>
        ))}
      </Results>
      <Results title={words.spans} count={spans.length}>
        {spans.map(({ traceId, spanId, name, at, failed, fault }) => (
          <Result
            key={`${traceId} ${spanId}`}
            href={`/traces?trace=${encodeURIComponent(traceId)}&span=${encodeURIComponent(spanId)}`}
            at={at}
            mark={failed ? <span class="bad">✕ {words.failed}</span> : undefined}
          >
            <Marked text={name} query={text} />
            {fault !== undefined && (
              <div class="soft">
                <Marked text={fault} query={text} />
              </div>
            )}
          </Result>
        ))}
      </Results>
    </>
  )
}

function Kind({ kind }: Pick<FoundBeside, 'kind'>): JSX.Element {
  const words = searchWords()
  return kind === 'error' ? <span class="bad">✕ {words.error}</span> : <span>? {words.question}</span>
}

/** An error beside all messages, and a question, stand in their run. */
function pathOf({ runId, messageId }: FoundBeside): string {
  return messageId === undefined ? runPath(runId) : `${runPath(runId)}?message=${encodeURIComponent(messageId)}`
}

function Results({ title, count, children }: { title: string; count: number; children: ComponentChildren }) {
  if (count === 0) return null
  return (
    <section>
      <h2 class="part-title">{title}</h2>
      <ul class="card results">{children}</ul>
    </section>
  )
}

interface ResultProps {
  href: string
  at: number
  mark?: ComponentChildren
  children: ComponentChildren
}

function Result({ href, at, mark, children }: ResultProps): JSX.Element {
  return (
    <li>
      <a class="result" href={href}>
        {mark}
        <div class="grow">{children}</div>
        <span class="faint">
          <Ago at={at} />
        </span>
      </a>
    </li>
  )
}

function Marked({ text, query }: { text: string; query: string }): JSX.Element {
  return (
    <span class="excerpt">
      {markFound(visible(text), query).map((piece, index) =>
        piece.isFound ? <mark key={index}>{piece.text}</mark> : piece.text,
      )}
    </span>
  )
}
