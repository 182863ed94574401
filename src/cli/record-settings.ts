// What `agentscope record` tells the programs that it runs.

/** The environment variable that holds the settings as JSON. */
export const recordVariable = 'AGENTSCOPE_RECORD'

export interface RecordSettings {
  /** The folder into which each process writes what it records. */
  parts: string
  /** Where the recording proxy is. */
  origin: string
  /** The origins behind the proxy, by the first part of the path. */
  upstreams: Readonly<Record<string, string>>
}

/** Where an address really leads: behind the proxy, when it is one of the proxy's. */
export function behindProxy(url: URL, { origin, upstreams }: Pick<RecordSettings, 'origin' | 'upstreams'>): URL {
  if (url.origin !== origin) return url
  const [, name = '', path = ''] = /^\/([^/]*)(.*)$/.exec(url.pathname) ?? []
  const upstream = Object.hasOwn(upstreams, name) ? upstreams[name] : undefined
  return upstream === undefined ? url : new URL(`${path}${url.search}`, upstream)
}
