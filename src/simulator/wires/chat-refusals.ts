// How OpenAI words what is missing or wrong in a request.
import { refusal } from '../wire.ts'
import { kindOf } from './fields.ts'

export const code = {
  missing: 'missing_required_parameter',
  type: 'invalid_type',
  value: 'invalid_value',
  empty: 'empty_array',
}

export function missing(param: string) {
  return refusal(`Missing required parameter: '${param}'.`, { param, code: code.missing })
}

export function wrongType(param: string, expected: string, value: unknown) {
  return refusal(`Invalid type for '${param}': expected ${expected}, but got ${kindOf(value)} instead.`, {
    param,
    code: code.type,
  })
}
