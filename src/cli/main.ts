// The command line: finds the command, runs it, and turns what goes wrong into words and an exit code.
import { version } from '../core/version.ts'
import { chat } from './chat.ts'
import { type Command, complain, describeError, isUsageError, print, UsageError } from './command.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { record } from './record.ts'
import { replay } from './replay.ts'
import { run } from './run.ts'
import { simulate } from './simulate.ts'
import { studio } from './studio.ts'

/** How long what is still open may take to end. */
const lastWordsMs = 250

const commands: readonly Command[] = [demo, chat, run, studio, replay, record, simulate, doctor]

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads the output has gone (`agentscope demo | head`): there is nothing left to do.
  if (error.code === 'EPIPE') process.exit(0)
  complain(`The output cannot be written: ${error.message}`)
  process.exit(1)
})
process.exitCode = await main(process.argv.slice(2))
// A tool that is still busy must not keep the program from ending.
setTimeout(() => process.exit(), lastWordsMs).unref()

async function main(given: string[]): Promise<number> {
  const [name, ...rest] = given
  const command = commands.find((each) => each.name === name)
  try {
    if (command === undefined) return overall(name)
    const own = command.own?.(rest) ?? rest
    if (own.includes('--help') || own.includes('-h')) {
      print(command.help)
      return 0
    }
    return await command.run(rest)
  } catch (error) {
    complain(describeError(error))
    if (!isUsageError(error)) return 1
    complain(`Try: agentscope ${command === undefined ? '--help' : `${command.name} --help`}`)
    return 2
  }
}

function overall(name: string | undefined): number {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') print(help())
  else if (name === '--version' || name === '-v') print(version)
  else if (name.startsWith('-')) throw new UsageError(`Unknown option ${JSON.stringify(name)}.`)
  else {
    const known = commands.map((each) => each.name).join(', ')
    throw new UsageError(`Unknown command ${JSON.stringify(name)}. Known: ${known}.`)
  }
  return 0
}

function help(): string {
  const list = commands.map((each) => `  ${each.name.padEnd(8)} ${each.summary}`)
  return `AgentScope: LLM agents that speak as they think.

Usage: agentscope <command> [options]

${list.join('\n')}

  --help     this text; after a command, that command's own
  --version  the version

Set NO_COLOR for plain text, DEBUG for stacks.`
}
