// The questions of a run that wait, pinned under its transcript: one at a time, the oldest first.
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import type { PersonsAnswer } from '../components/request-answers.tsx'
import { RequestCard } from '../components/request-card.tsx'
import { type OpenRun, useTopics } from '../state/open-run.ts'
import type { ShownRun } from '../state/shown-run.ts'
import { openRequests } from '../state/transcript.ts'
import { words } from './run.words.ts'
import { headOf } from './run-head.ts'
import { isOver } from './run-reach.ts'
import { replayWords } from './run-replay.words.ts'

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
