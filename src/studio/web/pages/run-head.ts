// What is known of a run as a whole: from its own stream, and before that from the list.
import type { RunHead } from '../../protocol/frames.ts'
import { runHead } from '../state/run-list.ts'
import type { ShownRun } from '../state/shown-run.ts'

export function headOf(run: ShownRun): Partial<RunHead> {
  return { ...runHead(run.id), ...run.model.head }
}
