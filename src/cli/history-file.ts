// Where a chat keeps what was typed, for the cursor keys of the next one.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** In the user's folder for such state: https://specifications.freedesktop.org/basedir-spec (a relative one is ignored). */
export function historyFile(environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment['XDG_STATE_HOME'] ?? ''
  const folder = isAbsolute(given) ? given : join(homedir(), '.local', 'state')
  return join(folder, 'agentscope', 'history')
}
