// `agentscope doctor`: asks a model's server a few short questions, and says what our wrapper needs for it.
import { answerLimit, examine, type Report, requestsFor } from '../doctor/index.ts'
import { canRedraw, style, wantsColor } from '../terminal/style.ts'
import { type Command, complain, print } from './command.ts'
import { type DoctorOptions, readDoctorOptions } from './doctor-options.ts'
import { reportText } from './doctor-table.ts'
import { wrapped } from './wrapped.ts'

const help = `Usage: agentscope doctor <base URL> [options]

Finds out which wire a server speaks, asks it a few short questions, streamed and not, and tells what it found, with the
options that the wrapper needs. It says before it begins how many requests it will send at most.

  -m, --model <name>     the model to ask. Default: the first that the server lists
  --api-key-env <name>   the environment variable with the key; without it none is sent
  --wire <name>          openai, ollama, dashscope, litellm, anthropic, gemini or zhipuai. Default: found by asking
  --max-requests <n>     send no more than this; what is left out is told
  --timeout <seconds>    how long each wait may take. Default: 30
  --json                 the report for machines

The exit code is 0 when all is well with the options that are printed, 1 when something is wrong that no option helps
against (or the examination failed), 2 when nothing could be examined: nobody answers, the key is refused, a web page.`

const codes: Readonly<Record<Report['verdict'], number>> = { fine: 0, problems: 1, unreachable: 2 }

export const doctor: Command = {
  name: 'doctor',
  summary: 'what a model server speaks, and how to set the wrapper for it',
  help,
  async run(given) {
    const options = readDoctorOptions(given)
    const columns = process.stdout.columns ?? 80
    complain(wrapped(planOf(options), process.stderr.columns ?? 80).join('\n'))
    const stop = new AbortController()
    const interrupt = () => stop.abort()
    process.once('SIGINT', interrupt)
    try {
      const report = await examine(options.address, { ...options, signal: stop.signal, tell: showStep })
      clearStep()
      if (options.json) print(JSON.stringify(report, null, 2))
      else print(`\n${reportText(report, columns, style(wantsColor(process.stdout, process.env)))}`)
      return codes[report.verdict]
    } catch (error) {
      clearStep()
      if (stop.signal.aborted) return 130
      throw error
    } finally {
      process.off('SIGINT', interrupt)
    }
  },
}

/** A model may take its time: on a screen, one row says what is being asked. */
function showStep(what: string): void {
  if (hasRow()) process.stderr.write(`\r\u001b[KAsking for ${what} ...`.slice(0, process.stderr.columns + 3))
}

function clearStep(): void {
  if (hasRow()) process.stderr.write('\r\u001b[K')
}

function hasRow(): boolean {
  return process.stderr.isTTY === true && canRedraw(process.env)
}

function planOf(options: DoctorOptions): string {
  const most = Math.min(options.maxRequests ?? Number.POSITIVE_INFINITY, requestsFor(options))
  const asking = `Asking ${options.address}: at most ${most} request${most === 1 ? '' : 's'}`
  if (most === 1) return `${asking}, which may want an answer of ${answerLimit} tokens at most.`
  return (
    `${asking}, of which no more than ${Math.min(4, most)} want an answer, of ${answerLimit} tokens at most; ` +
    'the others are lists, empty questions and refusals.'
  )
}
