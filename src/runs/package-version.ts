// Which version of this package is running.
import { readFileSync } from 'node:fs'

/** `undefined` where the package's description does not lie beside its code, as in a bundle. */
export function packageVersion(): string | undefined {
  try {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
    const { name, version } = JSON.parse(text) as { name?: unknown; version?: unknown }
    return name === 'agentscope' && typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}
