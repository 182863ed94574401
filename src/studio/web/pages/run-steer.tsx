// A word to an agent while it works: whether there is somebody to hear it.
import { lazy } from '../components/lazy.tsx'
import { firstText } from '../state/first-text.ts'
import { type OpenRun, useTopics } from '../state/open-run.ts'
import { openRequests } from '../state/transcript.ts'
import { words } from './run.words.ts'
import { headOf } from './run-head.ts'
import { outOfReach } from './run-reach.ts'
import './run-steer.css'
import { hearersOf } from './steer-hearers.ts'

const Composer = lazy(async () => (await import('./run-composer.tsx')).Composer, {
  after: firstText,
  place: () => <div class="steer coming" aria-hidden="true" />,
})

export function Steer({ run }: { run: OpenRun }) {
  useTopics(run.model, 'head', 'messages', 'requests')
  const reason = outOfReach(headOf(run))
  const hearers = hearersOf(run.model.messages)
  // While a question waits there is one place to write in, not two.
  if (openRequests(run).length > 0 || reason === 'unknown') return null
  if (reason !== undefined) return <p class="steer-none hint">{words().cannotSteer[reason]}</p>
  return hearers.length === 0 ? null : <Composer run={run} hearers={hearers} />
}
