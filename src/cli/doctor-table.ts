// What the doctor found, as a calm table for a terminal of any width.
import { configurationText, type FoundQuirk, type Report } from '../doctor/index.ts'
import { cleanLine } from '../terminal/sanitize.ts'
import type { Style } from '../terminal/style.ts'
import { padded, widthOf } from '../terminal/width.ts'
import { wrapped } from './wrapped.ts'

/** Below so many columns the name stands in a row of its own. */
const narrow = 60
const widest = 100
const listed = 5

const marks = { handled: '✓', option: '!', problem: '✗' } as const
const order = ['problem', 'option', 'handled'] as const

export function reportText(report: Report, columns: number, style: Style): string {
  const width = Math.min(columns, widest)
  const rows = factsOf(report).map(([name, value]): Row => ({ mark: ' ', name, value: cleanLine(value) }))
  const parts = [table(rows, width, style)]
  if (report.reason !== undefined) return [...parts, ...troubleOf(report, width, style)].join('\n')
  const quirks = report.quirks.toSorted((one, other) => order.indexOf(one.level) - order.indexOf(other.level))
  if (quirks.length > 0) parts.push('', ...wrapped(legend(quirks), width), table(quirks.map(rowOf), width, style))
  else parts.push('', 'No quirks.')
  if (report.leftOut.length > 0) parts.push('', ...wrapped(`Left out: ${report.leftOut.join(', ')}.`, width))
  if (report.configuration !== undefined) parts.push('', configurationText(report.configuration))
  parts.push('', ...wrapped(verdictOf(report), width))
  return parts.join('\n')
}

function factsOf({ wire, wrapper, baseUrl, model, models, facts }: Report): [string, string][] {
  const rows: [string, string | undefined][] = [
    ['wire', wire],
    ['wrapper', wrapper],
    ['base URL', baseUrl],
    ['model', model],
    ['listed', listedOf(models)],
    ...facts.map(({ name, value }): [string, string] => [name, value]),
  ]
  return rows.filter((row): row is [string, string] => row[1] !== undefined)
}

function listedOf(models: readonly string[]): string | undefined {
  if (models.length === 0) return undefined
  const more = models.length > listed ? `, and ${models.length - listed} more` : ''
  return `${models.slice(0, listed).join(', ')}${more}`
}

function troubleOf({ reason = '', advice }: Report, width: number, style: Style): string[] {
  const said = advice === undefined || reason.includes(advice) ? [] : wrapped(cleanLine(advice), width)
  return ['', ...wrapped(cleanLine(reason), width).map((line) => style.alert(line)), ...said]
}

function legend(quirks: readonly FoundQuirk[]): string {
  const has = (level: FoundQuirk['level']) => quirks.some((quirk) => quirk.level === level)
  const words = [has('problem') && '✗ no option helps', has('option') && '! an option is set below']
  return `Quirks: ${[...words, has('handled') && '✓ our wrapper copes'].filter(Boolean).join(', ')}`
}

function rowOf({ name, level, says, seenIn }: FoundQuirk): Row {
  const where = seenIn.includes('a streamed answer') ? '' : ` (${seenIn.join(', ')})`
  return { mark: marks[level], name, value: says + where, isAlert: level === 'problem' }
}

function verdictOf({ verdict, requests, quirks }: Report): string {
  const sent = `${requests} requests sent.`
  if (verdict === 'problems')
    return `Not all works: ${quirks.filter(({ level }) => level === 'problem').length} of the quirks cannot be set right here. ${sent}`
  return `All is well with this configuration. ${sent}`
}

interface Row {
  mark: string
  name: string
  value: string
  isAlert?: boolean
}

function table(rows: readonly Row[], width: number, style: Style): string {
  const longest = Math.max(0, ...rows.map(({ name }) => widthOf(name)))
  return rows
    .flatMap((row) => (width < narrow ? stacked(row, width, style) : beside(row, longest, width, style)))
    .join('\n')
}

function beside({ mark, name, value, isAlert }: Row, longest: number, width: number, style: Style): string[] {
  const head = `${mark} ${padded(name, longest)}  `
  const lines = wrapped(value, width - widthOf(head))
  const gap = ' '.repeat(widthOf(head))
  return lines.map((line, at) => `${at > 0 ? gap : isAlert ? style.alert(head) : style.dim(head)}${line}`)
}

function stacked({ mark, name, value, isAlert }: Row, width: number, style: Style): string[] {
  const head = `${mark} ${name}`
  const line = `${head}  ${value}`
  if (widthOf(line) <= width) return [isAlert ? style.alert(line) : line]
  return [isAlert ? style.alert(head) : style.dim(head), ...wrapped(value, width - 4).map((line) => `    ${line}`)]
}
