// Reads what a request asks for: its query and its JSON body, checked.
import type { Context } from 'hono'
import { isPlainObject } from '../../core/kind.ts'

/** A number in the query that is 0 or more; `undefined` when it is absent or none. */
export function numberIn(context: Context, name: string): number | undefined {
  const written = context.req.query(name)
  const value = written === undefined || written.trim() === '' ? Number.NaN : Number(written)
  return Number.isFinite(value) && value >= 0 ? value : undefined
}

/** How many rows are asked for: at least one. */
export function limitIn(context: Context, usual: number, most: number): number {
  return Math.max(1, Math.min(most, Math.floor(numberIn(context, 'limit') ?? usual)))
}

/** The body as an object; `undefined` when it is none. */
export async function objectIn(context: Context): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = await context.req.json()
    return isPlainObject(body) ? (body as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export function notFound(context: Context, what: string): Response {
  return context.json({ error: `There is no such ${what}.` }, 404)
}

export function wrong(context: Context, what: string): Response {
  return context.json({ error: what }, 400)
}
