// Warnings for options that have no effect: a typing error, a generation option in the wrong place, a foreign option.
import { camelCase, nearest } from '../core/spelling.ts'

const sharedNames = [
  'configName',
  'modelName',
  'apiKey',
  'baseUrl',
  'apiBase',
  'stream',
  'generateArgs',
  'maxRetries',
  'clocks',
  'fetch',
  'headers',
  'onBrokenFrame',
  'maxReplyBytes',
  'structuredOutput',
  'repairRounds',
  'continueAfterBreak',
  'fallbacks',
  'hedgeAfterMs',
  'budget',
  'prefill',
  'clientArgs',
  'clientKwargs',
] as const

/** Words that every provider's reference has among its generation options. */
const generationNames = new Set(
  [
    'temperature top_p top_k min_p typical_p max_tokens max_completion_tokens max_output_tokens num_predict num_ctx',
    'stop stop_sequences seed n presence_penalty frequency_penalty repetition_penalty repeat_penalty logit_bias',
    'logprobs top_logprobs response_format result_format format reasoning reasoning_effort thinking thinking_config',
    'enable_thinking thinking_budget think enable_search tools tool_choice parallel_tool_calls stream_options user',
    'metadata service_tier safety_settings system_instruction generation_config extra_body extra_headers options',
  ]
    .join(' ')
    .split(' ')
    .map(camelCase),
)

/** One warning for each option that nobody asked for: what it is probably meant to be, and where it belongs. */
export function warnOfUnread(
  provider: string,
  unread: readonly { as: string; name: string }[],
  ownNames: readonly string[],
  warn: (message: string) => void,
): void {
  for (const { as, name } of unread) warn(`${provider}: the option ${as} has no effect.${hint(as, name, ownNames)}`)
}

function hint(as: string, name: string, ownNames: readonly string[]): string {
  if (as.includes('.')) return ''
  if (generationNames.has(name)) return ` It is a generation option: write generateArgs: { ${as}: ... }.`
  const meant = nearest(name, [...sharedNames, ...ownNames])
  return meant === undefined ? '' : ` Did you mean ${meant}?`
}
