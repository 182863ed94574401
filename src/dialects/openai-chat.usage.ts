// The counters of OpenAI's wire, and the names that its relatives give them.
import { type Usage, usageOf } from '../core/usage.ts'
import { type Fields, fieldsOf } from './values.ts'

/** Input includes cached tokens on this wire, and output includes reasoning (but see `outputIn`). */
export function openAIUsage(usage: Fields): Usage {
  const prompt = fieldsOf(usage['prompt_tokens_details'] ?? usage['input_tokens_details'])
  const completion = fieldsOf(usage['completion_tokens_details'] ?? usage['output_tokens_details'])
  const inputTokens = usage['prompt_tokens'] ?? usage['input_tokens']
  const reasoningTokens = completion['reasoning_tokens'] ?? usage['reasoning_tokens']
  const output = usage['completion_tokens'] ?? usage['output_tokens']
  return usageOf(
    {
      inputTokens,
      outputTokens: outputIn(inputTokens, output, reasoningTokens, usage['total_tokens']),
      totalTokens: usage['total_tokens'],
      cachedInputTokens: prompt['cached_tokens'] ?? usage['cached_tokens'] ?? usage['prompt_cache_hit_tokens'],
      cacheWriteInputTokens:
        prompt['cache_creation_tokens'] ?? prompt['cache_write_tokens'] ?? usage['cache_creation_input_tokens'],
      reasoningTokens,
    },
    usage,
  )
}

/** xAI counts reasoning beside the completion: its total shows it. */
function outputIn(input: unknown, output: unknown, reasoning: unknown, total: unknown): unknown {
  if (typeof reasoning !== 'number' || reasoning <= 0 || typeof output !== 'number') return output
  return total === Number(input) + output + reasoning ? output + reasoning : output
}
