// The figures of one run that lists show: who speaks, how it stands, how many tokens it took.
import type { Usage } from '../../core/usage.ts'
import type { RunFacts, Span } from '../../journal/journal.ts'
import type { ModelInvocation } from '../../scope.ts'
import type { RunHead } from './frames.ts'
import type { GrowingText } from './growing-text.ts'
import { mostAgents } from './run-limits.ts'
import { factsOf } from './span-columns.ts'

interface Tokens {
  in: number
  out: number
  cached: number
}

export class RunFigures {
  /** Rises with every change but a text that grew and the time that passed. */
  version = 0
  lastAt = 0
  /** The text that was begun last. */
  speech: GrowingText | undefined
  readonly #id: string
  #firstAt: number | undefined
  #facts: Partial<RunFacts> = {}
  readonly #agents = new Set<string>()
  #waiting = 0
  readonly #told: Tokens = { in: 0, out: 0, cached: 0 }
  readonly #asked: Tokens = { in: 0, out: 0, cached: 0 }
  #invocations = 0
  /** What spans of calls of models say that they took, the latest word of each, and the sum. */
  readonly #spans = new Map<string, Tokens>()
  readonly #traced: Tokens = { in: 0, out: 0, cached: 0 }

  constructor(id: string) {
    this.#id = id
  }

  heard(at: number): void {
    this.#firstAt ??= at
    this.lastAt = Math.max(this.lastAt, at)
  }

  facts(facts: Partial<RunFacts>): void {
    this.#facts = { ...this.#facts, ...facts }
    this.version += 1
  }

  spoke(agent: string): void {
    if (this.#agents.has(agent) || this.#agents.size >= mostAgents) return
    this.#agents.add(agent)
    this.version += 1
  }

  waiting(change: 1 | -1): void {
    this.#waiting += change
    this.version += 1
  }

  /** What a message says that it took. It counts as long as no invocation says it better. */
  used(usage: Usage | undefined): void {
    add(this.#told, usage)
    this.version += 1
  }

  invoked({ response }: ModelInvocation): void {
    this.#invocations += 1
    add(this.#asked, response?.usage)
    this.version += 1
  }

  /** A span that the program told. It counts where it says more than invocations and messages do. */
  span(key: string, span: Span): void {
    if (span.kind !== 'model') return
    const { inputTokens = 0, outputTokens = 0, cachedInputTokens = 0 } = factsOf(span)
    const before = this.#spans.get(key)
    const tokens = { in: inputTokens, out: outputTokens, cached: cachedInputTokens }
    this.#spans.set(key, tokens)
    for (const each of ['in', 'out', 'cached'] as const) this.#traced[each] += tokens[each] - (before?.[each] ?? 0)
    this.version += 1
  }

  head(): RunHead {
    const { status = 'running', ...facts } = this.#facts
    const isOver = status !== 'running' && status !== 'waiting'
    const waiting = isOver ? 0 : this.#waiting
    const tokens = this.#invocations > 0 ? this.#asked : this.#told
    const line = this.#lastLine()
    return {
      project: '',
      name: this.#id,
      startedAt: new Date(this.#firstAt ?? 0).toISOString(),
      ...facts,
      id: this.#id,
      status: isOver ? status : waiting > 0 ? 'waiting' : 'running',
      agents: [...this.#agents],
      tokensIn: Math.max(tokens.in, this.#traced.in),
      tokensOut: Math.max(tokens.out, this.#traced.out),
      tokensCached: Math.max(tokens.cached, this.#traced.cached),
      ...(line !== '' && { lastLine: line }),
      waiting,
      lastAt: this.lastAt,
    }
  }

  #lastLine(): string {
    if (this.speech === undefined) return ''
    const tail = this.speech.from(this.speech.length - 400).toWellFormed()
    return (tail.trimEnd().split('\n').at(-1) ?? '').trim().slice(-200)
  }
}

function add(tokens: Tokens, usage: Usage | undefined): void {
  tokens.in += usage?.inputTokens ?? 0
  tokens.out += usage?.outputTokens ?? 0
  tokens.cached += usage?.cachedInputTokens ?? 0
}
