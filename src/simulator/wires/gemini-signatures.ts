// What Gemini refuses in signatures that come back: since Gemini 3 each step of a turn needs that of its first call.
// https://ai.google.dev/gemini-api/docs/thought-signatures
import { type Asked, refusal } from '../wire.ts'
import { type Fields, recordsIn, stringIn } from './fields.ts'
import { callIn, responseIn } from './gemini-contents.ts'
import { isSigningGemini, signedCall, skipsValidation } from './signed-models.ts'

export function checkSignatures(asked: Asked): void {
  const contents = recordsIn(asked.body['contents'])
  for (const content of contents) for (const part of recordsIn(content['parts'])) checkSignature(part, asked)
  if (!isSigningGemini(asked.model)) return
  const turn = contents.findLastIndex((content) => content['role'] !== 'model' && !answers(content))
  for (const [index, content] of contents.entries()) {
    if (index > turn && content['role'] === 'model') checkStep(content, index)
  }
}

/** A signature that signs another call, or nothing that was ever said here, is none. */
function checkSignature(part: Fields, { issued }: Asked): void {
  const signature = signatureIn(part)
  if (signature === undefined || skipsValidation.includes(signature)) return
  const call = callIn(part)
  if (issued.accepts(signature, call && signedCall(call['name'], call['args']))) return
  throw refusal('Thought signature is not valid.')
}

function checkStep(content: Fields, index: number): void {
  const first = recordsIn(content['parts']).find((part) => callIn(part) !== undefined)
  if (first === undefined || signatureIn(first) !== undefined) return
  throw missingSignature(stringIn(callIn(first)?.['name']), index + 1)
}

export function missingSignature(name: string, position: number) {
  return refusal(
    'Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, ' +
      'and missing thought_signature may lead to degraded model performance. Additional data, function call ' +
      `\`default_api:${name}\`, position ${position}.`,
  )
}

/** Whether the content answers calls; else it is a user's word, which begins a turn. */
function answers(content: Fields): boolean {
  return recordsIn(content['parts']).some((part) => responseIn(part) !== undefined)
}

function signatureIn(part: Fields): string | undefined {
  const signature = part['thoughtSignature'] ?? part['thought_signature']
  return typeof signature === 'string' && signature !== '' ? signature : undefined
}
