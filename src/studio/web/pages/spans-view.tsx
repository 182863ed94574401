// A waterfall with the picked span beside it, for a run or a trace.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { RunHead } from '../../protocol/frames.ts'
import type { Span } from '../charts/span-facts.ts'
import { Waterfall } from '../charts/waterfall.tsx'
import { EmptyState } from '../components/page.tsx'
import './pages.css'
import { SpanDetail } from './span-detail.tsx'
import { spanWords } from './span-words.ts'
import { useSettings } from './use-settings.ts'

export interface SpansViewProps {
  spans: readonly Span[]
  runId?: string | undefined
  live: boolean
  /** The moment up to which open spans reach, when it is not the present. */
  nowMs?: number | undefined
  /** The span that is picked at first. */
  wanted?: string | undefined
}

export function SpansView({ spans, runId, live, nowMs, wanted }: SpansViewProps): JSX.Element {
  const words = spanWords()
  const [picked, setPicked] = useState(wanted)
  const { settings } = useSettings()
  const span = spans.find((each) => each.spanId === picked)
  if (spans.length === 0) {
    return (
      <EmptyState icon="traces" title={words.noSpans}>
        <p>{words.noSpansText}</p>
      </EmptyState>
    )
  }
  return (
    <div class={span === undefined ? 'timeline' : 'timeline with-detail'}>
      <Waterfall spans={spans} live={live} nowMs={nowMs} picked={picked} onPick={(each) => setPicked(each.spanId)} />
      {span !== undefined && (
        <SpanDetail
          key={span.spanId}
          span={span}
          runId={runId}
          prices={settings?.prices ?? {}}
          onClose={() => setPicked(undefined)}
        />
      )}
    </div>
  )
}

/** Whether what is open in that run still goes on. */
export function isLive({ status }: RunHead): boolean {
  return status === 'running' || status === 'waiting'
}
