// `agentscope record`: runs a program and keeps what goes between it and the models in a cassette.
import { spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Cassette, writeCassette } from '../simulator/index.ts'
import { ended } from './child.ts'
import { type Command, complain, UsageError } from './command.ts'
import { joinedCassettes, partsIn } from './record-parts.ts'
import { openRecordProxy } from './record-proxy.ts'
import { secretsOf } from './record-secrets.ts'
import { type RecordSettings, recordVariable } from './record-settings.ts'

const help = `Usage: agentscope record [--output <file>] -- <command> [arguments...]

Runs a command and writes what it asks of models, and what they answer, byte for
byte and with its times, into a cassette. Keys are left out. The exit code and
the signals are the command's own.

  -o, --output <file>  where to (default: recording.cassette.jsonl)

Recorded are: every fetch of a Node program and of those that it starts; and of
other programs what goes to a provider whose key or address stands in the
environment and that can be led elsewhere by one (OPENAI_BASE_URL,
ANTHROPIC_BASE_URL, GOOGLE_GEMINI_BASE_URL, DASHSCOPE_HTTP_BASE_URL,
OLLAMA_HOST, ...).

Play it: agentscope simulate --cassette recording.cassette.jsonl`

export const record: Command = {
  name: 'record',
  summary: 'run a command and keep what the models answered: agentscope record -- node app.js',
  help,
  own: (given) => given.slice(0, commandAt(given)),
  async run(given) {
    const at = commandAt(given)
    const { values } = parseArgs({
      args: given.slice(0, at),
      options: { output: { type: 'string', short: 'o', default: 'recording.cassette.jsonl' } },
    })
    const [command, ...rest] = given.slice(given[at] === '--' ? at + 1 : at)
    if (command === undefined) throw new UsageError('Which command? Write agentscope record -- node app.js.')
    return recorded([command, ...rest], values.output)
  },
}

/** Where our own options end: at `--`. */
function commandAt(given: readonly string[]): number {
  const at = given.indexOf('--')
  return at < 0 ? given.length : at
}

async function recorded([command = '', ...rest]: string[], output: string): Promise<number> {
  // Written at once, so that a place that cannot be written is told before anything has been asked.
  await writeCassette(output, { version: 1, exchanges: [], isPartial: true })
  // Beside it, so that somebody finds what was recorded when this process is killed.
  const parts = resolve(`${output}.parts`)
  await rm(parts, { recursive: true, force: true })
  await mkdir(parts, { mode: 0o700 })
  const proxy = await openRecordProxy(process.env, { file: join(parts, 'proxy.part'), secrets: secretsOf(process.env) })
  try {
    const settings: RecordSettings = { parts, origin: proxy.origin, upstreams: proxy.upstreams }
    const child = spawn(command, rest, { stdio: 'inherit', env: childEnvironment(settings, proxy.variables) })
    return await ended(child)
  } finally {
    await proxy.close()
    const cassette = joinedCassettes(await partsIn(parts))
    await writeCassette(output, cassette)
    await rm(parts, { recursive: true })
    complain(summary(cassette, output))
  }
}

function childEnvironment(settings: RecordSettings, variables: Record<string, string>): NodeJS.ProcessEnv {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const preload = new URL(`../cli/record-program.${extension}`, import.meta.url).href
  const nodeOptions = [process.env['NODE_OPTIONS'], `--import=${preload}`].filter(Boolean).join(' ')
  return { ...process.env, ...variables, NODE_OPTIONS: nodeOptions, [recordVariable]: JSON.stringify(settings) }
}

function summary({ exchanges }: Cassette, output: string): string {
  const count = exchanges.length
  if (count === 0)
    return `Nothing was recorded: the command made no request that could be seen. ${output} holds no exchange.`
  const broken = exchanges.filter(({ end }) => end === undefined || end.how === 'broken').length
  const unfinished = broken === 0 ? '' : `, ${broken} of them not to the end`
  return `Recorded ${count} ${count === 1 ? 'exchange' : 'exchanges'}${unfinished}: ${output}`
}
