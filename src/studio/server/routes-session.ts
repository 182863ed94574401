// `POST /api/session`: a tab swaps the token of its address for a cookie that no script can read.
import { Hono } from 'hono/tiny'
import { objectIn, wrong } from './asked.ts'
import type { Guard } from './security.ts'
import { isSame, sessionCookie } from './token.ts'

export function sessionRoutes({ token }: Guard): Hono {
  return new Hono().post('/', async (context) => {
    if (token === undefined) return context.json({ ok: true })
    const given = (await objectIn(context))?.['token']
    if (typeof given !== 'string') return wrong(context, 'Send { "token": "..." }.')
    if (!isSame(given, token)) return context.json({ error: 'The token is wrong.', code: 'token' }, 401)
    context.header('set-cookie', sessionCookie(context.req.header('host') ?? '', token))
    return context.json({ ok: true })
  })
}
