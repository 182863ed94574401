// The questions of a run that wait, pinned under its transcript: one at a time, the oldest first.
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { RequestCard } from '../components/request-card.tsx'
import { type OpenRun, useTopics } from '../state/open-run.ts'
import { openRequests } from '../state/transcript.ts'
import { words } from './run.words.ts'

export function PinnedRequests({ run }: { run: OpenRun }) {
  useTopics(run.model, 'requests')
  const [at, setAt] = useState(0)
  const open = openRequests(run)
  const shown = open[Math.min(at, open.length - 1)]
  if (shown === undefined) return null
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
      <RequestCard key={shown.id} request={shown} onAnswer={(value) => run.answer(shown.id, value)} />
    </div>
  )
}
