// Questions to Studio over plain HTTP: JSON in, JSON out, failures as sentences that can be shown.
import { signal } from '@preact/signals'

/** A refusal of Studio's, in words for people. `status` 0 means that it could not be reached. */
export class RestError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, message: string, code = '') {
    super(message)
    this.status = status
    this.code = code
  }
}

/** True once Studio has refused this tab for want of a token. */
export const lockedOut = signal(false)

export interface RestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, as JSON lines: the file of a run, of any size. */
  file?: Blob
  signal?: AbortSignal
}

/**
 * One exchange with `/api…`.
 *
 * @throws RestError for a refusal or when Studio is away; what `signal` aborts rejects with its reason.
 */
export async function rest<T>(path: string, options: RestOptions = {}): Promise<T> {
  const { method = 'GET', body, file, signal: aborted } = options
  const init: RequestInit = { method, headers: { accept: 'application/json' }, ...(aborted && { signal: aborted }) }
  if (body !== undefined) {
    init.body = JSON.stringify(body)
    init.headers = { ...init.headers, 'content-type': 'application/json' }
  }
  if (file !== undefined) {
    init.body = file
    init.headers = { ...init.headers, 'content-type': 'application/x-ndjson' }
  }
  const response = await reach(path, init)
  if (response.status === 401) lockedOut.value = true
  if (!response.ok) throw await refusalOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new RestError(0, 'Studio cannot be reached.')
  }
}

async function refusalOf(response: Response): Promise<RestError> {
  const text = await response.text().catch(() => '')
  try {
    const told = JSON.parse(text) as { error?: string | { message?: string; code?: string }; code?: string }
    const inner = typeof told.error === 'object' ? told.error : { message: told.error, code: told.code }
    return new RestError(response.status, inner.message ?? text, inner.code)
  } catch {
    return new RestError(response.status, text.slice(0, 300) || `${response.status} ${response.statusText}`)
  }
}
