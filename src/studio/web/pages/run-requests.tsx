// The questions of a run that wait, pinned under its transcript: one at a time, the oldest first.
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import type { PersonsAnswer } from '../components/request-answers.tsx'
import { RequestCard } from '../components/request-card.tsx'
import { type OpenRun, useTopics } from '../state/open-run.ts'
import { openRequests } from '../state/transcript.ts'
import { words } from './run.words.ts'

export function PinnedRequests({ run }: { run: OpenRun }) {
  useTopics(run.model, 'requests')
  const [at, setAt] = useState(0)
  const [sent, setSent] = useState<ReadonlySet<string>>(new Set())
  const all = openRequests(run)
  const open = all.filter(({ id }) => !sent.has(id))
  const answer = async (id: string, value: PersonsAnswer) => {
    const verdict = await run.answer(id, value)
    if (verdict.ok) setSent((before) => new Set([...before, id]))
    return verdict
  }
  const shown = open[Math.min(at, open.length - 1)]
  if (all.length === 0) return null
  if (shown === undefined) return <p class="pinned hint">{words().sent}</p>
  return (
    <div class="pinned">
      {open.length > 1 && (
        <div class="row pinned-count">
          <span class="hint numbers">{words().waiting(open.indexOf(shown) + 1, open.length)}</span>
          <Button small kind="quiet" onClick={() => setAt((open.indexOf(shown) + 1) % open.length)}>
            {words().nextRequest}
          </Button>
        </div>
      )}
      <RequestCard key={shown.id} request={shown} onAnswer={(value) => answer(shown.id, value)} />
    </div>
  )
}
