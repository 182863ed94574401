// What Studio finds for the palette, as it is typed: messages, errors, questions and spans of all runs.
import { useEffect, useState } from 'preact/hooks'
import type { SearchAnswer } from '../../protocol/rest.ts'
import { go, runPath } from '../state/router.ts'
import { useRest } from '../state/use-rest.ts'
import type { Item } from './palette-items.tsx'

/** How long typing must rest before Studio is asked, in milliseconds. */
const restMs = 120
/** So many of each kind; the search page has them all. */
const most = 5

/** The first of each kind for these words; nothing while words are still being typed. */
export function useFound(text: string): Item[] {
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), restMs)
    return () => clearTimeout(timer)
  }, [text])
  const path = asked === '' ? undefined : `/api/search?q=${encodeURIComponent(asked)}&limit=${most}`
  const { data } = useRest<SearchAnswer>(path)
  return data === undefined || asked !== text || text === '' ? [] : itemsOf(data)
}

function itemsOf({ messages, told, spans }: SearchAnswer): Item[] {
  return [
    ...messages.slice(0, most).map(
      ({ runId, run, messageId, agent, excerpt }): Item => ({
        id: `message ${runId} ${messageId}`,
        icon: 'runs',
        label: excerpt,
        from: `${agent} · ${run}`,
        run: () => go(`${runPath(runId)}?message=${encodeURIComponent(messageId)}`),
      }),
    ),
    ...told.slice(0, most).map(
      ({ kind, runId, run, messageId, agent, excerpt }, index): Item => ({
        id: `${kind} ${runId} ${index}`,
        icon: kind === 'error' ? 'alert' : 'question',
        label: excerpt,
        from: `${agent} · ${run}`,
        run: () => go(runPath(runId) + (messageId === undefined ? '' : `?message=${encodeURIComponent(messageId)}`)),
      }),
    ),
    ...spans.slice(0, most).map(
      ({ traceId, spanId, name }): Item => ({
        id: `span ${traceId} ${spanId}`,
        icon: 'traces',
        label: name,
        run: () => go(`/traces?trace=${encodeURIComponent(traceId)}&span=${encodeURIComponent(spanId)}`),
      }),
    ),
  ]
}
