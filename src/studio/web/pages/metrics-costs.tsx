// What calls have cost, by day, run and model; a row whose calls have no price says so and never reads 0.
import type { JSX } from 'preact'
import { useMemo } from 'preact/hooks'
import type { CallPoint } from '../../protocol/rest.ts'
import { ChartCard, type ChartColumn } from '../charts/chart-card.tsx'
import type { Prices } from '../charts/cost.ts'
import { type CostRow, costRows } from '../charts/cost-rows.ts'
import { visible } from '../components/visible.ts'
import { formatMoney, formatNumber } from '../i18n/format.ts'
import { timeZone, zoned } from '../i18n/time-zone.ts'
import { runHead } from '../state/run-list.ts'
import { metricsWords } from './metrics.words.ts'

export function CostsByDay({ calls, prices }: { calls: readonly CallPoint[]; prices: Prices }): JSX.Element {
  const words = metricsWords()
  const zone = timeZone.value
  const rows = useMemo(() => {
    // Swedish writes days as the year, the month and the day do, which sorts in a spreadsheet.
    const days = new Intl.DateTimeFormat('sv', zoned({ dateStyle: 'short' }))
    return costRows(calls, prices, (ms) => days.format(ms))
  }, [calls, prices, zone])
  const unknown = rows.reduce((sum, row) => sum + row.unknown, 0)
  const columns: ChartColumn<CostRow>[] = [
    { title: words.day, value: (row) => row.day },
    { title: words.run, value: (row) => row.runId, show: (row) => nameOf(row.runId) },
    { title: words.byName.model, value: (row) => row.model, show: (row) => visible(row.model ?? '–') },
    { title: words.calls, value: (row) => row.calls, show: (row) => formatNumber(row.calls), isNumber: true },
    { title: `${words.costTile} ($)`, value: (row) => row.cost, show: (row) => formatMoney(row.cost), isNumber: true },
    { title: words.unpriced, value: (row) => row.unknown, show: (row) => formatNumber(row.unknown), isNumber: true },
  ]
  return (
    <ChartCard
      title={words.costsByDay}
      figure={unknown === 0 ? undefined : <a href="/settings">{words.unknownPrice(unknown)}</a>}
      columns={columns}
      rows={rows}
      fileName="cost-by-day-run-model"
      wide
    />
  )
}

function nameOf(runId: string | undefined): string {
  if (runId === undefined) return '–'
  return visible(runHead(runId)?.name ?? runId)
}
