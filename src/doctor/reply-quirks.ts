// What replies of several wires have in common: errors inside them, reasoning between tags, finish reasons in use.
import { type Fields, isFields } from '../core/kind.ts'
import type { Note } from './quirk.ts'

/** OpenAI's finish reasons, and those of others that our wrappers know. */
export const knownFinishes: ReadonlySet<string> = new Set([
  ...['stop', 'length', 'tool_calls', 'content_filter', 'function_call', 'refusal', 'error'],
  ...['end_turn', 'eos', 'eos_token', 'stop_sequence', 'max_tokens', 'model_length', 'tool_use'],
  ...['guardrail_intervened', 'insufficient_system_resource', 'sensitive', 'network_error'],
  'model_context_window_exceeded',
])

/** Whether the value is an error, which is noted then. */
export function errorQuirk(value: Fields, event: string | undefined, note: Note): boolean {
  const { error } = value
  const isError = (isFields(error) && Object.keys(error).length > 0) || (typeof error === 'string' && error !== '')
  if (event === 'error') note('error-event')
  else if (isError) note('error-in-stream')
  return isError || event === 'error'
}

export function noteThinkTags(text: string, note: Note): void {
  const open = text.indexOf('<think>')
  const close = text.indexOf('</think>')
  if (open >= 0) note('think-tags')
  else if (close >= 0) note('think-tags-opened')
}
