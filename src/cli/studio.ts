// `agentscope studio`: the web page in which people watch agents, answer them and stop them.
import { spawn } from 'node:child_process'
import { parseArgs, styleText } from 'node:util'
import type { Studio } from '../studio/index.ts'
import { type Command, complain, print } from './command.ts'
import { portOf } from './own-studio.ts'

const help = `Usage: agentscope studio [options]

Opens Studio in this terminal, until Ctrl-C. Programs send their runs to it with
init({ studio: '<the address that is printed>' }).

  --port <number>  where to listen. Default: 3000, or the next free port; 0 takes any
  --host <address> listen there instead of on this machine alone; needs the token
  --data <file>    the SQLite file with the runs; "memory" keeps nothing.
                   Default: $XDG_DATA_HOME/agentscope/studio.sqlite
  --no-token       let everybody in who reaches the port; on this machine only
  --open           open the page in a browser`

export const studio: Command = {
  name: 'studio',
  summary: 'watch agents in the browser, answer them, stop them',
  help,
  async run(given) {
    const asked = readOptions(given)
    // The other commands need no server.
    const { defaultDataFile, openStudio } = await import('../studio/index.ts')
    const data = asked.data === 'memory' ? undefined : (asked.data ?? defaultDataFile())
    const options = { ...asked, data }
    const opened = await openStudio(options)
    tell(opened, options)
    if (options.open) openBrowser(opened.url)
    await interrupted()
    complain('Closing ...')
    await opened.close()
    return 0
  },
}

function readOptions(given: readonly string[]) {
  const { values } = parseArgs({
    args: [...given],
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      data: { type: 'string' },
      'no-token': { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
    },
  })
  const { host, open, data } = values
  return { host, open, data, port: portOf(values.port), token: values['no-token'] ? (false as const) : undefined }
}

function tell(opened: Studio, { host, data }: { host: string | undefined; data: string | undefined }): void {
  if (host !== undefined) {
    const warning = `Studio listens at ${host}: others on the network can reach it. Whoever has the address below can read and stop runs.`
    complain(styleText('red', warning, { stream: process.stderr }))
  }
  print(`Studio: ${opened.url}`)
  print(`Data:   ${data ?? 'in memory, nothing is kept'}`)
}

/** Resolves at the first signal that asks for an end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}

/** The address is told in any case: where there is no browser, nothing happens. */
function openBrowser(url: string): void {
  const commands: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open', url],
    win32: ['cmd', '/c', 'start', '', url],
  }
  const [command, ...rest] = commands[process.platform] ?? ['xdg-open', url]
  const child = spawn(command, rest, { stdio: 'ignore', detached: true })
  child.on('error', () => complain('No browser could be opened; open the address yourself.'))
  child.unref()
}
