// The table of prices while it is edited: rows of text, and what they mean.
import { type Price, type Prices, priceOf } from '../charts/cost.ts'

export interface PriceRow {
  /** Tells rows apart while their names change. */
  key: number
  model: string
  input: string
  cachedInput: string
  output: string
}

export function rowsOf(prices: Prices): PriceRow[] {
  return Object.entries(prices).map(([model, price], key) => ({
    key,
    model,
    input: String(price.input),
    cachedInput: price.cachedInput === undefined ? '' : String(price.cachedInput),
    output: String(price.output),
  }))
}

/** `undefined` when a row lacks its name or a price, or a price is no number from 0 up. Empty rows do not count. */
export function pricesOf(rows: readonly PriceRow[]): Prices | undefined {
  const prices: [string, Price][] = []
  for (const { model, input, cachedInput, output } of rows) {
    if ([model, input, cachedInput, output].every((text) => text.trim() === '')) continue
    const price = { input: amount(input), output: amount(output) }
    const cached = cachedInput.trim() === '' ? {} : { cachedInput: amount(cachedInput) }
    const whole = { ...price, ...cached }
    if (model.trim() === '' || Object.values(whole).some(Number.isNaN)) return undefined
    prices.push([model.trim(), whole])
  }
  return Object.fromEntries(prices)
}

/** The models that were used and have no price, each once. */
export function unpriced(models: readonly (string | undefined)[], prices: Prices): string[] {
  const used = new Set(models.flatMap((model) => (model ? [model] : [])))
  return [...used].filter((model) => priceOf(model, prices) === undefined).sort()
}

function amount(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return value >= 0 && Number.isFinite(value) ? value : Number.NaN
}
