// Whether the run is played again: loaded when it is first wanted, let go of when the page is left.
import { useEffect, useState } from 'preact/hooks'
import { toast } from '../components/toast.tsx'
import type { Replay } from '../replay/replay.ts'
import type { OpenRun } from '../state/open-run.ts'
import { headOf } from './run-head.ts'
import { isOver } from './run-reach.ts'

export function useReplay(run: OpenRun): { replay: Replay | undefined; open: () => void; close: () => void } {
  const [replay, setReplay] = useState<Replay>()
  useEffect(() => () => replay?.close(), [replay])
  useEffect(() => () => setReplay(undefined), [run])
  const open = async () => {
    try {
      const module = await import('../replay/replay.ts')
      const made = new module.Replay(run.id, { seq: () => run.model.seq, isLive: () => !isOver(headOf(run)) })
      setReplay(made)
      await made.start()
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), { isError: true })
    }
  }
  return { replay, open, close: () => setReplay(undefined) }
}
