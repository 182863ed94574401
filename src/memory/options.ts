// What a memory can be told when it is made, checked.
import { ConfigError } from '../core/error.ts'
import { isFields, kindOf } from '../core/kind.ts'
import type { Msg } from '../core/message.ts'
import { didYouMean } from '../core/spelling.ts'
import type { CompressionOptions, CompressionPlan } from './compression.ts'
import { defaultInstruction } from './summary.ts'
import type { TokenCounter } from './tokens.ts'
import type { WindowOptions } from './window.ts'

export interface TemporaryMemoryOptions {
  /** Hands a model only as much as fits. Default: everything. */
  window?: WindowOptions
  /** Summarises older messages. Default: they stay as they are. */
  compression?: CompressionOptions
  /**
   * Counts tokens. Default: `openaiTokens` for the models of OpenAI when `gpt-tokenizer` is installed, else
   * `usageTokens`.
   */
  counter?: TokenCounter
  /** Messages that are neither left out nor summarised, for instance a task. Default: none. */
  keep?: (message: Msg) => boolean
}

/** @throws ConfigError naming the option, what it must be and what it is. */
export function checkedOptions(options: TemporaryMemoryOptions): {
  window: WindowOptions | undefined
  plan: CompressionPlan | undefined
} {
  known('TemporaryMemory', options, ['window', 'compression', 'counter', 'keep'])
  const { window, compression } = options
  if (window !== undefined) {
    known('window', window, ['maxTokens'])
    atLeast('window.maxTokens', window.maxTokens, 1)
  }
  return { window, plan: compression === undefined ? undefined : planOf(compression, window?.maxTokens) }
}

function planOf(compression: CompressionOptions, maxTokens: number | undefined): CompressionPlan {
  known('compression', compression, compressionNames)
  const { model, triggerTokens = maxTokens, instruction = defaultInstruction } = compression
  if (typeof model?.call !== 'function') {
    throw new ConfigError(`compression.model must be a model wrapper, but is ${kindOf(model)}.`, {
      advice: 'Give the model that writes the summaries: { model: new OpenAIChatWrapper({ ... }) }.',
    })
  }
  if (triggerTokens === undefined) {
    throw new ConfigError('compression needs triggerTokens: how heavy a request may be before it is compressed.', {
      advice: 'Write compression: { model, triggerTokens: 100_000 }, or give a window, whose maxTokens is the default.',
    })
  }
  const { keepTokens = Math.floor(triggerTokens / 2), keepRecent = all, portionTokens = all } = compression
  atLeast('compression.triggerTokens', triggerTokens, 1)
  atLeast('compression.keepTokens', keepTokens, 0)
  atLeast('compression.keepRecent', keepRecent, 0)
  atLeast('compression.portionTokens', portionTokens, 1)
  return { model, triggerTokens, keepTokens, keepRecent, portionTokens, instruction }
}

const all = Number.MAX_SAFE_INTEGER
const compressionNames = ['model', 'triggerTokens', 'keepTokens', 'keepRecent', 'portionTokens', 'instruction']

function atLeast(name: string, value: unknown, least: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return
  throw new ConfigError(`${name} must be a whole number of ${least} or more, but is ${kindOf(value)}.`)
}

function known(where: string, options: object, names: readonly string[]): void {
  if (!isFields(options)) throw new ConfigError(`${where} must be an object of options, but is ${kindOf(options)}.`)
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new ConfigError(`${where} has no option ${JSON.stringify(unknown)}.${didYouMean(unknown, names)}`, {
    advice: `It takes ${names.join(', ')}.`,
  })
}
