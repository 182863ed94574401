// Reads the body of a request within a limit, so that nobody can fill the memory: raw, gzip, and JSON.
import { gunzip } from 'node:zlib'
import { isNestedDeeper } from '../../core/json-depth.ts'

/** The most that a body may hold, also after gunzip. Bytes. */
export const mostBytes = 10 * 1024 * 1024

/** Levels of lists and objects that a body may have. */
const mostLevels = 200

/** A body that is refused, with the HTTP status that says why. */
export class BodyRefused extends Error {
  readonly status: 400 | 413 | 415

  constructor(status: 400 | 413 | 415, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * The whole body, unpacked when it says that it is gzip.
 *
 * @throws BodyRefused 413 when it is or becomes larger than 10 MB, 415 for another encoding, 400 for gzip that is none.
 */
export async function readBody(request: Request): Promise<Uint8Array> {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase()
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== '') {
    throw new BodyRefused(415, 'The content-encoding must be gzip, or none.')
  }
  const raw = await readLimited(request)
  return encoding === 'gzip' ? unzip(raw) : raw
}

/** @throws BodyRefused 400 for what is no JSON, or is nested too deeply. */
export function jsonOf(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BodyRefused(400, 'The body is not UTF-8.')
  }
  if (isNestedDeeper(text, mostLevels)) throw new BodyRefused(400, `The body is nested beyond ${mostLevels} levels.`)
  try {
    return JSON.parse(text)
  } catch {
    throw new BodyRefused(400, 'The body is not JSON.')
  }
}

/** The media type without its parameters, in lower case. */
export function mediaType(request: Request): string {
  return ((request.headers.get('content-type') ?? '').split(';')[0] as string).trim().toLowerCase()
}

async function readLimited(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge()
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of request.body ?? []) {
    size += piece.byteLength
    if (size > mostBytes) throw tooLarge()
    pieces.push(piece)
  }
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces, size)
}

function unzip(raw: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gunzip(raw, { maxOutputLength: mostBytes }, (error, bytes) => {
      if (error === null) resolve(bytes)
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge())
      else reject(new BodyRefused(400, 'The body says that it is gzip, but it cannot be unpacked.'))
    })
  })
}

function tooLarge(): BodyRefused {
  return new BodyRefused(413, `The body is larger than ${mostBytes / 1024 / 1024} MB.`)
}
