// Takes out of an exchange that has been kept what turned out to be secret only later.
import { redact } from '../core/redact.ts'
import type { RecordedExchange, RecordedPiece } from './cassette.ts'
import { CleanPieces } from './cassette-pieces.ts'
import { cleanBody } from './cassette-secrets.ts'
import type { Searchable } from './known-secrets.ts'
import { SpelledSecrets } from './spelled-secrets.ts'

/** The same exchange when nothing of it is secret. */
export function cleanedExchange(exchange: RecordedExchange, known: Searchable): RecordedExchange {
  const { request, response, end } = exchange
  const text = (value: string) => redact(value, known.forms)
  const clean = {
    ...exchange,
    request: {
      ...request,
      url: text(request.url),
      headers: cleanHeaders(request.headers, text),
      body: cleanBody(request.body, known, request.headers['content-type'] ?? null),
    },
    ...(response !== undefined && { response: { ...response, headers: cleanHeaders(response.headers, text) } }),
    pieces: cleanPieces(exchange.pieces, known),
    ...(end !== undefined && { end: { ...end, ...(end.message !== undefined && { message: text(end.message) }) } }),
  }
  return isSame(exchange, clean) ? exchange : clean
}

function cleanHeaders(headers: Readonly<Record<string, string>>, text: (value: string) => string) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, text(value)]))
}

function cleanPieces(pieces: readonly RecordedPiece[], known: Searchable): RecordedPiece[] {
  const clean = new CleanPieces(known)
  const spelled = new SpelledSecrets(known)
  const whole = [...pieces.flatMap((piece) => clean.push(piece)), ...clean.end()]
  return [...whole.flatMap((piece) => spelled.push(piece)), ...spelled.end()]
}

function isSame(one: RecordedExchange, other: RecordedExchange): boolean {
  const { request: first, pieces: before, ...rest } = one
  const { request: second, pieces: after, ...others } = other
  const { body, ...asked } = first
  const { body: cleanedBody, ...cleanedAsked } = second
  return (
    JSON.stringify([rest, asked]) === JSON.stringify([others, cleanedAsked]) &&
    body === cleanedBody &&
    before.length === after.length &&
    before.every(({ bytes }, index) => Buffer.compare(bytes, after[index]!.bytes) === 0)
  )
}
