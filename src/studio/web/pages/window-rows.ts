// The table of context windows while it is edited: rows of text, and what they mean.
import type { Windows } from '../charts/context-fill.ts'
import { ofModel } from '../charts/of-model.ts'

export interface WindowRow {
  /** Tells rows apart while their names change. */
  key: number
  model: string
  tokens: string
}

export function windowRowsOf(windows: Windows): WindowRow[] {
  return Object.entries(windows).map(([model, tokens], key) => ({ key, model, tokens: String(tokens) }))
}

/** `undefined` when a row lacks its name or its tokens, or these are no whole number from 1 up. Empty rows do not count. */
export function windowsOf(rows: readonly WindowRow[]): Windows | undefined {
  const windows: [string, number][] = []
  for (const { model, tokens } of rows) {
    if (model.trim() === '' && tokens.trim() === '') continue
    const count = Number(tokens)
    if (model.trim() === '' || tokens.trim() === '' || !Number.isInteger(count) || count < 1) return undefined
    windows.push([model.trim(), count])
  }
  return Object.fromEntries(windows)
}

/** The models that were used and whose window nobody gave, each once. */
export function withoutWindow(models: readonly (string | undefined)[], windows: Windows): string[] {
  const used = new Set(models.flatMap((model) => (model ? [model] : [])))
  return [...used].filter((model) => ofModel(model, windows) === undefined).sort()
}
