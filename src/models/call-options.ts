// What a call may say beside its messages, and what of it goes to the provider.
import { InputError } from '../core/error.ts'
import { isPlainObject, kindOf } from '../core/kind.ts'
import { camelCase } from '../core/spelling.ts'
import type { ToolChoice } from '../core/tool.ts'
import type { Schema } from '../schema/index.ts'
import { isAfterBreakOption } from './after-break.ts'
import type { Budget, BudgetOptions } from './budget.ts'
import { count } from './option-kinds.ts'
import type { OwnOption } from './options.ts'

/** What one call may say beside its messages. Everything else is a generation option and goes to the provider as it is. */
export interface CallOptions {
  /** Overrides the wrapper's, both ways. */
  stream?: boolean | undefined
  /** Tools as `{ name, description, parameters }`, or in OpenAI's, Anthropic's or AgentScope's form. */
  tools?: unknown
  toolChoice?: ToolChoice | undefined
  /** The same, as AgentScope spells it. */
  tool_choice?: ToolChoice | undefined
  signal?: AbortSignal | undefined
  /** The shape of the answer (Standard Schema or JSON Schema): the provider is asked for it, `response.parse()` gives it. */
  structuredModel?: Schema | undefined
  /** How often `response.parse()` asks once more when the value does not fit. Default: the wrapper's. */
  repairRounds?: number | undefined
  /** As the wrapper's options of the same names. A budget counts beside the wrapper's own. */
  continueAfterBreak?: boolean | number | undefined
  hedgeAfterMs?: number | undefined
  budget?: Budget | BudgetOptions | undefined
  /** Generation options for this call; they go over the wrapper's. */
  generateArgs?: Record<string, unknown> | undefined
  [generation: string]: unknown
}

type Options = Record<string, unknown>

/** Options of a wrapper, and AgentScope's arguments without effect: in a call they would travel in the request's body. */
const notOfACall = new Set(
  `apiKey baseUrl apiBase host headers fetch clocks maxRetries configName modelName clientArgs clientKwargs organization
  onBrokenFrame maxReplyBytes structuredOutput thinkTags useOpenaiFormatter parseFunc faultHandler fallbacks prefill`.split(
    /\s+/,
  ),
)
/** Options that a wrapper spells in its own way, and the wire's name for them. */
const spelled: Partial<Record<OwnOption, string>> = { maxTokens: 'max_tokens', keepAlive: 'keep_alive' }

/**
 * The call's generation options over the wrapper's. Those that are options of options (`nested`) are merged one level
 * deeper; what is `undefined` is left out.
 *
 * @throws InputError for an option that belongs to the wrapper: a key would otherwise be sent in the request's body.
 */
export function generationOptions(
  provider: string,
  ours: Options,
  options: CallOptions,
  { nested = [], own = [] }: { nested?: readonly string[] | undefined; own?: readonly OwnOption[] | undefined },
): Options {
  const { stream, tools, toolChoice, tool_choice, signal, ...rest } = options
  const { structuredModel, repairRounds, generateArgs, generate_args, ...generation } = rest
  const theirs: Options = {}
  for (const source of [generate_args, generateArgs, generation]) {
    for (const [name, value] of Object.entries(source ?? {})) {
      if (value === undefined || (source === generation && isAfterBreakOption(camelCase(name)))) continue
      if (notOfACall.has(camelCase(name))) throw misplaced(provider, name)
      theirs[own.includes(name as OwnOption) ? (spelled[name as OwnOption] ?? name) : name] = value
    }
  }
  const all = { ...ours, ...theirs }
  for (const name of nested) {
    const [under, over] = [ours[name], theirs[name]]
    if (isPlainObject(under) && isPlainObject(over)) all[name] = { ...under, ...over }
  }
  return all
}

/** @throws InputError for what is no options object, or holds a `stream`, `signal` or `repairRounds` of the wrong kind. */
export function checkCallOptions(provider: string, options: unknown): void {
  if (!isPlainObject(options)) {
    throw new InputError(`${provider}: the options of a call must be an object, got ${kindOf(options)}.`, { provider })
  }
  const { stream, signal, repairRounds } = options
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    throw new InputError(`${provider}: stream must be true, false or undefined, got ${kindOf(stream)}.`, { provider })
  }
  if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal)) {
    throw new InputError(`${provider}: signal must be an AbortSignal, got ${kindOf(signal)}.`, { provider })
  }
  if (repairRounds !== undefined && !count.is(repairRounds)) {
    const got = kindOf(repairRounds)
    throw new InputError(`${provider}: repairRounds must be ${count.expected}, got ${got}.`, { provider })
  }
}

function misplaced(provider: string, name: string): InputError {
  return new InputError(`${provider}: ${name} is no option of a call; it would be sent in the request.`, {
    provider,
    advice: `Give ${name} to the wrapper's constructor. A call takes stream, tools, toolChoice, signal and generation options.`,
  })
}
