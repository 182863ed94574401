// Which model to talk to, when the command line does not say: a numbered list in a terminal, the first one in a pipe.
import { AgentScopeError } from '../core/error.ts'
import { readerOf } from '../terminal/prompt.ts'
import type { ChatModels } from './chat-models.ts'
import { complain, describeError, isUsageError, print, UsageError } from './command.ts'
import { simulatedModel, type UsableModel } from './usable-models.ts'

/** Opens what the person chooses. @throws AbortedError when the input ends. */
export async function chooseModel(models: ChatModels): Promise<void> {
  const list = await models.list()
  print(`Which model?\n${listed(list)}\nA number, or any provider/model; nothing means 1.`)
  for (;;) {
    const answer = await readerOf(process.stdin).read('Model: ', new AbortController().signal, {
      output: process.stdout,
      editing: false,
    })
    if (await tryToOpen(models, answer.trim(), list)) return
  }
}

/** Opens the first that can be used; a chat with a simulated one is not begun in silence. */
export async function takeFirst(models: ChatModels): Promise<void> {
  const [first = simulatedModel] = await models.list()
  if (first === simulatedModel) {
    complain('No key and no Ollama found: the model is simulated. Give --model <provider/model> for another.')
  }
  await models.open(first.name)
}

/** The list, numbered from 1. */
export function listed(list: readonly UsableModel[], current?: string): string {
  const width = Math.max(...list.map(({ name }) => name.length))
  const mark = (name: string) => (current === undefined ? '' : name === current ? '* ' : '  ')
  return list
    .map(({ name, found }, index) => `${`${index + 1}`.padStart(3)}  ${mark(name)}${name.padEnd(width)}  ${found}`)
    .join('\n')
}

/** By its number, or the name itself. @throws UsageError for a number that is not in the list. */
export function nameFor(answer: string, list: readonly UsableModel[]): string {
  if (answer === '') return list[0]?.name ?? simulatedModel.name
  if (!/^\d+$/.test(answer)) return answer
  const model = list[Number(answer) - 1]
  if (model === undefined) throw new UsageError(`There is no model number ${answer}; there are 1 to ${list.length}.`)
  return model.name
}

async function tryToOpen(models: ChatModels, answer: string, list: readonly UsableModel[]): Promise<boolean> {
  try {
    await models.open(nameFor(answer, list))
    return true
  } catch (error) {
    if (!(error instanceof AgentScopeError || isUsageError(error))) throw error
    complain(describeError(error))
    return false
  }
}
