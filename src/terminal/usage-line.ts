// What a message cost and how fast it came, in one line.
import type { MessageEnd, StreamEvent } from '../core/event.ts'
import type { Usage } from '../core/usage.ts'

/** Below this a rate says nothing. */
const shortestSeconds = 0.05

/**
 * Watches one message. Times are those that the message brings, measured from the request; without them they count from
 * the moment when the message began.
 */
export class UsageWatch {
  readonly #now: () => number
  #role: string | undefined
  #startedAt = 0
  #firstAt: number | undefined
  #lastAt = 0

  constructor(now: () => number) {
    this.#now = now
  }

  hear(event: StreamEvent): void {
    if (event.type === 'message-start') {
      this.#role = event.role
      this.#startedAt = this.#now()
      this.#firstAt = undefined
    } else if ('delta' in event) {
      this.#lastAt = this.#now()
      this.#firstAt ??= this.#lastAt
    }
  }

  /** `undefined` for what no model said. A provider that counted nothing is not guessed for. */
  line({ usage, timing }: MessageEnd): string | undefined {
    if (this.#role !== 'assistant' || (usage === undefined && timing === undefined)) return undefined
    const { firstContentMs, durationMs } = timing ?? this.#measured()
    const parts = counts(usage)
    if (firstContentMs !== undefined) {
      parts.push(`first token ${seconds(firstContentMs)} s`)
      const rate = rateOf(usage?.outputTokens, ((durationMs ?? 0) - firstContentMs) / 1000)
      if (rate !== undefined) parts.push(rate)
    }
    return parts.join(' · ')
  }

  #measured(): { firstContentMs?: number; durationMs?: number } {
    if (this.#firstAt === undefined) return {}
    return { firstContentMs: this.#firstAt - this.#startedAt, durationMs: this.#lastAt - this.#startedAt }
  }
}

function counts(usage: Usage | undefined): string[] {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage ?? {}
  if (inputTokens === undefined && outputTokens === undefined) return ['no token counts']
  const cached = cachedInputTokens ? ` (${cachedInputTokens} cached)` : ''
  const reasoning = reasoningTokens ? ` (${reasoningTokens} reasoning)` : ''
  return [`${inputTokens ?? '?'} in${cached}`, `${outputTokens ?? '?'} out${reasoning}`]
}

function rateOf(tokens: number | undefined, spent: number): string | undefined {
  if (tokens === undefined || tokens === 0 || spent < shortestSeconds) return undefined
  const rate = tokens / spent
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} tokens/s`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(ms < 9_995 ? 2 : 1)
}
