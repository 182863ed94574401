// A conversation told again in short by a model, and the one message that takes its place.
import { ProviderError } from '../core/error.ts'
import { Msg } from '../core/message.ts'
import type { Usage } from '../core/usage.ts'
import type { ChatWrapper } from '../models/wrapper.ts'
import type { RecallContext } from './memory.ts'
import { transcriptOf } from './transcript.ts'

/** What a model is told to do with the conversation that follows. */
export const defaultInstruction = [
  'You keep the memory of an agent. What you are given is the older part of its conversation, which it will no longer see.',
  'Write down what it needs to go on: who takes part, what was asked and is still open (requests and limits in their own',
  'words), facts, names, numbers, files and addresses, what was decided and why, which tools were called with what outcome,',
  'and what did not work. If the conversation begins with an earlier summary, take over all of it that still matters.',
  'Use the language of the conversation. Answer with the summary alone, and do not carry on the conversation.',
].join('\n')

export interface SummaryRequest {
  model: ChatWrapper
  messages: readonly Msg[]
  instruction: string
  /** How many tokens of the conversation the model is given at once. */
  portionTokens: number
  signal: AbortSignal | undefined
  ask: RecallContext['ask'] | undefined
}

export interface Summary {
  message: Msg
  /** What the provider counted for making it, in all its portions. */
  usage: { inputTokens: number; outputTokens: number }
}

/**
 * Asks a model for a summary and makes it a message. It has the role `user`, which every wire takes anywhere, the name
 * `summary`, and in `metadata.summaryOf` the ids of the messages whose place it takes.
 *
 * @throws the typed error of the call; ProviderError when the answer is empty or not whole.
 */
export async function summaryOf(request: SummaryRequest): Promise<Summary> {
  const { messages, portionTokens } = request
  const usage = { inputTokens: 0, outputTokens: 0 }
  let text = ''
  for (const portion of transcriptOf(messages, portionTokens)) {
    const answer = await answerOf(text === '' ? portion : `${heading}\n${text}\n\n${portion}`, request)
    text = answer.text
    usage.inputTokens += answer.usage?.inputTokens ?? 0
    usage.outputTokens += answer.usage?.outputTokens ?? 0
  }
  const metadata = { summaryOf: messages.map(({ id }) => id) }
  return { message: new Msg('summary', `${heading}\n${text}`, 'user', { metadata }), usage }
}

const heading = 'Summary of the conversation so far:'

async function answerOf(told: string, request: SummaryRequest): Promise<{ text: string; usage: Usage | undefined }> {
  const { model, instruction, signal, ask } = request
  const task = [new Msg('system', instruction, 'system'), new Msg('user', told, 'user')]
  const response = await (ask?.(model, task) ?? model.call(task, signal === undefined ? {} : { signal }))
  const text = (await response.getText()).trim()
  const reason = response.ending?.reason
  if (text !== '' && (reason === 'stop' || reason === 'unknown')) return { text, usage: response.usage }
  const what = text === '' ? 'is empty' : 'is not whole'
  throw new ProviderError(`The summary of ${model.modelName} ${what} (it ended with ${reason}).`, {
    provider: model.provider,
    advice: 'Give compression a model that can write longer answers, or compress earlier (a lower triggerTokens).',
  })
}

/** Whether it is a message that `summaryOf` made. */
export function isSummary({ metadata }: Msg): boolean {
  return Array.isArray(metadata?.['summaryOf'])
}
