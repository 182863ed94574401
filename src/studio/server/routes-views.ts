// `/api/traces`, `/api/inbox`, `/api/metrics`, `/api/search`, `/api/settings`: what the pages beside the runs show.
import { Hono } from 'hono/tiny'
import { limitIn, notFound, numberIn, objectIn, wrong } from './asked.ts'
import type { StudioParts } from './parts.ts'
import { inboxOf } from './store-queries.ts'
import { searchOf } from './store-search.ts'
import { metricsOf, runOfTrace, spansOf, tracesOf } from './store-traces.ts'

const dayMs = 86_400_000

export function viewRoutes(parts: StudioParts): Hono {
  const { store, settings, guard, data } = parts
  const shownSettings = () => ({ ...settings.read(), data, token: guard.token !== undefined })
  return new Hono()
    .get('/traces', (context) => {
      const { model, tool, q, error } = context.req.query()
      const number = (name: string) => numberIn(context, name)
      const least = { minMs: number('minMs'), minTokens: number('minTokens'), before: number('before') }
      const onlyErrors = error === '1' || error === 'true'
      return context.json(tracesOf(store, { model, tool, q, onlyErrors, ...least, limit: limitIn(context, 50, 500) }))
    })
    .get('/traces/:id', (context) => {
      const trace = context.req.param('id')
      const runId = runOfTrace(store, trace)
      if (runId === undefined) return notFound(context, 'trace')
      return context.json({ runId, spans: spansOf(store, 'trace', trace) })
    })
    .get('/inbox', (context) => context.json({ requests: inboxOf(store) }))
    .get('/metrics', (context) => context.json(metricsOf(store, numberIn(context, 'since') ?? Date.now() - dayMs)))
    .get('/search', (context) => context.json(searchOf(store, context.req.query('q') ?? '', limitIn(context, 20, 200))))
    .get('/settings', (context) => context.json(shownSettings()))
    .put('/settings', async (context) => {
      const problem = settings.change(await objectIn(context))
      return problem === undefined ? context.json(shownSettings()) : wrong(context, problem)
    })
}
