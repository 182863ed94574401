// One question to a model as its file in `invoke/`; AgentScope: `save_api_invoke`.
import { fileName, timeStamp } from '../core/run-name.ts'
import type { ModelInvocation } from '../scope.ts'

/** `model_openai_chat_20261122-110811_<id>.json`, by the local time at which the model was asked. */
export function invocationFile({ id, model, startedAt }: ModelInvocation): string {
  return `model_${fileName(model.modelType)}_${timeStamp(new Date(startedAt))}_${fileName(id)}.json`
}

/** AgentScope's fields in camelCase, and what it did not keep: who asked, how long it took, and how it failed. */
export function invocationRecord(invocation: ModelInvocation): Record<string, unknown> {
  const { id, speaker, replyId, model, startedAt, firstContentMs, messages, options } = invocation
  const { usage, ...response } = invocation.response ?? {}
  return {
    id,
    ...model,
    speaker,
    replyId,
    timestamp: startedAt,
    durationMs: Math.round(invocation.durationMs),
    firstContentMs: firstContentMs && Math.round(firstContentMs),
    arguments: { model: model.modelName, messages, ...options },
    response: invocation.response === undefined ? undefined : response,
    usage,
    error: invocation.error,
  }
}
