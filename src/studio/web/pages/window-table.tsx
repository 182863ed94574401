// The table of context windows, to be edited: saved as a whole, with the models that were used and have none beside it.
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { MetricsAnswer } from '../../protocol/rest.ts'
import type { Windows } from '../charts/context-fill.ts'
import { Button } from '../components/button.tsx'
import { toast } from '../components/toast.tsx'
import { visible } from '../components/visible.ts'
import { useRest } from '../state/use-rest.ts'
import { settingsWords } from './settings.words.ts'
import { saveSettings } from './use-settings.ts'
import { type WindowRow, windowRowsOf, windowsOf, withoutWindow } from './window-rows.ts'

const month = 30 * 24 * 3_600_000

export function WindowTable({ windows }: { windows: Windows }): JSX.Element {
  const words = settingsWords()
  const [rows, setRows] = useState(() => windowRowsOf(windows))
  const [problem, setProblem] = useState<string>()
  const since = useMemo(() => Date.now() - month, [])
  const calls = useRest<MetricsAnswer>(`/api/metrics?since=${since}&by=model`).data?.series ?? []
  const missing = withoutWindow(
    calls.map((call) => call.model),
    windowsOf(rows) ?? windows,
  )
  const add = (model: string) => {
    setRows((before) => {
      const key = before.reduce((most, row) => Math.max(most, row.key), 0) + 1
      return [...before, { key, model, tokens: '' }]
    })
  }
  const change = (key: number, field: Partial<WindowRow>) =>
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...field } : row)))
  const save = async (event: SubmitEvent) => {
    event.preventDefault()
    setProblem(await refusalOf(rows))
  }
  return (
    <section>
      <h2 class="part-title">{words.windows}</h2>
      <form class="card" onSubmit={save}>
        <div class="card-body stack">
          <p class="hint">{words.windowsHint}</p>
          {rows.length > 0 && (
            <div class="table-scroll">
              <table class="table price-table">
                <thead>
                  <tr>
                    <th scope="col">{words.model}</th>
                    <th scope="col">{words.tokens}</th>
                    <td />
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <WindowLine
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
              <span class="soft">{words.seenWithoutWindow}</span>
              {missing.slice(0, 12).map((model) => (
                <Button key={model} small title={words.addWindowOf(visible(model))} onClick={() => add(model)}>
                  + {visible(model)}
                </Button>
              ))}
            </p>
          )}
          {problem !== undefined && (
            <p class="bad" role="alert">
              {problem}
            </p>
          )}
          <div class="row">
            <Button small onClick={() => add('')}>
              {words.addWindow}
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

interface WindowLineProps {
  row: WindowRow
  onChange(field: Partial<WindowRow>): void
  onRemove(): void
}

function WindowLine({ row, onChange, onRemove }: WindowLineProps): JSX.Element {
  const words = settingsWords()
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
      <td>
        <input
          class="field"
          type="number"
          min="1"
          step="1"
          aria-label={words.priceOf(words.tokens, row.model)}
          value={row.tokens}
          onInput={(event) => onChange({ tokens: event.currentTarget.value })}
        />
      </td>
      <td>
        <Button small kind="quiet" icon="trash" title={words.remove(row.model)} onClick={onRemove} />
      </td>
    </tr>
  )
}

/** Saves them. Returns what is wrong with them, in words. */
async function refusalOf(rows: readonly WindowRow[]): Promise<string | undefined> {
  const windows = windowsOf(rows)
  if (windows === undefined) return settingsWords().incompleteWindow
  try {
    await saveSettings({ windows })
    toast(settingsWords().saved)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return undefined
}
