// What was said, as it is said: a windowed list of messages that follows its end until the reader moves up.
// Longer than most files: the list and the view that joins it with the run are one thing.
import { effect } from '@preact/signals'
import { render } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Follow } from '../hot/follow.ts'
import { VirtualList } from '../hot/virtual-list.ts'
import { words } from '../pages/run.words.ts'
import { textStands } from '../state/first-text.ts'
import { painter } from '../state/frame.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { type Row, rowsOf } from '../state/transcript.ts'
import { Button } from './button.tsx'
import { KeptPlace } from './kept-place.ts'
import { Message } from './message.tsx'
import { LostCard, RunNoticeRow } from './notice.tsx'
import { AnsweredRow } from './request-answered.tsx'
import { toast } from './toast.tsx'

/** Among so many rows at the end, those that are still written in stay on the page. */
const mostTail = 40

/** The row before the first message, as long as there are older ones to be read. */
const olderKey = 'older'

/** What keys do in a transcript. */
export interface TranscriptControls {
  /** Focuses the next message (1) or the one before (-1). */
  step(by: 1 | -1): void
  /** Focuses a message. False when it is not there. */
  show(message: string): boolean
  toEnd(): void
}

export interface TranscriptProps {
  run: ShownRun
  label: string
  /** Only this one's messages. */
  agent?: string
  onControls?: (controls: TranscriptControls | undefined) => void
}

export function Transcript({ run, label, agent, onControls }: TranscriptProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const element = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<TranscriptView>()
  const [following, setFollowing] = useState(true)
  useEffect(() => {
    if (scroller.current === null || element.current === null) return undefined
    const made = new TranscriptView(run, agent, scroller.current, element.current, setFollowing)
    setView(made)
    onControls?.(made)
    return () => {
      onControls?.(undefined)
      made.close()
    }
  }, [run, agent])
  return (
    <div class="transcript">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard. */}
      <div class="transcript-scroll" ref={scroller} tabIndex={0} role="log" aria-live="off" aria-label={label}>
        <div class="transcript-rows" ref={element} />
      </div>
      {!following && (
        <div class="to-end">
          <Button small icon="down" onClick={() => view?.toEnd()}>
            {words().follow}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Joins the run's model with the windowed list; every row is a small tree of its own. */
class TranscriptView implements TranscriptControls {
  readonly #run: ShownRun
  readonly #agent: string | undefined
  readonly #follow: Follow
  readonly #list: VirtualList
  readonly #place: KeptPlace
  readonly #stops: (() => void)[]
  #rows = new Map<string, Row>()

  constructor(
    run: ShownRun,
    agent: string | undefined,
    scroller: HTMLElement,
    element: HTMLElement,
    onFollow: (following: boolean) => void,
  ) {
    this.#run = run
    this.#agent = agent
    this.#follow = new Follow(scroller, element, { painter, onChange: onFollow })
    const mount = (key: string) => this.#mount(key)
    const unmount = (_key: string, row: HTMLElement) => render(null, row)
    const isRead = (key: string) => key !== olderKey
    this.#list = new VirtualList({ scroller, element, painter, follow: this.#follow, mount, unmount, isRead })
    this.#place = new KeptPlace({ name: `${run.id} ${agent ?? ''}`, scroller, follow: this.#follow, list: this.#list })
    const request = () => painter.request(this.#update)
    this.#stops = [
      run.model.listen('messages', request),
      run.model.listen('requests', request),
      run.model.listen('notices', request),
      run.model.listen('head', request),
      effect(() => {
        if (run.pairs.value >= 0) request()
      }),
    ]
    this.#update()
  }

  step(by: 1 | -1): void {
    const ids = [...this.#rows.values()].flatMap((row) => (row.type === 'message' ? [row.message.id] : []))
    const at = ids.indexOf(this.#run.selected.value ?? '')
    const next = at < 0 ? ids.at(-1) : ids[at + by]
    if (next === undefined) return
    // A result that stands in the card of its call is no message to stop at.
    this.#run.selected.value = next
    if (!this.show(next)) this.step(by)
  }

  show(message: string): boolean {
    if (!this.#rows.has(message)) return false
    if (this.#list.row(message) === undefined) this.#list.goTo(message)
    const article = this.#list.row(message)?.querySelector<HTMLElement>('article')
    if (article === null || article === undefined) return false
    this.#follow.stop()
    article.focus({ preventScroll: true })
    article.scrollIntoView({ block: 'nearest' })
    return true
  }

  toEnd(): void {
    this.#follow.resume()
  }

  close(): void {
    painter.cancel(this.#update)
    for (const stop of this.#stops) stop()
    this.#place.close()
    this.#list.close()
    this.#follow.close()
  }

  readonly #update = (): void => {
    const rows = rowsOf(this.#run, this.#agent)
    const before = this.#rows
    this.#rows = new Map(rows.map((row) => [row.key, row]))
    for (const row of rows) this.#renderAgain(row, before.get(row.key))
    const keys = rows.map(({ key }) => key)
    const older = this.#run.hasOlder && this.#agent === undefined ? [olderKey] : []
    this.#list.setRows([...older, ...keys], tailOf(rows))
    this.#place.arrived(keys)
    if (keys.length > 0) textStands()
  }

  #renderAgain(row: Row, before: Row | undefined): void {
    const element = this.#list.row(row.key)
    const isSame = row.type === 'message' && isSameMessage(before, row)
    if (element !== undefined && !isSame) render(this.#content(row), element)
  }

  #mount(key: string): HTMLElement {
    const element = document.createElement('div')
    element.className = 'transcript-row'
    const row = this.#rows.get(key)
    render(row === undefined ? <Older run={this.#run} /> : this.#content(row), element)
    return element
  }

  #content(row: Row) {
    if (row.type === 'message') return <Message run={this.#run} message={row.message} continued={row.continued} />
    if (row.type === 'notice') return <RunNoticeRow notice={row.notice} />
    if (row.type === 'lost') return <LostCard />
    const { answered } = row.request
    if (answered === undefined) return null
    const isLost = this.#run.model.head.status === 'lost'
    return <AnsweredRow request={row.request} answered={answered} isLost={isLost} />
  }
}

/** A message that was begun anew from nothing is another object with the same id. */
function isSameMessage(before: Row | undefined, row: Extract<Row, { type: 'message' }>): boolean {
  return before?.type === 'message' && before.message === row.message && before.continued === row.continued
}

/** How many rows at the end stay on the page: from the first one in which somebody still writes. */
function tailOf(rows: readonly Row[]): number {
  const end = rows.slice(-mostTail)
  const first = end.findIndex((row) => row.type === 'message' && row.message.head.status === 'open')
  return first < 0 ? 1 : end.length - first
}

/** Reads on by itself when it comes into view; the button is for whoever got there by keys, and for another try. */
function Older({ run }: { run: ShownRun }) {
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const place = useRef<HTMLDivElement>(null)
  const load = async () => {
    const [first] = run.model.messages
    setState('busy')
    try {
      await run.older()
      // When nothing came, asking by itself again would never end.
      setState(run.model.messages[0] === first ? 'failed' : 'idle')
    } catch {
      setState('failed')
      toast(words().olderFailed, { isError: true })
    }
  }
  useEffect(() => {
    if (place.current === null || state !== 'idle') return undefined
    const seen = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && load())
    seen.observe(place.current)
    return () => seen.disconnect()
  }, [state])
  return (
    <div class="older" ref={place}>
      <Button small disabled={state === 'busy'} onClick={load}>
        {words().older}
      </Button>
    </div>
  )
}
