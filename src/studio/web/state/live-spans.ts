// The spans of a run: what Studio has of them, kept up by what is told live. Nothing is asked for again and again.
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Span } from '../../../journal/journal.ts'
import type { SpansAnswer } from '../../protocol/rest.ts'
import type { OpenRun } from './open-run.ts'
import { rest } from './rest.ts'
import { type Asked, useRest } from './use-rest.ts'

/** What changes is shown so often, in milliseconds: between two looks a bar grows by itself. */
const showMs = 100
/** So long after its end Studio's index has a span, with what went in and out. */
const indexedMs = 400
const askedAtOnce = 100

export function useLiveSpans(id: string, run: OpenRun | undefined): Omit<Asked<readonly Span[]>, 'loading'> {
  const { data, error, reload } = useRest<SpansAnswer>(pathOf(id))
  const [live, setLive] = useState<readonly Span[]>([])
  const [whole, setWhole] = useState<ReadonlyMap<string, Span>>(new Map())
  useEffect(() => {
    if (run === undefined) return undefined
    const spans = new EndedSpans(id, (found) => setWhole((before) => new Map([...before, ...byId(found)])))
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = () => {
      timer = undefined
      setLive([...run.model.spans.values()])
      spans.look(run.model.spans.values())
    }
    show()
    const stop = run.model.listen('spans', () => (timer ??= setTimeout(show, showMs)))
    return () => {
      stop()
      clearTimeout(timer)
      spans.close()
    }
  }, [id, run])
  const spans = useMemo(() => data && merged([...data.spans, ...whole.values()], live), [data, whole, live])
  return { data: spans, error, reload }
}

/** Asks once for each span that ended: what is told live leaves out what went in and out of it. */
class EndedSpans {
  readonly #id: string
  readonly #found: (spans: readonly Span[]) => void
  readonly #seen = new Map<string, number>()
  #wanted: string[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(id: string, found: (spans: readonly Span[]) => void) {
    this.#id = id
    this.#found = found
  }

  look(spans: Iterable<Span>): void {
    for (const { spanId, endMs } of spans) {
      if (endMs === undefined || this.#seen.get(spanId) === endMs) continue
      this.#seen.set(spanId, endMs)
      this.#wanted.push(spanId)
    }
    if (this.#wanted.length > 0) this.#timer ??= setTimeout(() => this.#ask(), indexedMs)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#wanted = []
  }

  #ask(): void {
    this.#timer = undefined
    const ids = this.#wanted.splice(0, askedAtOnce)
    const query = ids.map((each) => `id=${encodeURIComponent(each)}`).join('&')
    rest<SpansAnswer>(`${pathOf(this.#id)}?${query}`).then(
      ({ spans }) => this.#found(spans),
      // The bars stand as they are; opening the page again asks for all.
      () => undefined,
    )
    if (this.#wanted.length > 0) this.#timer = setTimeout(() => this.#ask(), indexedMs)
  }
}

/** What is told live is the newer word on when and how; what went in and out stands in the others. */
function merged(known: readonly Span[], live: readonly Span[]): readonly Span[] {
  const spans = byId(known)
  for (const span of live) {
    spans.set(span.spanId, { ...span, attributes: { ...spans.get(span.spanId)?.attributes, ...span.attributes } })
  }
  return [...spans.values()]
}

function byId(spans: readonly Span[]): Map<string, Span> {
  return new Map(spans.map((span) => [span.spanId, span]))
}

function pathOf(id: string): string {
  return `/api/runs/${encodeURIComponent(id)}/spans`
}
