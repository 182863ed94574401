// Who answers first: one question to many inputs, and the others called off.
import { AbortedError, AgentScopeError, ConfigError, InputError } from './core/error.ts'
import type { InputRequest } from './core/event.ts'
import { isFields, kindOf } from './core/kind.ts'
import type { Answer, GivenAnswer, Input } from './scope.ts'

/** An answer in one form, whichever way it was written. */
export function given(answer: Answer): GivenAnswer {
  if (typeof answer === 'string' || Array.isArray(answer)) return { content: answer }
  if (!isFields(answer) || !('value' in answer)) {
    throw new InputError(`An input answered with ${kindOf(answer)}.`, {
      advice: 'It may give a string, a list of blocks, or { value, content }.',
    })
  }
  return { content: answer.content ?? JSON.stringify(answer.value), value: answer.value }
}

/**
 * The first answer. An input that fails does not count as long as another still can; one that does not heed its signal
 * holds nobody up, and what it answers later is ignored.
 *
 * @throws ConfigError without inputs; AbortedError when one of the signals fires first; when every input failed, the
 * first typed reason among theirs.
 */
export async function firstAnswer(
  inputs: readonly Input[],
  request: InputRequest,
  signals: readonly (AbortSignal | undefined)[],
): Promise<Answer> {
  if (inputs.length === 0) {
    throw new ConfigError(`${request.name} was asked for input, but nobody can answer: this scope has no inputs.`, {
      advice: 'Give createScope({ inputs: [terminal()] }), or call init(), which brings the terminal along.',
    })
  }
  const over = new AbortController()
  const signal = AbortSignal.any([...signals.filter((each) => each !== undefined), over.signal])
  const { promise: calledOff, reject } = Promise.withResolvers<never>()
  const callOff = () => reject(new AbortedError('The question was called off.', { cause: signal.reason }))
  signal.addEventListener('abort', callOff, { once: true })
  if (signal.aborted) callOff()
  try {
    const asked = signal.aborted ? [] : [Promise.any(inputs.map(async (input) => input.ask(request, signal)))]
    return await Promise.race([calledOff, ...asked])
  } catch (error) {
    throw reasonIn(error)
  } finally {
    over.abort()
  }
}

/** When all gave up, a typed reason says more than the sum of them. */
function reasonIn(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error
  const reasons: unknown[] = error.errors
  return reasons.find((reason) => reason instanceof AgentScopeError) ?? reasons[0]
}
