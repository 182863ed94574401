// A span as it is told live: whole at first, and then only what has changed.
import type { Span } from '../../journal/journal.ts'
import type { SpanPatch } from './frames.ts'

/** What leads from `told` to `span`; all of it when something was taken away, or nothing was told yet. */
export function spanPatch(told: Span | undefined, span: Span): SpanPatch {
  if (told === undefined || isLess(told, span) || isLess(told.attributes, span.attributes)) return span
  const attributes = changed(told.attributes, span.attributes)
  const { attributes: _, ...rest } = changed({ ...told }, { ...span })
  return { spanId: span.spanId, ...rest, ...(Object.keys(attributes).length > 0 && { attributes }) }
}

/** The span as it is now. A patch of one that is not known changes nothing. */
export function patchedSpan(known: Span | undefined, patch: SpanPatch): Span | undefined {
  if (isWhole(patch)) return patch
  return known && { ...known, ...patch, attributes: { ...known.attributes, ...patch.attributes } }
}

function isWhole(patch: SpanPatch): patch is Span {
  return patch.traceId !== undefined
}

function isLess(before: object, now: object): boolean {
  return Object.keys(before).some((name) => !Object.hasOwn(now, name))
}

function changed(before: Record<string, unknown>, now: Record<string, unknown>): Record<string, unknown> {
  const isOther = (name: string, value: unknown) =>
    value !== before[name] && JSON.stringify(value) !== JSON.stringify(before[name])
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => isOther(name, value)))
}
