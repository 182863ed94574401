// In which time zone times are written: the browser's, or one that was chosen and is kept.
import { signal } from '@preact/signals'
import { keep, kept } from '../state/kept.ts'

/** An IANA name such as `Asia/Shanghai`; `undefined` for the browser's own. */
export const timeZone = signal<string | undefined>(first())

export function chooseTimeZone(name: string | undefined): void {
  timeZone.value = name
  keep('timeZone', name)
}

export function zoned(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormatOptions {
  return timeZone.value === undefined ? options : { ...options, timeZone: timeZone.value }
}

/** All that the browser knows. */
export function timeZones(): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return known.includes('UTC') ? known : ['UTC', ...known]
}

/** What was kept may come from another browser version: a name that is not known would make every time throw. */
function first(): string | undefined {
  const name = kept('timeZone')
  if (name === null) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
