// Numbers, times and lists as the chosen language writes them; what is not known is a dash, never 0.
import { language } from './language.ts'
import { zoned } from './time-zone.ts'

const unknown = '–'
const formatters = new Map<string, Intl.NumberFormat>()

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language.value}${JSON.stringify(options)}`
  let found = formatters.get(key)
  if (found === undefined) {
    found = new Intl.NumberFormat(language.value, options)
    formatters.set(key, found)
  }
  return found
}

export function formatNumber(value: number | undefined, digits = 0): string {
  return value === undefined ? unknown : numbers({ maximumFractionDigits: digits }).format(value)
}

/** 4115 as `4.1K`; Chinese writes 4115 and 1.2万. */
export function formatCompact(value: number | undefined): string {
  return value === undefined ? unknown : numbers({ notation: 'compact', maximumFractionDigits: 1 }).format(value)
}

const dollars = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const
/** The least amount that columns write out. */
const leastMoney = 0.0001

/** US dollars, so that they stand below each other: `$1.20`, below ten cents `$0.0048`, and `<$0.0001`. */
export function formatMoney(value: number | undefined): string {
  if (value === undefined) return unknown
  if (value > 0 && value < leastMoney) return `<${formatMoney(leastMoney)}`
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 4 : 2
  return numbers({ ...dollars, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}

/** US dollars where one amount stands alone or is round: small ones keep two digits that matter, `$0.001`. */
export function formatFineMoney(value: number | undefined): string {
  if (value === undefined) return unknown
  const fine: Intl.NumberFormatOptions = value !== 0 && Math.abs(value) < 0.1 ? { maximumSignificantDigits: 2 } : {}
  return numbers({ ...dollars, ...fine }).format(value)
}

export function formatPercent(ratio: number | undefined): string {
  return ratio === undefined ? unknown : numbers({ style: 'percent', maximumFractionDigits: 1 }).format(ratio)
}

/** A stretch of time in milliseconds: `182 ms`, `1.93 s`, `2:05`, `1:02:05`. */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined || !Number.isFinite(ms)) return unknown
  const unit = (name: string, digits: number, value: number) =>
    numbers({ style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(value)
  if (ms < 1000) return unit('millisecond', 0, ms)
  if (ms < 60_000) return unit('second', ms < 10_000 ? 2 : 1, ms / 1000)
  const seconds = Math.floor(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

export function formatTime(at: number | undefined): string {
  if (at === undefined) return unknown
  return new Intl.DateTimeFormat(
    language.value,
    zoned({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  ).format(at)
}

export function formatDateTime(at: number | undefined): string {
  if (at === undefined) return unknown
  return new Intl.DateTimeFormat(language.value, zoned({ dateStyle: 'medium', timeStyle: 'medium' })).format(at)
}

/** How long ago, from `now`: `3 s ago`, `yesterday`. */
export function formatAgo(at: number | undefined, now: number): string {
  if (at === undefined || !Number.isFinite(at)) return unknown
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: 'auto', style: 'narrow' })
  const seconds = Math.round((at - now) / 1000)
  if (seconds > -60) return format.format(Math.min(seconds, 0), 'second')
  if (seconds > -3600) return format.format(Math.ceil(seconds / 60), 'minute')
  if (seconds > -86_400) return format.format(Math.ceil(seconds / 3600), 'hour')
  return format.format(Math.ceil(seconds / 86_400), 'day')
}

export function formatList(values: readonly string[]): string {
  return new Intl.ListFormat(language.value, { type: 'conjunction' }).format(values)
}

/** `plural(2, 'run', 'runs')` is `2 runs`, by the language's own rule. Languages without plurals need no function. */
export function plural(count: number, one: string, other: string): string {
  const rule = new Intl.PluralRules(language.value).select(count)
  return `${formatNumber(count)} ${rule === 'one' ? one : other}`
}
