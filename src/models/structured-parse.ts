// The value of a response: read to the end, found, checked, and asked for once more when that was wished.

import { StructuredOutputError } from '../core/error.ts'
import type { Msg } from '../core/message.ts'
import { answerTool } from '../core/tool.ts'
import type { Schema, ValueOf } from '../schema/index.ts'
import type { PromptMessage } from './prompt.ts'
import type { ModelResponse } from './response.ts'
import type { AnswerContext } from './structured.ts'
import { openingOf, readModel } from './structured-model.ts'
import { StructuredReader } from './structured-reader.ts'
import { checkedValue, mayRepair } from './structured-value.ts'
import { complaint } from './structured-words.ts'

/**
 * The checked value. `repaired` is told of the response to each further question.
 *
 * @throws the error of a reply that broke or was stopped; StructuredOutputError, that of the last answer.
 */
export async function parseAnswer<S extends Schema>(
  response: ModelResponse,
  schema: S,
  context: AnswerContext,
  repaired: (response: ModelResponse) => void,
): Promise<ValueOf<S>> {
  await response.getText()
  const model = await readModel(schema)
  const { structured } = context
  const wrapped = structured?.wrapped === true
  const opens = openingOf(model.json, wrapped)
  const reader = new StructuredReader({ inTool: structured !== undefined, wrapped, opens }).read(response.message)
  try {
    return await checkedValue(response, reader, model, context)
  } catch (error) {
    const again = error instanceof StructuredOutputError && context.repairRounds > 0 && mayRepair(response)
    if (!again) throw error
    const next = await context.again(
      reply(response.message, complaint(error.message.replace(`${context.provider}: `, '')), reader.inTool),
      schema,
    )
    repaired(next)
    return await next.parse(schema).catch((reason: unknown) => {
      if (reason instanceof StructuredOutputError) reason.cause ??= error
      throw reason
    })
  }
}

/** The model's own answer, and what was wrong with it: as the result of its call, or as a word of the user's. */
function reply(message: Msg, words: string, inTool: boolean): PromptMessage[] {
  const call =
    typeof message.content === 'string'
      ? undefined
      : message.content.find((block) => block.type === 'tool_use' && block.name === answerTool)
  if (!inTool || call?.type !== 'tool_use') return [message, { role: 'user', content: words }]
  const result = { type: 'tool_result', id: call.id, name: answerTool, output: words, isError: true } as const
  return [message, { id: crypto.randomUUID(), name: 'system', role: 'system', content: [result] }]
}
