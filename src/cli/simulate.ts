// `agentscope simulate`: a provider on this machine that answers from a cassette.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { readCassette, simulator } from '../simulator/index.ts'
import { type Command, complain, print, UsageError } from './command.ts'
import { speedOf } from './replay-options.ts'

const help = `Usage: agentscope simulate --cassette <file> [--speed <n>] [--port <n>]

Answers over HTTP, on 127.0.0.1 only, what a cassette recorded: the same bytes at
the same times, errors and broken connections too. Set a program's base URL to
the address that is printed, with the path that was recorded (/v1 for OpenAI).
Ctrl-C ends it.

  --cassette <file>  what agentscope record or record() wrote
  --speed <n>        10 is ten times as fast, max does not wait (default: 1)
  --port <n>         (default: any free one)
  --in-order         answer in the recorded order, whatever is asked
  --once             each exchange once; else the last that fits is repeated`

export const simulate: Command = {
  name: 'simulate',
  summary: 'answer like a provider, from a cassette',
  help,
  async run(given) {
    const { values } = parseArgs({
      args: given,
      options: {
        cassette: { type: 'string' },
        speed: { type: 'string', default: '1' },
        port: { type: 'string', default: '0' },
        'in-order': { type: 'boolean', default: false },
        once: { type: 'boolean', default: false },
      },
    })
    if (values.cassette === undefined) throw new UsageError('Which cassette? Write --cassette <file>.')
    const cassette = await readCassette(values.cassette)
    const speed = speedOf(values.speed)
    await using simulated = await simulator({
      cassette,
      port: Number(values.port),
      replay: {
        speed: Number.isFinite(speed) ? speed : 'max',
        match: values['in-order'] ? 'order' : 'exact',
        repeats: !values.once,
      },
    })
    if (cassette.isPartial)
      complain('The recording was not finished: what is there is played, then the connection breaks.')
    print(simulated.url)
    const interrupted = new AbortController()
    const signals = ['SIGINT', 'SIGTERM'] as const
    await Promise.race(signals.map((signal) => once(process, signal, { signal: interrupted.signal })))
    interrupted.abort()
    return 0
  },
}
