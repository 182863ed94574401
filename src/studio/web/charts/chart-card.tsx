// A chart in its card: the picture or the same figures as a table, and the table as a file.
import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import './charts.css'
import { chartWords } from './chart.words.ts'
import { type Column, csvOf } from './csv.ts'
import { saveFile } from './save-file.ts'

/** A column of the table; `show` writes the value for people, `value` is what the file holds. */
export interface ChartColumn<Row> extends Column<Row> {
  show?(row: Row): string
  isNumber?: boolean
}

export interface ChartCardProps<Row> {
  title: string
  /** The figure that matters most, beside the title. */
  figure?: ComponentChildren
  /** The picture. Without one the card is its table. */
  children?: ComponentChildren
  columns: readonly ChartColumn<Row>[]
  rows: readonly Row[]
  /** Of the CSV file, without its ending. */
  fileName: string
  wide?: boolean
}

export function ChartCard<Row>(props: ChartCardProps<Row>): JSX.Element {
  const { title, figure, children, columns, rows, fileName, wide } = props
  const words = chartWords()
  const [asTable, setAsTable] = useState(children === undefined)
  const save = () => saveFile(`${fileName}.csv`, csvOf(columns, rows), 'text/csv')
  return (
    <section class={wide ? 'card chart-card wide' : 'card chart-card'}>
      <header class="chart-head">
        <h2>{title}</h2>
        {figure !== undefined && <span class="chart-figure numbers">{figure}</span>}
        <span class="grow" />
        {children !== undefined && (
          <Button small kind="quiet" pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {words.table}
          </Button>
        )}
        <Button small kind="quiet" icon="download" title={words.saveCsv(title)} onClick={save} />
      </header>
      {rows.length === 0 ? (
        <p class="chart-empty faint">{words.noData}</p>
      ) : asTable ? (
        <FigureTable title={title} columns={columns} rows={rows} />
      ) : (
        <div class="chart-body">{children}</div>
      )}
    </section>
  )
}

interface FigureTableProps<Row> {
  title: string
  columns: readonly ChartColumn<Row>[]
  rows: readonly Row[]
}

function FigureTable<Row>({ title, columns, rows }: FigureTableProps<Row>): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than its card scrolls, by keyboard too
    <section class="chart-table" aria-label={title} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={column.isNumber ? 'end' : ''}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column.title} class={column.isNumber ? 'end' : ''}>
                  {column.show?.(row) ?? column.value(row) ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
