// Where a Studio keeps its data when it is not told otherwise.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** `$XDG_DATA_HOME/agentscope/studio.sqlite`; without that variable, under `~/.local/share`. */
export function defaultDataFile(environment: NodeJS.ProcessEnv = process.env): string {
  const home = environment['XDG_DATA_HOME']
  // The specification of these directories says that a relative path is to be ignored.
  const root = home !== undefined && isAbsolute(home) ? home : join(homedir(), '.local', 'share')
  return join(root, 'agentscope', 'studio.sqlite')
}
