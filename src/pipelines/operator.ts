// One step of a pipeline: an agent, another pipeline, or a function, and how it is run.
import { AbortedError, InputError } from '../core/error.ts'
import { kindOf } from '../core/kind.ts'
import type { Msg } from '../core/message.ts'

/** What is handed from step to step. */
export type Said = Msg | readonly Msg[] | null | undefined

export interface PipelineOptions {
  /** Stops the step that runs, and those that have not begun. */
  signal?: AbortSignal
}

/** Whoever can be called: an agent, a pipeline. */
export interface Callable {
  call(x?: Said, options?: PipelineOptions): Promise<Said>
}

/** A method's parameters are checked both ways, so that a function that takes just a `Msg` fits too. */
type OperatorMethod = { run(x: Said, options: PipelineOptions): Said | Promise<Said> }

/** A step of one's own. Heed `options.signal` when it takes long. */
export type OperatorFunction = OperatorMethod['run']

/** A step of a pipeline. AgentScope: an `Operator`, or any callable. */
export type Operator = Callable | OperatorFunction

/** What a step gives. */
export type OutputOf<Step> = Step extends (...input: never[]) => infer Output
  ? Awaited<Output>
  : Step extends { call(...input: never[]): infer Output }
    ? Awaited<Output>
    : never

/** @throws InputError for something that is neither an agent, a pipeline nor a function. */
export function assertOperators(operators: readonly unknown[], pipeline: string): void {
  for (const [index, operator] of operators.entries()) {
    if (typeof operator === 'function' || typeof (operator as Partial<Callable> | null)?.call === 'function') continue
    throw new InputError(`Step ${index + 1} of the ${pipeline} is ${kindOf(operator)}.`, {
      advice: 'A step is an agent, a pipeline, or a function that takes a message and gives one.',
    })
  }
}

/** Rejects with whatever the step throws. */
export async function operate(operator: Operator, x: Said, signal: AbortSignal | undefined): Promise<Said> {
  const options = signal === undefined ? {} : { signal }
  return typeof operator === 'function' ? operator(x, options) : operator.call(x, options)
}

/** @throws AbortedError when the signal has fired. */
export function throwIfStopped(signal: AbortSignal | undefined, where: string): void {
  if (signal?.aborted) throw new AbortedError(`Stopped ${where}.`, { cause: signal.reason })
}
