// A question to a model on an agent's behalf, told to whoever wants to know of it when the answer has ended.
import { infoOf } from '../core/error-info.ts'
import type { CallOptions } from '../models/call-options.ts'
import type { PromptMessage } from '../models/prompt.ts'
import type { ModelResponse } from '../models/response.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import { readSchema, type Schema } from '../schema/index.ts'
import type { ModelInvocation, Scope, Speaker } from '../scope.ts'

export interface Question {
  model: ChatWrapper
  messages: readonly PromptMessage[]
  options: CallOptions
  scope: Scope
  speaker: Speaker
  replyId: string | undefined
}

/** The answer on its way, and how to tell that it has ended. */
export interface Asked {
  response: ModelResponse
  /** To be called once, when the response has been read to its end. */
  ended(): void | Promise<void>
  /** The value of the shape that was asked for. A repair round on the way is told too. Throws as `response.parse` does. */
  value(schema: Schema): Promise<unknown>
}

/** Throws as `model.call` does; that is told too. */
export async function asked(question: Question): Promise<Asked> {
  const { model, messages, options, scope } = question
  const startedAt = new Date()
  const began = performance.now()
  const since = () => performance.now() - began
  try {
    const { budget } = scope
    const response = await model.call(messages, budget === undefined ? options : { ...options, budget })
    return {
      response,
      ended: () => scope.invoked(invocationOf(question, startedAt, since(), response)),
      value: (schema) => valueFrom(question, response, schema),
    }
  } catch (error) {
    await scope.invoked({ ...invocationOf(question, startedAt, since()), error: infoOf(error) })
    throw error
  }
}

async function valueFrom(question: Question, response: ModelResponse, schema: Schema): Promise<unknown> {
  const startedAt = new Date()
  const began = performance.now()
  try {
    return await response.parse(schema)
  } finally {
    for (let again = response.repair; again !== undefined; again = again.repair) {
      await question.scope.invoked(invocationOf(question, startedAt, performance.now() - began, again))
    }
  }
}

function invocationOf(
  question: Question,
  startedAt: Date,
  durationMs: number,
  answer?: ModelResponse,
): ModelInvocation {
  const { model, messages, speaker, replyId } = question
  const { signal: _, structuredModel, budget: __, ...rest } = question.options
  const options = structuredModel === undefined ? rest : { ...rest, structuredModel: asJson(structuredModel) }
  const { modelType, configName, modelName, provider } = model
  const { firstContentMs, durationMs: measuredMs } = answer?.timing ?? {}
  return {
    id: answer?.id ?? crypto.randomUUID(),
    speaker,
    ...(replyId !== undefined && { replyId }),
    model: { modelType, configName, modelName, provider },
    startedAt: startedAt.toISOString(),
    durationMs: measuredMs ?? durationMs,
    ...(firstContentMs !== undefined && { firstContentMs }),
    messages,
    options,
    ...(answer !== undefined && { response: answer.message }),
    ...(answer?.error !== undefined && { error: infoOf(answer.error) }),
  }
}

/** A schema is code; what is told of it is its JSON. */
function asJson(schema: Schema): unknown {
  try {
    return readSchema(schema).json
  } catch {
    return undefined
  }
}
