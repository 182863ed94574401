// How full a call's context window was: input tokens of those that the model takes in.
import { ofModel } from './of-model.ts'

/** Tokens by model name, with `*` at the end as in the prices. */
export type Windows = Readonly<Record<string, number>>

export interface ContextFill {
  inputTokens: number | undefined
  /** Tokens that the model takes in. */
  window: number | undefined
  /** From 0 to 1, above 1 when the window was given too small; absent as soon as one of the two is not known. */
  share: number | undefined
}

export function contextFill(call: { model?: string; inputTokens?: number }, windows: Windows): ContextFill {
  const window = ofModel(call.model, windows)
  const { inputTokens } = call
  const isKnown = window !== undefined && window > 0 && inputTokens !== undefined
  return { inputTokens, window, share: isKnown ? inputTokens / window : undefined }
}
