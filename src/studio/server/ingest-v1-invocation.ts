// `pushModelInvocation` of AgentScope v0.1.6 as a record of ours: which model was asked what, and what it said.
import { type Fields, fieldsOf, listOf, textIn } from '../../core/kind.ts'
import type { Msg } from '../../core/message.ts'
import { usageOf } from '../../core/usage.ts'
import type { ModelInvocation } from '../../scope.ts'
import { idIn } from './ingest-v1-input.ts'

/** v0.1.6 tells neither who asked nor how long it took: the speaker is unknown, the duration 0, and it began now. */
export function readInvocation(body: Fields, now: number): ModelInvocation {
  const id = idIn(body, 'id')
  const { messages, ...options } = fieldsOf(body.arguments)
  return {
    id,
    speaker: { name: 'unknown', id: 'unknown' },
    model: {
      modelType: textIn(body.modelType) ?? 'unknown',
      configName: textIn(body.configName) ?? '',
      modelName: textIn(body.modelName) ?? 'unknown',
      provider: 'unknown',
    },
    startedAt: new Date(now).toISOString(),
    durationMs: 0,
    messages: listOf(messages),
    options,
    response: responseOf(id, body),
  }
}

/** The response stays as the provider wrote it; its text is looked for where OpenAI's and DashScope's have it. */
function responseOf(id: string, body: Fields): Msg {
  const response = fieldsOf(body.response)
  const choices = [listOf(response.choices)[0], listOf(fieldsOf(response.output).choices)[0]]
  const said = choices.map((choice) => fieldsOf(fieldsOf(choice).message).content)
  const text = [...said, fieldsOf(response.output).text, response.text].find((each) => typeof each === 'string')
  return {
    id,
    name: 'unknown',
    role: 'assistant',
    content: textIn(text) ?? '',
    usage: usageIn(body.usage),
    metadata: { response: body.response ?? null },
  }
}

function usageIn(usage: unknown) {
  const outer = fieldsOf(usage)
  const counts = Object.keys(fieldsOf(outer.usage)).length > 0 ? fieldsOf(outer.usage) : outer
  return usageOf(
    {
      inputTokens: counts.prompt_tokens ?? counts.input_tokens,
      outputTokens: counts.completion_tokens ?? counts.output_tokens,
      totalTokens: counts.total_tokens,
    },
    usage ?? null,
  )
}
