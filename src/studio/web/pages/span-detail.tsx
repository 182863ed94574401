// One span in full: its figures, what went in and out, attributes, events, chunks; and copies of it.
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { type ContextFill, contextFill } from '../charts/context-fill.ts'
import { costOf, type Prices, priceOf } from '../charts/cost.ts'
import { curlOf } from '../charts/curl.ts'
import { FillBar } from '../charts/fill-bar.tsx'
import { GapStripView } from '../charts/gap-strip-view.tsx'
import { factsOf, type Span, tokensPerSecond, tokenTimes } from '../charts/span-facts.ts'
import { Button } from '../components/button.tsx'
import { copyText } from '../components/copy-button.tsx'
import { JsonTree } from '../components/json-tree.tsx'
import { Tabs } from '../components/tabs.tsx'
import { toast } from '../components/toast.tsx'
import { formatDateTime, formatDuration, formatFineMoney, formatNumber, formatPercent } from '../i18n/format.ts'
import { runPath } from '../state/router.ts'
import './pages.css'
import { spanWords } from './span-words.ts'
import { useSettings } from './use-settings.ts'

type Section = 'overview' | 'input' | 'output' | 'attributes' | 'events' | 'chunks'

export interface SpanDetailProps {
  span: Span
  /** For the links to the transcript; without it there are none. */
  runId?: string | undefined
  prices: Prices
  onClose(): void
}

export function SpanDetail({ span, runId, prices, onClose }: SpanDetailProps): JSX.Element {
  const words = spanWords()
  const [section, setSection] = useState<Section>('overview')
  const chunks = tokenTimes(span)
  const sections: Section[] = ['overview', 'input', 'output', 'attributes', 'events', 'chunks']
  const tabs = sections.map((id) => ({ id, label: words[id] }))
  return (
    <aside class="span-detail" aria-label={words.detail}>
      <header class="span-head">
        <h2 class="grow ellipsis" title={span.name}>
          {span.status === 'error' && <span class="bad">✕ </span>}
          {span.name}
        </h2>
        <Button small kind="quiet" icon="close" title={words.close} onClick={onClose} />
      </header>
      <Tabs label={words.detail} tabs={tabs} chosen={section} onChoose={setSection} />
      <div class="span-body">
        {section === 'overview' && <SpanOverview span={span} runId={runId} prices={prices} />}
        {section === 'input' && <SpanValue value={factsOf(span).input} />}
        {section === 'output' && <SpanValue value={factsOf(span).output} />}
        {section === 'attributes' && <SpanValue value={span.attributes} />}
        {section === 'events' && <SpanValue value={span.events?.length ? span.events : undefined} />}
        {section === 'chunks' && <SpanValue value={chunkEvents(span, chunks)} />}
      </div>
      <footer class="span-foot">
        <SpanCopies span={span} />
      </footer>
    </aside>
  )
}

