// What a chat has used so far, by model.
import type { Usage } from '../core/usage.ts'
import type { ModelInvocation, Sink } from '../scope.ts'

interface Total {
  requests: number
  failed: number
  input: number
  cached: number
  output: number
  reasoning: number
  /** Answers for which the provider counted nothing. */
  uncounted: number
}

/** Listens to every question to a model, of every agent that lives in the scope. */
export class SessionUsage implements Sink {
  readonly #totals = new Map<string, Total>()

  event(): void {}

  invocation({ model, response, error }: ModelInvocation): void {
    const name = `${model.provider}/${model.modelName}`
    const total = this.#totals.get(name) ?? none()
    this.#totals.set(name, total)
    total.requests += 1
    if (error !== undefined) total.failed += 1
    if (response === undefined) return
    add(total, response.usage)
  }

  /** A line for each model that was asked. */
  get text(): string {
    if (this.#totals.size === 0) return 'No model has been asked yet.'
    return [...this.#totals].map(([name, total]) => `${name}: ${lineOf(total)}`).join('\n')
  }
}

function none(): Total {
  return { requests: 0, failed: 0, input: 0, cached: 0, output: 0, reasoning: 0, uncounted: 0 }
}

function add(total: Total, usage: Usage | undefined): void {
  if (usage?.inputTokens === undefined && usage?.outputTokens === undefined) total.uncounted += 1
  total.input += usage?.inputTokens ?? 0
  total.cached += usage?.cachedInputTokens ?? 0
  total.output += usage?.outputTokens ?? 0
  total.reasoning += usage?.reasoningTokens ?? 0
}

function lineOf({ requests, failed, input, cached, output, reasoning, uncounted }: Total): string {
  const asked = `${requests} ${requests === 1 ? 'request' : 'requests'}${failed === 0 ? '' : ` (${failed} failed)`}`
  const heard = `${input} tokens in${cached === 0 ? '' : ` (${cached} cached)`}`
  const said = `${output} out${reasoning === 0 ? '' : ` (${reasoning} reasoning)`}`
  return [asked, heard, said, ...(uncounted === 0 ? [] : [`${uncounted} not counted by the provider`])].join(' · ')
}
