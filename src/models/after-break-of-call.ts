// What one call says about a reply that breaks, is late or costs: over what its wrapper was told.
import { ConfigError, InputError } from '../core/error.ts'
import { type AfterBreak, attemptsIn, budgetOf, isNothing } from './after-break.ts'
import type { CallOptions } from './call-options.ts'
import * as kind from './option-kinds.ts'
import { OptionReader } from './option-reader.ts'

/**
 * The wrapper's choices with the call's over them; budgets of both count. `undefined` when there is nothing to do.
 *
 * @throws InputError for an option of the wrong kind.
 */
export function afterBreakOf(
  provider: string,
  ours: AfterBreak | undefined,
  { continueAfterBreak, continue_after_break, hedgeAfterMs, hedge_after_ms, budget }: CallOptions,
): AfterBreak | undefined {
  const attempts = continueAfterBreak ?? continue_after_break ?? undefined
  const hedge = hedgeAfterMs ?? hedge_after_ms ?? undefined
  const reader = inCall(provider, () => {
    const written = new OptionReader(provider, { continueAfterBreak: attempts, hedgeAfterMs: hedge, budget })
    const own = written.read('budget', kind.object)
    return {
      attempts: written.read('continueAfterBreak', kind.attempts),
      hedgeAfterMs: written.read('hedgeAfterMs', kind.duration),
      budgets: own === undefined ? [] : [budgetOf(own)],
    }
  })
  const both: AfterBreak = {
    continueAttempts: reader.attempts === undefined ? (ours?.continueAttempts ?? 0) : attemptsIn(reader.attempts),
    fallbacks: ours?.fallbacks ?? [],
    hedgeAfterMs: reader.hedgeAfterMs ?? ours?.hedgeAfterMs,
    budgets: [...new Set([...(ours?.budgets ?? []), ...reader.budgets])],
  }
  return isNothing(both) ? undefined : both
}

function inCall<Value>(provider: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const options = error.advice === undefined ? {} : { advice: error.advice }
    throw new InputError(error.message, { provider, ...options })
  }
}
