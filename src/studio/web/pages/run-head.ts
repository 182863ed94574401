// What is known of a run as a whole: from its own stream, and before that from the list.
import type { OpenRun } from '../state/open-run.ts'
import { runHead } from '../state/run-list.ts'

export function headOf(run: OpenRun) {
  return { ...runHead(run.id), ...run.model.head }
}
