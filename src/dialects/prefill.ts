// How a server is made to go on with the beginning of an answer, where it can: what the assistant's last words carry.
import { type Fields, fieldsOf, isFields } from './values.ts'

/**
 * `plain`: a trailing assistant message is continued as it stands. `partial`, `prefix`: it carries that mark.
 * `continue-final-message`: the request does. `none`: the server refuses such an ending.
 */
export type PrefillWay = 'plain' | 'partial' | 'prefix' | 'continue-final-message' | 'none'

/** What a provider's servers can do. Part of the accent, so that families of models may differ. */
export interface PrefillAccent {
  /** Default `none`. */
  prefill?: PrefillWay
}

/** What the way puts into the message and into the request. */
export interface PrefillMarks {
  message: Fields
  request: Fields
}

export const prefillMarks: Readonly<Record<Exclude<PrefillWay, 'none'>, PrefillMarks>> = {
  plain: { message: {}, request: {} },
  partial: { message: { partial: true }, request: {} },
  prefix: { message: { prefix: true }, request: {} },
  'continue-final-message': {
    message: {},
    request: { continue_final_message: true, add_generation_prompt: false },
  },
}

/** Options that switch thinking on or hold the answer to a form: with them no server takes the beginning of an answer. */
const excluding =
  'thinking enable_thinking think reasoning reasoning_effort response_format format output_config'.split(' ')

/** Whether these generation options leave room for the beginning of an answer. */
export function allowsPrefill(extras: Readonly<Fields>): boolean {
  const all = { ...extras, ...fieldsOf(extras['parameters']) }
  return !excluding.some((name) => isOn(all[name]))
}

function isOn(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 'none') return false
  return !(isFields(value) && value['type'] === 'disabled')
}
