// Stops a run, when a person has said so twice.
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { Confirm } from '../components/dialog.tsx'
import { toast } from '../components/toast.tsx'
import { useKeys } from '../state/keys.ts'
import { type OpenRun, useTopics } from '../state/open-run.ts'
import { words } from './run.words.ts'
import { headOf } from './run-head.ts'
import { outOfReach } from './run-reach.ts'

export function StopButton({ run }: { run: OpenRun }) {
  useTopics(run.model, 'head')
  const [asking, setAsking] = useState(false)
  const reason = outOfReach(headOf(run))
  useKeys({ s: () => reason === undefined && setAsking(true) })
  const stop = async () => {
    const verdict = await run.stop()
    if (verdict.ok) toast(words().stopSent)
    else toast(verdict.text ?? words().stopRefused, { isError: true })
  }
  if (reason === 'unknown') return null
  const refusal = reason && words().cannotStop[reason]
  return (
    <>
      <Button kind="danger" icon="stop" refusal={refusal} onClick={() => setAsking(true)}>
        {words().stop}
      </Button>
      {asking && (
        <Confirm
          title={words().stopTitle}
          text={words().stopText}
          action={words().stop}
          onConfirm={stop}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
