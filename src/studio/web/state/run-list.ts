// The runs as the list shows them: what Studio tells at most four times a second, newest first.
import { computed, signal } from '@preact/signals'
import type { RunHead } from '../../protocol/frames.ts'
import { live } from './live.ts'

const heads = signal<ReadonlyMap<string, RunHead>>(new Map())
/** False until the first list has come. */
export const runsKnown = signal(false)

export const runs = computed(() => [...heads.value.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)))
/** Open questions in all runs. */
export const waitingCount = computed(() => runs.value.reduce((sum, run) => sum + run.waiting, 0))

/** Output tokens by run over the last readings, for the line in its row. */
const rates = new Map<string, { at: number; tokens: number; values: number[] }>()

/** Begins to follow the list. Called once, by `main.tsx`. */
export function followRuns(): void {
  live.followList(({ runs: changed, gone = [] }) => {
    const next = new Map(heads.value)
    for (const run of changed) {
      next.set(run.id, run)
      rate(run)
    }
    for (const id of gone) next.delete(id)
    heads.value = next
    runsKnown.value = true
  })
}

export function forgetRuns(ids: readonly string[]): void {
  const next = new Map(heads.value)
  for (const id of ids) next.delete(id)
  heads.value = next
}

export function runHead(id: string): RunHead | undefined {
  return heads.value.get(id)
}

/** Characters of output a second, oldest first; empty when nothing has been heard live. */
export function ratesOf(id: string): readonly number[] {
  return rates.get(id)?.values ?? []
}

function rate(run: RunHead): void {
  const at = Date.now()
  const before = rates.get(run.id)
  if (before === undefined) rates.set(run.id, { at, tokens: run.tokensOut, values: [] })
  else if (at - before.at >= 900) {
    const perSecond = ((run.tokensOut - before.tokens) * 1000) / (at - before.at)
    rates.set(run.id, { at, tokens: run.tokensOut, values: [...before.values.slice(-23), Math.max(perSecond, 0)] })
  }
}
