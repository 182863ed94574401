// The routes of a Studio behind one guard: who may come in, what bodies may be, which headers every answer has.
import { Hono } from 'hono/tiny'
import { version } from '../../core/version.ts'
import { type BodyReading, bodies } from './bodies.ts'
import type { StudioParts } from './parts.ts'
import { blobRoutes } from './routes-blobs.ts'
import { runRoutes } from './routes-runs.ts'
import { sessionRoutes } from './routes-session.ts'
import { transferRoutes } from './routes-transfer.ts'
import { viewRoutes } from './routes-views.ts'
import { refusalOf, securityHeaders } from './security.ts'

export interface AppOptions {
  parts: StudioParts
  /** Routes of their own for programs that speak other protocols, and the live stream. */
  more?: readonly Hono[]
  /** The client's files. */
  client: Hono
}

/** Answers every request, also one that makes a route fail: nothing a client sends is thrown past this. */
export function studioApp({ parts, more = [], client }: AppOptions): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    const { method, path } = context.req
    const refusal = refusalOf({ method, path, header: (name) => context.req.header(name) }, parts.guard)
    if (refusal === undefined) await next()
    else context.res = context.json({ error: refusal.text }, refusal.status)
    for (const [name, value] of Object.entries(securityHeaders)) {
      if (!context.res.headers.has(name)) context.res.headers.set(name, value)
    }
    if (path.startsWith('/api/') && !context.res.headers.has('cache-control')) {
      context.res.headers.set('cache-control', 'no-store')
    }
  })
  app.use(bodies(readingOf))
  app.get('/api/health', (context) => context.json({ name: 'agentscope-studio', version }))
  app.route('/api/session', sessionRoutes(parts.guard))
  app.route('/api', transferRoutes(parts))
  for (const each of more) app.route('/', each)
  app.route('/api/runs', runRoutes(parts))
  app.route('/api', viewRoutes(parts))
  app.route('/blob', blobRoutes(parts.blobs))
  app.all('/api/*', (context) => context.json({ error: 'There is no such route.' }, 404))
  app.route('/', client)
  app.notFound((context) => context.json({ error: 'There is no such route.' }, 404))
  app.onError((error, context) => {
    process.emitWarning(
      `Studio could not answer ${context.req.method} ${context.req.path}: ${error}`,
      'AgentScopeWarning',
    )
    return context.json({ error: 'Studio failed to answer. Its own output says why.' }, 500)
  })
  return app
}

/** A run as a file may be larger than a body; programs of other protocols are refused in the words of theirs. */
function readingOf(path: string): BodyReading {
  if (path === '/api/import') return 'stream'
  return /^\/(trpc\/|v1\/|ingest$)/.test(path) ? 'own' : 'whole'
}
