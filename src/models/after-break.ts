// What a wrapper does when a reply breaks, fails or is late, and what may be spent: the options, read and checked.
import { ConfigError } from '../core/error.ts'
import { wordOrKind } from '../core/kind.ts'
import { Budget } from './budget.ts'
import type { CallOptions } from './call-options.ts'
import * as kind from './option-kinds.ts'
import type { OptionReader } from './option-reader.ts'
import type { OptionContext } from './options.ts'
import type { ChatWrapper } from './wrapper.ts'

/** So often a broken answer is gone on with when `continueAfterBreak` is just `true`. */
const usualAttempts = 2

/** All absent or 0: then a reply is one request, and nothing stands between it and its response. */
export interface AfterBreak {
  /** How often the same model is asked to go on. */
  continueAttempts: number
  /** The models that stand in, in order; each is found when it is needed. */
  fallbacks: readonly (() => ChatWrapper)[]
  hedgeAfterMs: number | undefined
  budgets: readonly Budget[]
}

/** `undefined` when none of the options was written. @throws ConfigError for one that is not what it should be. */
export function readAfterBreak(
  options: OptionReader,
  provider: string,
  context: OptionContext,
): AfterBreak | undefined {
  const budget = ownBudget(options, provider, context)
  const read: AfterBreak = {
    continueAttempts: attemptsIn(options.read('continueAfterBreak', kind.attempts)),
    fallbacks: (options.read('fallbacks', kind.list) ?? []).map((each) => fallback(each, provider, context)),
    hedgeAfterMs: options.read('hedgeAfterMs', kind.duration),
    budgets: budget === undefined ? [] : [budgetOf(budget)],
  }
  return isNothing(read) ? undefined : read
}

/** A number is AgentScope's, for a monitor that is not there. */
function ownBudget(options: OptionReader, provider: string, { warn }: OptionContext): object | undefined {
  const written = options.reading('budget', kind.objectOrNumber)
  if (typeof written?.value !== 'number') return written?.value
  warn?.(`${provider}: the option ${written.where} has no effect.`)
  return undefined
}

const ofACall = ['continueAfterBreak', 'hedgeAfterMs', 'budget']

/** Whether an option is read here, and goes to no provider. */
export function isAfterBreakOption(name: string): boolean {
  return ofACall.includes(name)
}

/** Whether a call says anything of it. */
export function isOwnWay({
  continueAfterBreak,
  continue_after_break,
  hedgeAfterMs,
  hedge_after_ms,
  budget,
}: CallOptions) {
  const written = continueAfterBreak ?? continue_after_break ?? hedgeAfterMs ?? hedge_after_ms ?? budget
  return written !== undefined && written !== null
}

/** A budget as it was given: one that others share, or the limits of a new one. Throws `ConfigError` as `Budget` does. */
export function budgetOf(given: object): Budget {
  return given instanceof Budget ? given : new Budget(given)
}

/** Whether there is nothing to do. */
export function isNothing({ continueAttempts, fallbacks, hedgeAfterMs, budgets }: AfterBreak): boolean {
  const never = hedgeAfterMs === undefined || hedgeAfterMs === Number.POSITIVE_INFINITY
  return continueAttempts === 0 && fallbacks.length === 0 && never && budgets.length === 0
}

/** `true` is the usual number. */
export function attemptsIn(written: boolean | number | undefined): number {
  if (written === true) return usualAttempts
  return typeof written === 'number' ? written : 0
}

function fallback(given: unknown, provider: string, { model }: OptionContext): () => ChatWrapper {
  if (typeof given === 'object' && given !== null && 'call' in given && 'format' in given) {
    return () => given as ChatWrapper
  }
  if (typeof given !== 'string' || given.trim() === '') {
    throw new ConfigError(
      `${provider}: fallbacks must list configuration names or wrappers, got ${wordOrKind(given)}.`,
      {
        provider,
        advice: "Write fallbacks: ['my-other-model'].",
      },
    )
  }
  if (model !== undefined) return () => model(given)
  throw new ConfigError(
    `${provider}: fallbacks names ${JSON.stringify(given)}, but this wrapper knows no configurations.`,
    {
      provider,
      advice: 'Give the wrapper itself: fallbacks: [new OpenAIChatWrapper({ ... })], or make both from configurations.',
    },
  )
}