export function SpanOverview({ span, runId, prices }: Omit<SpanDetailProps, 'onClose'>): JSX.Element {
  const words = spanWords()
  const facts = factsOf(span)
  const speed = tokensPerSecond(span, facts)
  const cached = facts.cachedInputTokens
  const windows = useSettings().settings?.windows ?? {}
  const cost = span.kind === 'model' ? formatFineMoney(costOf(facts, priceOf(facts.model, prices))) : undefined
  return (
    <div class="stack">
      {facts.error !== undefined && <p class="notice-card error-card bad">{facts.error}</p>}
      <dl class="span-figures">
        <Fact name={words.duration}>
          {span.endMs === undefined ? words.open : formatDuration(span.endMs - span.startMs)}
        </Fact>
        <Fact name={words.firstToken} hidden={span.kind !== 'model'}>
          {formatDuration(facts.firstContentMs)}
        </Fact>
        <Fact name={words.speed} hidden={span.kind !== 'model'}>
          {speed === undefined ? '–' : words.perSecond(formatNumber(speed))}
        </Fact>
        <Fact name={words.tokensIn} hidden={span.kind !== 'model'}>
          {formatNumber(facts.inputTokens)}
          {cached !== undefined && ` (${words.cached} ${formatNumber(cached)})`}
        </Fact>
        <Fact name={words.contextWindow} hidden={span.kind !== 'model'}>
          <WindowFill fill={contextFill(facts, windows)} />
        </Fact>
        <Fact name={words.tokensOut} hidden={span.kind !== 'model'}>
          {formatNumber(facts.outputTokens)}
        </Fact>
        <Fact name={words.cost} hidden={cost === undefined}>
          {cost}
        </Fact>
        <Fact name={words.model} hidden={facts.model === undefined}>
          {facts.model}
        </Fact>
        <Fact name={words.tool} hidden={facts.tool === undefined}>
          {facts.tool}
        </Fact>
        <Fact name={words.agent} hidden={facts.agent === undefined}>
          {facts.agent}
        </Fact>
        <Fact name={words.started}>{formatDateTime(span.startMs)}</Fact>
      </dl>
      <GapStripView times={tokenTimes(span)} />
      <div class="row">
        {runId !== undefined && facts.messageId !== undefined && (
          <a class="button small" href={`${runPath(runId)}?message=${encodeURIComponent(facts.messageId)}`}>
            {words.showMessage}
          </a>
        )}
      </div>
    </div>
  )
}

/** Without the tokens or the window there is no share: unknown, not empty. */
function WindowFill({ fill }: { fill: ContextFill }): JSX.Element {
  const { inputTokens, window, share } = fill
  const label = spanWords().ofWindow(formatNumber(inputTokens), formatNumber(window))
  if (share === undefined) return <span title={label}>–</span>
  return (
    <>
      {formatPercent(share)} <span class="faint span-window">{label}</span>
      <FillBar share={share} label={`${formatPercent(share)}: ${label}`} />
    </>
  )
}

function Fact({ name, hidden, children }: { name: string; hidden?: boolean; children: ComponentChildren }) {
  if (hidden) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd class="numbers">{children}</dd>
    </div>
  )
}

export function SpanValue({ value }: { value: unknown }): JSX.Element {
  if (value === undefined) return <p class="faint">{spanWords().nothing}</p>
  const known = parsed(value)
  return typeof known === 'string' ? <pre class="code wrapped">{known}</pre> : <JsonTree value={known} open={2} />
}

/** Attributes hold structure as JSON text, since they are flat. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

export function chunkEvents(span: Span, times: readonly number[]): unknown {
  if (times.length === 0) return undefined
  const events = span.events?.filter((event) => times.includes(event.atMs)) ?? []
  if (events.length === 0) return times.map((atMs) => ({ afterMs: Math.round(atMs - span.startMs) }))
  return events.map(({ atMs, name, attributes }) => ({ afterMs: Math.round(atMs - span.startMs), name, ...attributes }))
}

export function SpanCopies({ span }: { span: Span }): JSX.Element {
  const words = spanWords()
  const curl = curlOf(span)
  return (
    <div class="row wrap">
      <Button small icon="copy" onClick={() => copyText(JSON.stringify(span, null, 2))}>
        {words.copyJson}
      </Button>
      {curl !== undefined && (
        <Button small icon="copy" onClick={() => copyText(curl)}>
          {words.copyCurl}
        </Button>
      )}
      {span.kind === 'model' && factsOf(span).output !== undefined && (
        <Button small icon="copy" title={words.copyFixtureTitle} onClick={() => copyFixture(span)}>
          {words.copyFixture}
        </Button>
      )}
    </div>
  )
}

async function copyFixture(span: Span): Promise<void> {
  const { fixtureOf } = await import('../charts/fixture.ts')
  const fixture = fixtureOf(span)
  if (fixture === undefined) toast(spanWords().noFixture, { isError: true })
  else await copyText(fixture)
}
