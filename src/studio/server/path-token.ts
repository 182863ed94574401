// A token in the path, for programs that can be told an address and nothing else: `http://localhost:3000/t/<token>`.
import type { IncomingMessage } from 'node:http'

/** Takes it out of the address of a request and shows it to the guard as a bearer, which then judges it. */
export function takePathToken(request: IncomingMessage): void {
  const [, token, rest] = /^\/t\/([\w-]{1,200})(\/.*)$/.exec(request.url ?? '') ?? []
  if (token === undefined || rest === undefined || request.headers.authorization !== undefined) return
  request.url = rest
  request.headers.authorization = `Bearer ${token}`
  request.rawHeaders.push('authorization', `Bearer ${token}`)
}
