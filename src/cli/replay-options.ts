// The options of `agentscope replay`, read from the command line.
import { parseArgs } from 'node:util'
import { UsageError } from './command.ts'

export type ReplayOptions = ReturnType<typeof readReplayOptions>

/** @throws UsageError, and what `parseArgs` throws, for a command line that is wrong. */
export function readReplayOptions(given: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: {
      speed: { type: 'string', default: '1' },
      'max-pause': { type: 'string', default: '5s' },
      data: { type: 'string' },
    },
  })
  if (positionals.length > 1) throw new UsageError('One run at a time.')
  const { speed, data } = values
  return { run: positionals[0], data, speed: speedOf(speed), maxPauseMs: pauseOf(values['max-pause']) }
}

/** A number above 0; infinite for `max`. @throws UsageError */
export function speedOf(written: string): number {
  if (written === 'max') return Number.POSITIVE_INFINITY
  const speed = /^\d*\.?\d+x?$/.test(written) ? Number.parseFloat(written) : 0
  if (speed > 0) return speed
  throw new UsageError(`--speed needs a number above 0, or max, got ${JSON.stringify(written)}.`)
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, '': 1000, m: 60_000, min: 60_000 }

function pauseOf(written: string): number {
  if (written === 'none') return Number.POSITIVE_INFINITY
  const { count, unit = '' } = /^(?<count>\d*\.?\d+)(?<unit>ms|s|m|min|)$/.exec(written)?.groups ?? {}
  if (count !== undefined) return Number(count) * (units[unit] as number)
  throw new UsageError(`--max-pause needs a time such as 5s, 500ms or 2min, or none, got ${JSON.stringify(written)}.`)
}
