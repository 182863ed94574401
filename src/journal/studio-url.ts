// The address of a Studio, as people copy it from the terminal or the browser.
import { ConfigError } from '../core/error.ts'

export interface IngestTarget {
  url: string
  headers: Record<string, string>
  /** For people: without the token. */
  shown: string
}

/**
 * Where a program sends its run. `http://127.0.0.1:5900/#token=...` brings its token along.
 *
 * @throws ConfigError when it is no http, https, ws or wss address.
 */
export function ingestTarget(studio: string | URL, run: string, token?: string): IngestTarget {
  const address = URL.parse(studio)
  if (address === null || !/^(http|ws)s?:$/.test(address.protocol)) {
    throw new ConfigError('The address of Studio is no URL of http or https.', {
      advice: 'Copy it from where Studio was started, for instance http://127.0.0.1:5900/#token=...',
    })
  }
  const given = token ?? new URLSearchParams(address.hash.slice(1)).get('token') ?? undefined
  const url = new URL('/ingest', address)
  url.protocol = address.protocol.replace('http', 'ws')
  url.searchParams.set('run', run)
  const headers: Record<string, string> = given === undefined ? {} : { authorization: `Bearer ${given}` }
  return { url: url.href, headers, shown: address.origin }
}
