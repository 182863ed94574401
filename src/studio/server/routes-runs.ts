// `/api/runs`: the list, a run, its messages, its spans, its entries as they were logged; and taking runs away.
import { Hono } from 'hono/tiny'
import type { JournalEntry } from '../../journal/journal.ts'
import { limitIn, notFound, numberIn, objectIn, wrong } from './asked.ts'
import type { StudioParts } from './parts.ts'
import { messagesOf, runsOf } from './store-queries.ts'
import { spansAmong, spansOf } from './store-traces.ts'

/** So many spans may be asked for by their ids at once. */
const mostAsked = 200

export function runRoutes(parts: StudioParts): Hono {
  const { store } = parts
  return new Hono()
    .get('/', (context) => {
      const { status, q } = context.req.query()
      return context.json(
        runsOf(store, { status, q, limit: limitIn(context, 50, 1000), before: numberIn(context, 'before') }),
      )
    })
    .delete('/', async (context) => {
      const ids = (await objectIn(context))?.['ids']
      if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
        return wrong(context, 'Send { "ids": [...] }.')
      for (const id of ids) await parts.journals.delete(id, { forGood: true })
      return context.json({ deleted: ids.length })
    })
    .get('/:id', (context) => {
      const head = store.head(context.req.param('id'))
      return head === undefined ? notFound(context, 'run') : context.json(head)
    })
    .get('/:id/messages', async (context) => {
      const run = context.req.param('id')
      if (store.head(run) === undefined) return notFound(context, 'run')
      const [limit, before] = [limitIn(context, 50, 500), numberIn(context, 'before')]
      // A tab goes on from a place, with operations for the state that it holds.
      const ops = before === undefined ? undefined : await parts.messagesBefore(run, before, limit)
      return context.json({ ...messagesOf(store, run, limit, before), ...(ops && { ops }) })
    })
    .get('/:id/spans', (context) => {
      const run = context.req.param('id')
      if (store.head(run) === undefined) return notFound(context, 'run')
      const ids = context.req.queries('id')?.slice(0, mostAsked)
      return context.json({ runId: run, spans: ids ? spansAmong(store, run, ids) : spansOf(store, 'run', run) })
    })
    .get('/:id/raw', async (context) => {
      const run = context.req.param('id')
      if (store.head(run) === undefined) return notFound(context, 'run')
      const limit = limitIn(context, 1000, 10_000)
      return context.json(await Array.fromAsync(entriesOf(parts, run, numberIn(context, 'after') ?? 0, limit)))
    })
}

/** What a run has logged so far, strictly after an offset. */
export async function* entriesOf(
  { store, journals }: Pick<StudioParts, 'store' | 'journals'>,
  run: string,
  after: number,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<JournalEntry> {
  const end = store.position(run)
  if (after >= end) return
  let left = limit
  for await (const entry of journals.open(run).read({ after })) {
    if (entry.offset <= end) yield entry
    left -= 1
    if (entry.offset >= end || left <= 0) return
  }
}
