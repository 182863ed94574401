// The options of `agentscope doctor`, read from the command line. The key comes from the environment, never from here.
import { parseArgs } from 'node:util'
import { type ExamineOptions, type WireName, wireNames } from '../doctor/index.ts'
import { UsageError } from './command.ts'

export interface DoctorOptions extends ExamineOptions {
  readonly address: string
  readonly json: boolean
}

/** @throws UsageError, and what `parseArgs` throws, for a command line that is wrong. */
export function readDoctorOptions(given: readonly string[]): DoctorOptions {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: {
      model: { type: 'string', short: 'm' },
      wire: { type: 'string' },
      'api-key-env': { type: 'string' },
      'max-requests': { type: 'string' },
      timeout: { type: 'string', default: '30' },
      json: { type: 'boolean', default: false },
    },
  })
  const [written, ...more] = positionals
  if (written === undefined) throw new UsageError('Which address? A base URL, such as http://127.0.0.1:8000/v1.')
  if (more.length > 0) throw new UsageError('One address at a time.')
  const { model, json, 'api-key-env': apiKeyVariable, 'max-requests': most } = values
  return {
    address: addressOf(written),
    wire: wireOf(values.wire),
    model,
    apiKeyVariable,
    apiKey: keyOf(apiKeyVariable),
    maxRequests: most === undefined ? undefined : countOf(most),
    timeoutMs: timeOf(values.timeout),
    json,
  }
}

/** What was written is not shown: it may hold a password. */
function addressOf(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError('The address must begin with http:// or https://.')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError('The address must hold no user name, password, query or fragment. A key: --api-key-env NAME.')
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function wireOf(written: string | undefined): WireName | undefined {
  const known = wireNames.find((name) => name === written)
  if (written === undefined || known !== undefined) return known
  throw new UsageError(`--wire needs one of ${wireNames.join(', ')}, got ${JSON.stringify(written)}.`)
}

function keyOf(variable: string | undefined): string | undefined {
  if (variable === undefined) return undefined
  // Somebody may have written the key itself: it is not shown again.
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) throw new UsageError('--api-key-env needs the name of a variable.')
  const key = process.env[variable]
  if (key) return key
  throw new UsageError('The variable that --api-key-env names is not set.')
}

function countOf(written: string): number {
  if (/^[1-9]\d{0,3}$/.test(written)) return Number(written)
  throw new UsageError(`--max-requests needs a whole number of at least 1, got ${JSON.stringify(written)}.`)
}

function timeOf(written: string): number {
  const seconds = /^\d*\.?\d+s?$/.test(written) ? Number.parseFloat(written) : 0
  if (seconds > 0 && seconds <= 3600) return seconds * 1000
  throw new UsageError(`--timeout needs a number of seconds, got ${JSON.stringify(written)}.`)
}
