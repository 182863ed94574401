// Where the built pages of the client lie.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** In the package among what is built; in a checkout in a cache, where `npm run build:web` puts them. */
export function clientFolder(): string {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  // Every file of the build lies one folder deep, whatever it was made of.
  if (!import.meta.url.endsWith('.ts')) return at('../studio/web')
  const cache = at('../../../node_modules/.cache/agentscope-studio-web')
  return existsSync(cache) ? cache : at('../../../dist/studio/web')
}
