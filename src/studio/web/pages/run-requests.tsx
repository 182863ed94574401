// The questions of a run that wait, pinned under its transcript: one at a time, the oldest first.
import { useState } from 'preact/hooks'
import type { RunRequest } from '../../protocol/frames.ts'
import { Button } from '../components/button.tsx'
import { lazy } from '../components/lazy.tsx'
import { titleOf } from '../components/request-answered.tsx'
import type { PersonsAnswer } from '../components/request-answers.tsx'
import { visible } from '../components/visible.ts'
import { firstText } from '../state/first-text.ts'
import { type OpenRun, useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { openRequests } from '../state/transcript.ts'
import { words } from './run.words.ts'
import { headOf } from './run-head.ts'
import { isOver } from './run-reach.ts'
import { replayWords } from './run-replay.words.ts'

const RequestCard = lazy(async () => (await import('../components/request-card.tsx')).RequestCard, {
  after: firstText,
  place: ({ request }) => (
    <div class={`request coming ${kindOf(request)}`} aria-hidden="true">
      <p class="request-head">{titleOf(request)}</p>
      {request.approval === undefined && <p class="request-text">{visible(request.text ?? '')}</p>}
    </div>
  ),
})

/** What stands in its card decides how high it will be. */
function kindOf({ approval, schema }: RunRequest): string {
  return approval !== undefined ? 'approval' : schema !== undefined ? 'form' : 'words'
}

/** `shown`: the run itself, or its replay, in which nothing is answered. */
export function PinnedRequests({ run, shown }: { run: OpenRun; shown: ShownRun }) {
  useTopics(shown.model, 'requests', 'head')
  const [at, setAt] = useState(0)
  const [sent, setSent] = useState<ReadonlySet<string>>(new Set())
  const all = openRequests(shown)
  const open = all.filter(({ id }) => shown.isReplay || !sent.has(id))
  const closed = shown.isReplay ? replayWords().readOnly : isOver(headOf(run)) ? words().nobodyWaits : undefined
  const answer = async (id: string, value: PersonsAnswer) => {
    const verdict = await run.answer(id, value)
    if (verdict.ok) setSent((before) => new Set([...before, id]))
    return verdict
  }
  const first = open[Math.min(at, open.length - 1)]
  if (all.length === 0) return null
  if (first === undefined) return <p class="pinned hint">{words().sent}</p>
  return (
    <div class="pinned">
      {open.length > 1 && (
        <div class="row pinned-count">
          <span class="hint numbers">{words().waiting(open.indexOf(first) + 1, open.length)}</span>
          <Button small kind="quiet" onClick={() => setAt((open.indexOf(first) + 1) % open.length)}>
            {words().nextRequest}
          </Button>
        </div>
      )}
      <RequestCard key={first.id} request={first} closed={closed} onAnswer={(value) => answer(first.id, value)} />
    </div>
  )
}
