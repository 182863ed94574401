// A value of a given shape as the answer: what a call says about it, and what a response remembers of that. What is done
// with it is loaded when a call or a response is first asked for such a value.
import { InputError } from '../core/error.ts'
import type { AskingDialect } from '../dialects/dialect.ts'
import type { StructuredWay } from '../dialects/structured.ts'
import type { Schema } from '../schema/index.ts'
import type { PromptMessage } from './prompt.ts'
import type { ModelResponse } from './response.ts'
import type { Question } from './structured-request.ts'

/** How one call asked for a value. */
export interface StructuredCall {
  readonly schema: Schema
  readonly way: StructuredWay
  /** The model was told `{ value: ... }`, because the shape is no object and the way takes only objects. */
  readonly wrapped: boolean
}

/** What a response must know to give a value: who answers, how it was asked, and how to ask again. */
export interface AnswerContext {
  readonly provider: string
  /** Values that must appear in no error. */
  readonly secrets: readonly string[]
  readonly structured?: StructuredCall | undefined
  readonly repairRounds: number
  /** Asks the same model the same question, with more said behind it and one repair round less. */
  again(said: readonly PromptMessage[], schema: Schema): Promise<ModelResponse>
}

/** A shape that a call asks for, loaded: it puts itself into the call's question. */
export interface AskedShape {
  /** @throws InputError when the user has a tool of the name that is needed. */
  into(question: Question, asked: Asked): Question
}

/** Who is asked, and the user's own choice of way. */
export interface Asked {
  accent: unknown
  dialect: Pick<AskingDialect<never>, 'schemaSubset' | 'structuredWay'>
  way: StructuredWay | undefined
}

/** @throws InputError when neither the call nor `parse` was given a schema. */
export function schemaFor(schema: Schema | undefined, { provider, structured }: AnswerContext, what: string): Schema {
  const wanted = schema ?? structured?.schema
  if (wanted !== undefined) return wanted
  throw new InputError(`${provider}: ${what} needs a schema, and the call had no structuredModel.`, {
    provider,
    advice: `Write model.call(messages, { structuredModel: schema }), or ${what.replace('()', '(schema)')}.`,
  })
}
