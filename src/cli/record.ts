// `agentscope record`: runs a program and keeps what goes between it and the models in a cassette.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ConfigError, messageOf } from '../core/error.ts'
import type { Cassette } from '../simulator/index.ts'
import { ended } from './child.ts'
import { type Command, complain, UsageError } from './command.ts'
import { checkOutput, defaultOutput, replaceOutput, writeBeside } from './record-output.ts'
import { joinedCassettes, partsIn } from './record-parts.ts'
import { openRecordProxy } from './record-proxy.ts'
import { partsFolder, rescued } from './record-rescue.ts'
import { secretsOf } from './record-secrets.ts'
import { type RecordSettings, recordVariable } from './record-settings.ts'

const help = `Usage: agentscope record [--output <file>] -- <command> [arguments...]

Runs a command and writes what it asks of models, and what they answer, byte for
byte and with its times, into a cassette. Keys are left out. The exit code and
the signals are the command's own.

  -o, --output <file>  where to; replaced when something was recorded. Default:
                       recording.cassette.jsonl, or the next number that is free
                       (recording-2.cassette.jsonl)

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
      options: { output: { type: 'string', short: 'o' } },
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

async function recorded([command = '', ...rest]: string[], named: string | undefined): Promise<number> {
  const output = named ?? defaultOutput
  for (const line of await rescued(output)) complain(line)
  // Beside it, so that somebody finds what was recorded when this process is killed; and so that a place that cannot be
  // written is told before anything has been asked.
  await checkOutput(output)
  const parts = resolve(partsFolder(output))
  await mkdir(parts, { mode: 0o700 }).catch((cause: unknown) => {
    throw new ConfigError(`The cassette cannot be written: ${messageOf(cause)}`, { cause })
  })
  const proxy = await openRecordProxy(process.env, { file: join(parts, 'proxy.part'), secrets: secretsOf(process.env) })
  try {
    const settings: RecordSettings = { parts, origin: proxy.origin, upstreams: proxy.upstreams }
    const child = spawn(command, rest, { stdio: 'inherit', env: childEnvironment(settings, proxy.variables) })
    return await ended(child)
  } finally {
    await proxy.close()
    complain(await kept(parts, output, named !== undefined))
  }
}

/** Makes the parts one cassette and says where it is. What cannot be written stays in its parts. */
async function kept(parts: string, output: string, isNamed: boolean): Promise<string> {
  try {
    const cassette = joinedCassettes(await partsIn(parts))
    const place = await placed(cassette, parts, output, isNamed)
    await rm(parts, { recursive: true })
    return summary(cassette, place)
  } catch (error) {
    throw new ConfigError(messageOf(error), { cause: error, advice: `What was recorded is in ${parts}` })
  }
}

/** Without an exchange nothing is written, and what was there stays. */
async function placed(cassette: Cassette, parts: string, output: string, isNamed: boolean): Promise<string> {
  if (cassette.exchanges.length === 0) return output
  if (!isNamed) return writeBeside(output, cassette, parts)
  await replaceOutput(output, cassette, parts)
  return output
}

function childEnvironment(settings: RecordSettings, variables: Record<string, string>): NodeJS.ProcessEnv {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const preload = new URL(`../cli/record-program.${extension}`, import.meta.url).href
  const nodeOptions = [process.env['NODE_OPTIONS'], `--import=${preload}`].filter(Boolean).join(' ')
  return { ...process.env, ...variables, NODE_OPTIONS: nodeOptions, [recordVariable]: JSON.stringify(settings) }
}

function summary({ exchanges }: Cassette, output: string): string {
  const count = exchanges.length
  if (count === 0) {
    const still = existsSync(output) ? `${output} is what it was before.` : 'No file was written.'
    return `Nothing was recorded: the command made no request that could be seen. ${still}`
  }
  const broken = exchanges.filter(({ end }) => end === undefined || end.how === 'broken').length
  const unfinished = broken === 0 ? '' : `, ${broken} of them not to the end`
  return `Recorded ${count} ${count === 1 ? 'exchange' : 'exchanges'}${unfinished}: ${output}`
}
