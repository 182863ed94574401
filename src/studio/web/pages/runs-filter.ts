// Which runs the list shows: by status and by words in what is known of a run.
import type { RunHead } from '../../protocol/frames.ts'

export type StatusFilter = 'all' | 'running' | 'waiting' | 'failed'

export function statusFilterOf(text: string | null): StatusFilter {
  return text === 'running' || text === 'waiting' || text === 'failed' ? text : 'all'
}

/** A run that was lost has failed too, as far as a person's attention goes. */
export function hasStatus(run: RunHead, filter: StatusFilter): boolean {
  if (filter === 'all') return true
  return run.status === filter || (filter === 'failed' && run.status === 'lost')
}

/** Every word of the text is somewhere in the run's names, agents, id or last line. */
export function hasWords(run: RunHead, text: string): boolean {
  const all = [run.project, run.name, run.id, ...run.agents, run.lastLine ?? ''].join(' ').toLowerCase()
  const words = text.toLowerCase().split(/\s+/)
  return words.every((word) => all.includes(word))
}
