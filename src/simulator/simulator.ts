// Seven providers on the loopback interface, or behind a `fetch`: they answer as they are told.
import { ConfigError } from '../core/error.ts'
import type { Cassette } from './cassette.ts'
import { CassettePlayer, type ReplayOptions } from './cassette-player.ts'
import { ChaosDice, type ChaosOptions } from './chaos.ts'
import { Exchanges } from './exchange.ts'
import { openFetchDoor, type SimulatorFetch } from './fetch-door.ts'
import { openHttpDoor } from './http-door.ts'
import { Models } from './models.ts'
import { checkPace, type Pace } from './pace.ts'
import type { ReceivedRequest } from './received.ts'
import type { Model } from './script.ts'
import { isFields } from './value.ts'
import type { WireName } from './wire.ts'
import { wireNamed } from './wires.ts'

export interface SimulatorOptions {
  /** From model name to answer; `'*'` answers for every other name. Needed unless there is a cassette. */
  models?: Record<string, Model>
  /**
   * Answers from a cassette, at every address that was recorded, in place of models: the same bytes at the same times,
   * with the same breaks. Keys are not asked for and requests not checked; what was not recorded is answered with 404.
   */
  cassette?: Cassette
  /** How the cassette is played. Default: at its own speed. */
  replay?: ReplayOptions
  /** Default: one write for each event of the wire, as fast as the client takes them. */
  pace?: Pace
  /**
   * `true` (default): OpenAI, DashScope, Gemini, ZhipuAI and Anthropic refuse a request without a key; a string: all but
   * Ollama take exactly this key; `false`: nobody asks.
   */
  requireKey?: boolean | string
  /** Whether requests are refused that the provider would refuse. Default true. */
  validate?: boolean
  /** The time that answers carry. A fixed one makes every byte of an answer the same in every run. */
  now?: () => Date
  /** Damages successful answers, by a seed; see `chaos`. Over HTTP a reset is a real one. Default: none is damaged. */
  chaos?: ChaosOptions | number
}

export interface ListeningOptions extends SimulatorOptions {
  /** On 127.0.0.1. Default 0: any free one. */
  port?: number
  /** Compresses successful answers for clients that accept it, flushed behind every event. Only over HTTP. */
  compress?: 'gzip'
}

export interface Simulator extends AsyncDisposable {
  /** Where it is; without a socket an address that exists nowhere, for `fetch` only. */
  readonly url: string
  /** What a client takes as the base URL of that provider. @throws ConfigError for an unknown name */
  baseUrl(wire: WireName): string
  /** The same without a socket. Every host leads here. */
  readonly fetch: SimulatorFetch
  /** Every request so far, in order of arrival. */
  readonly requests: readonly ReceivedRequest[]
  /** Each request once, in order; waits for the next when all have been handed out. Rejects when the simulator is closed. */
  nextRequest(): Promise<ReceivedRequest>
  /** Ends every answer and closes every connection. When a gate has thrown, rejects with the first error, once. */
  close(): Promise<void>
}

/**
 * Starts a simulator on 127.0.0.1. The caller closes it (`await using` does).
 *
 * @throws ConfigError for a wrong option or script, or when the port is taken
 */
export async function simulator(options: ListeningOptions): Promise<Simulator> {
  const { port = 0, compress, ...rest } = checkedOptions(options, [...optionNames, 'port', 'compress'])
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ConfigError(`port must be 0 to 65535, not ${port}.`)
  if (compress !== undefined && compress !== 'gzip') throw new ConfigError("compress can only be 'gzip'.")
  const exchanges = exchangesFor(rest)
  const door = await openHttpDoor(exchanges, port, compress === 'gzip')
  return simulatorAt(door.url, exchanges, () => door.close())
}

/**
 * The same without listening anywhere: only its `fetch` answers.
 *
 * @throws ConfigError for a wrong option or script
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  return simulatorAt('http://simulator.invalid', exchangesFor(checkedOptions(options, optionNames)), async () => {})
}

function simulatorAt(url: string, exchanges: Exchanges, closeDoor: () => Promise<void>): Simulator {
  const door = openFetchDoor(exchanges)
  let closing: Promise<void> | undefined
  const close = async () => {
    closing ??= closeDoor()
    door.close()
    exchanges.received.giveUp(new ConfigError('The simulator was closed: no request will come any more.'))
    await closing
    exchanges.throwBreak()
  }
  return {
    url,
    baseUrl: (wire) => url + wireNamed(wire).basePath,
    fetch: door.fetch,
    requests: exchanges.received.all,
    nextRequest: () => exchanges.received.next(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

const optionNames = ['models', 'pace', 'requireKey', 'validate', 'now', 'chaos', 'cassette', 'replay']

function checkedOptions<Options extends SimulatorOptions>(options: Options, names: readonly string[]): Options {
  if (!isFields(options)) throw new ConfigError('The simulator needs options with models.')
  const unknown = Object.keys(options).find((key) => !names.includes(key))
  if (unknown === undefined) return options
  const isForHttp = unknown === 'port' || unknown === 'compress'
  throw new ConfigError(
    `"${unknown}" is no option of ${isForHttp ? 'createSimulator: it has no socket' : 'the simulator'}.`,
    {
      advice: `It takes ${names.join(', ')}.${isForHttp ? ' simulator() listens.' : ''}`,
    },
  )
}

function exchangesFor(options: SimulatorOptions): Exchanges {
  const { cassette, replay } = options
  if (cassette !== undefined && options.models !== undefined) {
    throw new ConfigError('A simulator answers from models or from a cassette: give one of them.')
  }
  if (replay !== undefined && cassette === undefined)
    throw new ConfigError('replay says how a cassette is played: there is none.')
  if (options.pace !== undefined) checkPace(options.pace, 'pace')
  return new Exchanges({
    models: new Models(cassette === undefined ? options.models : {}),
    cassette: cassette && new CassettePlayer(cassette, replay),
    pace: options.pace,
    requireKey: options.requireKey ?? true,
    validate: options.validate ?? true,
    now: options.now ?? (() => new Date()),
    chaos: options.chaos === undefined ? undefined : new ChaosDice(options.chaos),
  })
}
