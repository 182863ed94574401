// The same message to many at once, and all their answers in order. AgentScope: `fanout_pipeline`.
import { AbortedError } from '../core/error.ts'
import {
  assertOperators,
  type Operator,
  type OutputOf,
  operate,
  type PipelineOptions,
  type Said,
  throwIfStopped,
} from './operator.ts'

export interface FanoutOptions<Settle extends boolean = boolean> {
  /** All start at once; `false`: one after the other. Default true. */
  concurrent?: boolean
  /** Everybody finishes, whoever fails, and the results are like those of `Promise.allSettled`. Default false. */
  settle?: Settle
}

/** What each step gives, in the order of the steps. */
export type FanoutOutput<Steps extends readonly unknown[], Settle extends boolean> = {
  -readonly [Index in keyof Steps]: Settle extends true
    ? PromiseSettledResult<OutputOf<Steps[Index]>>
    : OutputOf<Steps[Index]>
}

/** A fan-out to be used again and again, also as a step of another pipeline. AgentScope: `FanoutPipeline`. */
export class FanoutPipeline<const Steps extends readonly Operator[], Settle extends boolean = false> {
  readonly #steps: readonly Operator[]
  readonly #options: FanoutOptions<Settle>

  /** @throws InputError when a step is no agent, pipeline or function. Without steps it gives an empty list. */
  constructor(operators: Steps, options: FanoutOptions<Settle> = {}) {
    assertOperators(operators, 'fan-out')
    this.#steps = [...operators]
    this.#options = options
  }

  /**
   * Hands the same `x` to every step; nobody may change it. The answers come in the order of the steps.
   *
   * @throws the error of the step that failed first, when all have come to rest: its failure stops the others, unless
   * `settle` lets them finish. AbortedError when the signal has fired before.
   */
  async call(x?: Said, { signal }: PipelineOptions = {}): Promise<FanoutOutput<Steps, Settle>> {
    throwIfStopped(signal, 'before the fan-out')
    const stop = new AbortController()
    const onAbort = () => stop.abort(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    try {
      return (await this.#run(x, stop)) as FanoutOutput<Steps, Settle>
    } finally {
      signal?.removeEventListener('abort', onAbort)
    }
  }

  async #run(x: Said, stop: AbortController): Promise<unknown[]> {
    const { concurrent = true, settle = false } = this.#options
    const failures: unknown[] = []
    const one = async (step: Operator): Promise<Said> => {
      try {
        if (!concurrent) throwIfStopped(stop.signal, 'before its turn in the fan-out')
        return await operate(step, x, stop.signal)
      } catch (error) {
        failures.push(error)
        if (!settle) stop.abort(new AbortedError('Stopped: another step of the fan-out failed.'))
        throw error
      }
    }
    const settled = await (concurrent ? Promise.allSettled(this.#steps.map(one)) : inTurn(this.#steps, one))
    if (settle) return settled
    if (failures.length > 0) throw failures[0]
    return settled.map((result) => (result as PromiseFulfilledResult<Said>).value)
  }
}

async function inTurn(steps: readonly Operator[], one: (step: Operator) => Promise<Said>) {
  const settled: PromiseSettledResult<Said>[] = []
  for (const step of steps) settled.push(...(await Promise.allSettled([one(step)])))
  return settled
}

/**
 * Hands the same message to every step at once, and gives their answers in the order of the steps.
 *
 * @throws as `FanoutPipeline` and its `call`.
 */
export async function fanoutPipeline<const Steps extends readonly Operator[], Settle extends boolean = false>(
  operators: Steps,
  x?: Said,
  options: FanoutOptions<Settle> & PipelineOptions = {},
): Promise<FanoutOutput<Steps, Settle>> {
  return new FanoutPipeline<Steps, Settle>(operators, options).call(x, options)
}
