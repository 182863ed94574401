// From an answer that has ended to the value that was asked for, or to the error that says why there is none.

import { StructuredOutputError, type ValueIssue } from '../core/error.ts'
import { parseRepaired } from '../core/json.ts'
import { redact, redactJson } from '../core/redact.ts'
import { answerTool } from '../core/tool.ts'
import type { ModelResponse } from './response.ts'
import type { AnswerContext } from './structured.ts'
import { type Model, unwrapped } from './structured-model.ts'
import type { StructuredReader } from './structured-reader.ts'

/** How many characters of an answer an error shows. */
const shownCharacters = 500

/** @throws StructuredOutputError that says whether it was refused, cut off, no JSON, or what does not fit and where. */
export async function checkedValue<Value>(
  response: ModelResponse,
  reader: StructuredReader,
  model: Model<Value>,
  context: AnswerContext,
): Promise<Value> {
  const found = foundIn(response, reader, context)
  if (found === undefined) throw failed(whyNone(response, reader), response, context, { partialValue: reader.value })
  const checked = await model.check(found.value)
  if (checked.ok) return checked.value
  const issues = checked.issues.map(({ path, message }) => ({ path, message: redact(message, context.secrets) }))
  const problem = { what: `The answer does not fit the schema: ${model.inWords(issues).replace(/\.$/, '')}.` }
  throw failed(problem, response, context, { issues, partialValue: found.value })
}

/** Whether another try may help: not after a refusal, a limit, or a call of other tools, which wait for their results. */
export function mayRepair(response: ModelResponse): boolean {
  return !isRefused(response) && !isCut(response) && !response.toolCalls.some(({ name }) => name !== answerTool)
}

/** The value once it is proved whole. A bare `12` at a limit might have become 123. */
function foundIn(
  response: ModelResponse,
  reader: StructuredReader,
  context: AnswerContext,
): { value: unknown } | undefined {
  if (reader.inTool) {
    const call = response.toolCalls.find(({ name }) => name === answerTool)
    if (call?.input === undefined) return undefined
    return { value: unwrapped(call.input, context.structured?.wrapped === true) }
  }
  if (reader.whole) return { value: reader.value }
  if (isCut(response) || reader.value !== undefined) return undefined
  const value = parseRepaired((response.text ?? '').trim())
  return value === undefined ? undefined : { value }
}

interface Problem {
  what: string
  advice?: string
}

function whyNone(response: ModelResponse, reader: StructuredReader): Problem {
  if (isRefused(response))
    return { what: `The model refused to answer${response.refusal ? `: ${response.refusal}` : '.'}` }
  if (isCut(response)) return whyCut(response)
  const others = response.toolCalls.map(({ name }) => name).filter((name) => name !== answerTool)
  if (others.length > 0) {
    const advice = 'Run the tools, and ask again with their results.'
    return { what: `The model called ${others.join(', ')} and gave no value yet.`, advice }
  }
  const advice = 'Ask again, or set repairRounds: 1.'
  if (reader.value !== undefined) return { what: 'The answer ends before its JSON is whole.', advice }
  if (reader.failure !== undefined) return { what: `The answer holds no valid JSON: ${reader.failure}`, advice }
  return { what: 'The answer holds no JSON.', advice }
}

function whyCut({ ending }: ModelResponse): Problem {
  if (ending?.reason === 'length') {
    const advice = 'Let the model write more tokens (max_tokens), or ask for less at once.'
    return { what: 'The answer was cut off at the token limit before its JSON was whole.', advice }
  }
  if (ending?.reason === 'content-filter') return { what: "The answer was cut off by the provider's content filter." }
  return { what: `The answer was cut off before its JSON was whole (${ending?.reason ?? 'no end'}).` }
}

function isRefused({ refusal, ending }: ModelResponse): boolean {
  return refusal !== null || ending?.reason === 'refusal'
}

function isCut({ ending }: ModelResponse): boolean {
  return ending?.complete !== true || ending.reason === 'length' || ending.reason === 'content-filter'
}

function failed(
  { what, advice }: Problem,
  response: ModelResponse,
  { provider, secrets }: AnswerContext,
  details: { issues?: ValueIssue[]; partialValue?: unknown },
): StructuredOutputError {
  const { requestId, text, toolCalls } = response
  const said = redact(toolCalls.find(({ name }) => name === answerTool)?.rawInput ?? text ?? '', secrets)
  return new StructuredOutputError(redact(`${provider}: ${what}`, secrets), {
    provider,
    ...(advice !== undefined && { advice }),
    ...(requestId !== undefined && { requestId }),
    ...(said !== '' && { partialText: said, received: said.slice(0, shownCharacters) }),
    ...details,
    partialValue: redactJson(details.partialValue, secrets),
  })
}
