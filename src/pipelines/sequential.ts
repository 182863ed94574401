// Steps one after the other: what one says is what the next hears. AgentScope: `sequential_pipeline`.
import { InputError } from '../core/error.ts'
import {
  assertOperators,
  type Operator,
  type OutputOf,
  operate,
  type PipelineOptions,
  type Said,
  throwIfStopped,
} from './operator.ts'

/** What the last step gives. */
export type LastOutput<Steps extends readonly unknown[]> = Steps extends readonly [...unknown[], infer Last]
  ? OutputOf<Last>
  : OutputOf<Steps[number]>

/** A sequence to be used again and again, also as a step of another pipeline. AgentScope: `SequentialPipeline`. */
export class SequentialPipeline<const Steps extends readonly Operator[]> {
  readonly #steps: readonly Operator[]

  /** @throws InputError when there are no steps, or one is no agent, pipeline or function. */
  constructor(operators: Steps) {
    if (!Array.isArray(operators) || operators.length === 0) {
      throw new InputError('A sequential pipeline needs a list of at least one step.', {
        advice: 'Give it agents or functions: sequentialPipeline([writer, editor], message).',
      })
    }
    assertOperators(operators, 'sequential pipeline')
    this.#steps = [...operators]
  }

  /**
   * Hands `x` to the first step, and gives what the last one said.
   *
   * @throws whatever a step throws, and then the later ones do not run; AbortedError when the signal fires between two.
   */
  async call(x?: Said, options: PipelineOptions = {}): Promise<LastOutput<Steps>> {
    let said = x
    for (const [index, step] of this.#steps.entries()) {
      throwIfStopped(options.signal, `before step ${index + 1} of ${this.#steps.length} of the sequential pipeline`)
      said = await operate(step, said, options.signal)
    }
    return said as LastOutput<Steps>
  }
}

/**
 * Runs the steps one after the other, each with what the one before said.
 *
 * @throws as `SequentialPipeline` and its `call`.
 */
export async function sequentialPipeline<const Steps extends readonly Operator[]>(
  operators: Steps,
  x?: Said,
  options: PipelineOptions = {},
): Promise<LastOutput<Steps>> {
  return new SequentialPipeline(operators).call(x, options)
}
