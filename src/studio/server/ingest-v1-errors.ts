// Errors as tRPC tells them, which is what programs written for Python AgentScope understand.
// https://trpc.io/docs/rpc
import type { Context } from 'hono'
import { BodyRefused } from './ingest-body.ts'
import { InputRefused } from './ingest-v1-input.ts'

const kinds = {
  400: { code: -32600, name: 'BAD_REQUEST' },
  404: { code: -32004, name: 'NOT_FOUND' },
  405: { code: -32005, name: 'METHOD_NOT_SUPPORTED' },
  413: { code: -32013, name: 'PAYLOAD_TOO_LARGE' },
  415: { code: -32015, name: 'UNSUPPORTED_MEDIA_TYPE' },
  500: { code: -32603, name: 'INTERNAL_SERVER_ERROR' },
} as const

export function trpcError(context: Context, status: keyof typeof kinds, message: string): Response {
  const { code, name } = kinds[status]
  const path = context.req.path.slice(context.req.path.lastIndexOf('/') + 1)
  return context.json({ error: { message, code, data: { code: name, httpStatus: status, path } } }, status)
}

/** What went wrong, as an answer. The text of an error that is not ours stays here. */
export function trpcFailure(context: Context, error: unknown): Response {
  if (error instanceof InputRefused) return trpcError(context, 400, error.message)
  if (error instanceof BodyRefused) return trpcError(context, error.status, error.message)
  return trpcError(context, 500, 'Studio could not keep what was sent.')
}
