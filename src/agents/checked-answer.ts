// A person's answer as the value that was asked for.
import { textOf } from '../core/message.ts'
import type { Checked, ReadSchema } from '../schema/index.ts'
import type { GivenAnswer } from '../scope.ts'

/**
 * Checks what was answered. Words without a value are read as JSON; when that is none, or does not fit, they may be the
 * value themselves.
 */
export async function checkAnswer<Value>(answer: GivenAnswer, schema: ReadSchema<Value>): Promise<Checked<Value>> {
  if (answer.value !== undefined) return schema.check(answer.value)
  const words = textOf(answer) ?? ''
  const value = jsonIn(words)
  const asJson = value === undefined ? undefined : await schema.check(value)
  if (asJson?.ok) return asJson
  const asWords = await schema.check(words)
  return asWords.ok ? asWords : (asJson ?? asWords)
}

function jsonIn(words: string): unknown {
  try {
    return JSON.parse(words)
  } catch {
    return undefined
  }
}
