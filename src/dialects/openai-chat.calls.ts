// One entry of `tool_calls` on OpenAI's wire, as a fragment that the assembler takes.
import type { ToolCallFragment } from './tool-calls.ts'
import { type Fields, fieldsOf, placeIn, textIn } from './values.ts'

/** A call of a kind that is not ours to run or that nobody knows: no function, but a type of its own. */
export function isForeign(call: Fields): boolean {
  const { type, function: called, name, arguments: input } = call
  if (called !== undefined || name !== undefined || input !== undefined) return false
  return textIn(type) !== undefined && type !== 'function'
}

export function fragmentOf(call: Fields, called: Fields): ToolCallFragment {
  return {
    index: placeIn(call['index']),
    id: textIn(call['id']),
    name: textIn(called['name']),
    input: called['arguments'],
    signature: signatureOf(call, called),
  }
}

/** Gemini's signature of a call, as Google's own compatible endpoint and as LiteLLM hand it on. */
function signatureOf(call: Fields, called: Fields): string | undefined {
  const { extra_content: extra, provider_specific_fields: specific } = call
  if (extra === undefined && specific === undefined && called['provider_specific_fields'] === undefined)
    return undefined
  return (
    textIn(fieldsOf(fieldsOf(extra)['google'])['thought_signature']) ??
    textIn(fieldsOf(specific)['thought_signature']) ??
    textIn(fieldsOf(called['provider_specific_fields'])['thought_signature'])
  )
}
