// The table of prices, to be edited: saved as a whole, with the models that were used and have none beside it.
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { MetricsAnswer } from '../../protocol/rest.ts'
import type { Prices } from '../charts/cost.ts'
import { Button } from '../components/button.tsx'
import { toast } from '../components/toast.tsx'
import { visible } from '../components/visible.ts'
import { useRest } from '../state/use-rest.ts'
import { type PriceRow, pricesOf, rowsOf, unpriced } from './price-rows.ts'
import { settingsWords } from './settings.words.ts'
import { saveSettings } from './use-settings.ts'

const month = 30 * 24 * 3_600_000

export function PriceTable({ prices }: { prices: Prices }): JSX.Element {
  const words = settingsWords()
  const [rows, setRows] = useState(() => rowsOf(prices))
  const since = useMemo(() => Date.now() - month, [])
  const calls = useRest<MetricsAnswer>(`/api/metrics?since=${since}&by=model`).data?.series ?? []
  const missing = unpriced(
    calls.map((call) => call.model),
    pricesOf(rows) ?? prices,
  )
  const add = (model: string) => {
    setRows((before) => {
      const key = before.reduce((most, row) => Math.max(most, row.key), 0) + 1
      return [...before, { key, model, input: '', cachedInput: '', output: '' }]
    })
  }
  const change = (key: number, field: Partial<PriceRow>) =>
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...field } : row)))
  return (
    <section>
      <h2 class="part-title">{words.prices}</h2>
      <form class="card" onSubmit={(event) => save(event, rows)}>
        <div class="card-body stack">
          <p class="hint">{words.pricesHint}</p>
          {rows.length > 0 && (
            <div class="table-scroll">
              <table class="table price-table">
                <thead>
                  <tr>
                    <th scope="col">{words.model}</th>
                    <th scope="col">{words.input}</th>
                    <th scope="col">{words.cached}</th>
                    <th scope="col">{words.output}</th>
                    <td />
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <PriceLine
                      key={row.key}
                      row={row}
                      onChange={(field) => change(row.key, field)}
                      onRemove={() => setRows((before) => before.filter((each) => each.key !== row.key))}
                    />
                  ))}
                </tbody>
              </table>
            </div>
          )}
          {missing.length > 0 && (
            <p class="row wrap">
              <span class="soft">{words.seen}</span>
              {missing.slice(0, 12).map((model) => (
                <Button key={model} small onClick={() => add(model)}>
                  + {visible(model)}
                </Button>
              ))}
            </p>
          )}
          <div class="row">
            <Button small onClick={() => add('')}>
              {words.add}
            </Button>
            <span class="grow" />
            <Button small kind="primary" submit>
              {words.save}
            </Button>
          </div>
        </div>
      </form>
    </section>
  )
}

interface PriceLineProps {
  row: PriceRow
  onChange(field: Partial<PriceRow>): void
  onRemove(): void
}

function PriceLine({ row, onChange, onRemove }: PriceLineProps): JSX.Element {
  const words = settingsWords()
  const amount = (field: 'input' | 'cachedInput' | 'output', name: string, placeholder = '') => (
    <td>
      <input
        class="field"
        type="number"
        min="0"
        step="any"
        aria-label={words.priceOf(name, row.model)}
        placeholder={placeholder}
        value={row[field]}
        onInput={(event) => onChange({ [field]: event.currentTarget.value })}
      />
    </td>
  )
  return (
    <tr>
      <td>
        <input
          class="field"
          aria-label={words.model}
          value={row.model}
          onInput={(event) => onChange({ model: event.currentTarget.value })}
        />
      </td>
      {amount('input', words.input)}
      {amount('cachedInput', words.cached, words.sameAsInput)}
      {amount('output', words.output)}
      <td>
        <Button small kind="quiet" icon="trash" title={words.remove(row.model)} onClick={onRemove} />
      </td>
    </tr>
  )
}

async function save(event: SubmitEvent, rows: readonly PriceRow[]): Promise<void> {
  event.preventDefault()
  const words = settingsWords()
  const prices = pricesOf(rows)
  if (prices === undefined) {
    toast(words.incomplete, { isError: true })
    return
  }
  try {
    await saveSettings({ prices })
    toast(words.saved)
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error), { isError: true })
  }
}
