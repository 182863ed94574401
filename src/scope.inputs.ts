// Who answers first: one question to many inputs, and the others called off.
import { AbortedError, AgentScopeError, ConfigError, InputError, TimeoutError } from './core/error.ts'
import type { InputRequest } from './core/event.ts'
import { isFields, kindOf } from './core/kind.ts'
import type { Block } from './core/message.ts'
import { checkMessage } from './core/message-check.ts'
import { until } from './core/until.ts'
import type { Answer, GivenAnswer, Input } from './scope.ts'

/** Why an input was called off: another one answered. */
export class AnsweredElsewhere extends AbortedError {
  readonly answer: GivenAnswer

  constructor(answer: GivenAnswer) {
    super(`The question was answered elsewhere${answer.by === undefined ? '' : ` (${answer.by})`}.`)
    this.answer = answer
  }
}

/** Whoever was asked has left (Ctrl-D at the keyboard): the question is over for everybody. */
export class PersonLeft extends AbortedError {}

/** The answer of one input, and where it was given. */
async function answerOf(input: Input, request: InputRequest, signal: AbortSignal): Promise<GivenAnswer> {
  const answer = given(await input.ask(request, signal))
  return input.place === undefined ? answer : { ...answer, by: input.place }
}

/** An answer in one form, whichever way it was written. Throws InputError for what is none. */
function given(answer: Answer): GivenAnswer {
  if (typeof answer === 'string' || Array.isArray(answer)) return { content: checked(answer) }
  if (!isFields(answer) || !('value' in answer)) {
    throw new InputError(`An input answered with ${kindOf(answer)}.`, {
      advice: 'It may give a string, a list of blocks, or { value, content }.',
    })
  }
  return { content: checked(answer.content ?? JSON.stringify(answer.value) ?? ''), value: answer.value }
}

/** It will be remembered, and no model would take a message with what is no block. */
function checked(content: string | Block[]): string | Block[] {
  checkMessage({ id: '', name: 'an answer', role: 'user', content }, 0)
  return content
}

/**
 * The first answer. An input that fails, or gives what is no answer, does not count as long as another still can; one that
 * does not heed its signal holds nobody up, and what it answers later is ignored. `PersonLeft` ends it for all.
 *
 * @throws ConfigError without inputs; AbortedError when one of the signals fires first; TimeoutError `answer` at the
 * request's `expiresAt`; when every input failed, the
 * first typed reason among theirs.
 */
export async function firstAnswer(
  inputs: readonly Input[],
  request: InputRequest,
  signals: readonly (AbortSignal | undefined)[],
): Promise<GivenAnswer> {
  if (inputs.length === 0) {
    throw new ConfigError(`${request.name} was asked for input, but nobody can answer: this scope has no inputs.`, {
      advice: 'Give createScope({ inputs: [terminal()] }), or call init(), which brings the terminal along.',
    })
  }
  const over = new AbortController()
  const deadline = deadlineOf(request)
  const signal = AbortSignal.any([...signals.filter((each) => each !== undefined), over.signal, deadline.signal])
  const calledOff = () =>
    isUnanswered(signal.reason)
      ? signal.reason
      : new AbortedError('The question was called off.', { cause: signal.reason })
  try {
    if (signal.aborted) throw calledOff()
    const left = Promise.withResolvers<never>()
    const answers = inputs.map(async (input) => {
      try {
        return await answerOf(input, request, signal)
      } catch (error) {
        if (error instanceof PersonLeft) left.reject(error)
        throw error
      }
    })
    const answer = await until(Promise.race([Promise.any(answers), left.promise]), signal, calledOff)
    over.abort(new AnsweredElsewhere(answer))
    return answer
  } catch (error) {
    throw reasonIn(error)
  } finally {
    deadline.end()
    over.abort()
  }
}

/** Nobody answered until the request's `expiresAt`. */
export function isUnanswered(error: unknown): error is TimeoutError {
  return error instanceof TimeoutError && error.clock === 'answer'
}

/** Longer timers fire at once. Milliseconds. */
const longestTimer = 2 ** 31 - 1

/** Fires when the time for an answer is over. `end` must be called when nobody waits any more. */
function deadlineOf({ name, expiresAt }: InputRequest): { signal: AbortSignal; end(): void } {
  const over = new AbortController()
  const afterMs = expiresAt === undefined ? Number.NaN : Date.parse(expiresAt) - Date.now()
  if (Number.isNaN(afterMs) || afterMs > longestTimer) return { signal: over.signal, end: () => undefined }
  const advice = `Nobody answered ${name} in time: ask again, or give more of it (timeoutMs).`
  const expire = () => over.abort(new TimeoutError('answer', Math.max(0, afterMs), { advice }))
  const timer = setTimeout(expire, Math.max(0, afterMs))
  return { signal: over.signal, end: () => clearTimeout(timer) }
}

/** When all gave up, a typed reason says more than the sum of them. */
function reasonIn(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error
  const reasons: unknown[] = error.errors
  return reasons.find((reason) => reason instanceof AgentScopeError) ?? reasons[0]
}
