// Looks whether an answer is what its question asked for, before it is taken: the first one counts, so a wrong one must not.
import { messageOf } from '../../core/error.ts'
import { type Checked, issuesText, type ReadSchema, readSchema } from '../../schema/index.ts'
import type { OpenRequest, PersonsAnswer } from './answers.ts'

/**
 * What is wrong with it, field by field (`guests: ...; days[2]: ...`); `undefined` when it fits, or there is nothing to
 * check it by: a question without a schema, an approval, a schema that nobody can read.
 */
export async function answerProblem(
  { request }: Pick<OpenRequest, 'request'>,
  answer: PersonsAnswer,
): Promise<string | undefined> {
  if (request.schema === undefined || request.approval !== undefined) return undefined
  try {
    const checked = await checkedBy(readSchema(request.schema), answer)
    return checked.ok ? undefined : issuesText(checked.issues)
  } catch (error) {
    process.emitWarning(
      `Studio cannot check the answers to ${request.id}: ${messageOf(error)} The program has to.`,
      'AgentScopeWarning',
    )
    return undefined
  }
}

/** Words without a value may be JSON, or the value themselves: so the program reads them too. */
async function checkedBy(schema: ReadSchema, { content = '', value }: PersonsAnswer): Promise<Checked<unknown>> {
  if (value !== undefined) return schema.check(value)
  const asWords = await schema.check(content)
  if (asWords.ok) return asWords
  const json = jsonIn(content)
  return json === undefined ? asWords : schema.check(json)
}

function jsonIn(words: string): unknown {
  try {
    return JSON.parse(words)
  } catch {
    return undefined
  }
}
