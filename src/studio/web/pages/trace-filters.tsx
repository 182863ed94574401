// The filters of the traces list; they stand in the address, so that a filtered list can be kept and sent.
import type { ComponentChildren, JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { TraceRow } from '../../protocol/rest.ts'
import { visible } from '../components/visible.ts'
import { formatDuration, formatFineMoney } from '../i18n/format.ts'
import { useKeys } from '../state/keys.ts'
import { setQuery } from '../state/router.ts'
import { tracesWords } from './traces.words.ts'

const lengths = [1000, 5000, 30_000]
const costs = [0.001, 0.01, 0.1, 1]

export function TraceFilters({ query, traces }: { query: URLSearchParams; traces: readonly TraceRow[] }): JSX.Element {
  const words = tracesWords()
  const field = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => field.current?.focus() })
  const names = (key: 'models' | 'tools', chosen: string | null) =>
    [...new Set([...traces.flatMap((trace) => trace[key]), ...(chosen ? [chosen] : [])])].sort()
  const options = (values: readonly string[]) => values.map((value) => ({ value, label: visible(value) }))
  return (
    <search class="filters" aria-label={words.filters}>
      <label class="grow">
        <span>{words.search}</span>
        <input
          ref={field}
          type="search"
          class="field"
          value={query.get('q') ?? ''}
          onInput={(event) => setQuery({ q: event.currentTarget.value })}
        />
      </label>
      <Choice name="model" label={words.model} query={query} options={options(names('models', query.get('model')))} />
      <Choice name="tool" label={words.tool} query={query} options={options(names('tools', query.get('tool')))} />
      <Choice name="error" label={words.status} query={query} options={[{ value: '1', label: words.failedOnly }]} />
      <Choice
        name="minMs"
        label={words.longerThan}
        query={query}
        options={lengths.map((ms) => ({ value: String(ms), label: formatDuration(ms) }))}
      />
      <Choice
        name="minCost"
        label={words.costsMore}
        query={query}
        options={costs.map((cost) => ({ value: String(cost), label: formatFineMoney(cost) }))}
      />
    </search>
  )
}

interface ChoiceProps {
  name: string
  label: ComponentChildren
  query: URLSearchParams
  options: readonly { value: string; label: string }[]
}

function Choice({ name, label, query, options }: ChoiceProps): JSX.Element {
  return (
    <label>
      <span>{label}</span>
      <select
        class="field"
        value={query.get(name) ?? ''}
        onChange={(event) => setQuery({ [name]: event.currentTarget.value })}
      >
        <option value="">{tracesWords().any}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}
