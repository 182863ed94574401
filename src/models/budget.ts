// A budget: what may be spent by all who share it, counted while they speak.
import { BudgetError, ConfigError, type Spent } from '../core/error.ts'
import type { Usage } from '../core/usage.ts'
import type { Account, Spender } from './budget-account.ts'
import * as kind from './option-kinds.ts'
import { OptionReader } from './option-reader.ts'
import type { Spelled } from './options.ts'

/** Per million tokens, in any one currency. What is left out costs what `input` does; `output` and `input` default to 0. */
export interface Price {
  input?: number | undefined
  output?: number | undefined
  cachedInput?: number | undefined
  cacheWriteInput?: number | undefined
}

export interface OwnBudgetOptions {
  /** Reasoning counts as output. */
  maxOutputTokens?: number | undefined
  /** In the currency of `prices`. */
  maxCost?: number | undefined
  /** By the model's name, or its configuration's. */
  prices?: Readonly<Record<string, Spelled<Price>>> | undefined
}

export type BudgetOptions = Spelled<OwnBudgetOptions>

/** A price, for one token. */
interface Rates {
  input: number
  output: number
  cached: number
  written: number
}

const free: Rates = { input: 0, output: 0, cached: 0, written: 0 }

/**
 * Shared by whoever is given it: a wrapper (`budget`), a call, all agents of a scope. While an answer streams its tokens
 * are estimated, rather too high (`estimatedTokens`); the provider's own counts take their place when they come. Who goes
 * over the limit is stopped in the middle of a sentence, and so is everybody else who shares it; later calls are refused.
 *
 * @throws ConfigError when there is no limit, a number is none, or `maxCost` has no `prices`.
 */
export class Budget {
  readonly maxOutputTokens: number
  readonly maxCost: number
  readonly #prices = new Map<string, Rates>()
  readonly #open = new Set<Account>()
  #inputTokens = 0
  #outputTokens = 0
  #cost = 0
  /** Some of what was spent has never been counted by its provider. */
  #estimated = false

  constructor(options: BudgetOptions) {
    const reader = new OptionReader('budget', options)
    this.maxOutputTokens = reader.read('maxOutputTokens', kind.count) ?? Number.POSITIVE_INFINITY
    this.maxCost = reader.read('maxCost', kind.amount) ?? Number.POSITIVE_INFINITY
    for (const [name, price] of Object.entries(reader.read('prices', kind.settings) ?? {})) {
      this.#prices.set(name, ratesIn(name, price))
    }
    const [unknown] = reader.unread()
    if (unknown !== undefined) throw new ConfigError(`budget: ${unknown.as} is no option of a budget.`, { advice })
    const limits = Math.min(this.maxOutputTokens, this.maxCost)
    if (limits === Number.POSITIVE_INFINITY) throw new ConfigError('budget: there is no limit.', { advice })
    if (this.maxCost < Number.POSITIVE_INFINITY && this.#prices.size === 0) {
      throw new ConfigError('budget: maxCost needs prices.', { advice })
    }
  }

  /** What has been spent so far, by everybody. */
  get spent(): Spent {
    const cost = this.#prices.size === 0 ? {} : { cost: this.#cost }
    const outputTokens = Math.ceil(this.#outputTokens)
    const estimated = this.#estimated || this.#open.size > 0
    return { inputTokens: Math.ceil(this.#inputTokens), outputTokens, ...cost, estimated }
  }

  /** Whether no further call may be made. */
  get isUsedUp(): boolean {
    return this.#outputTokens >= this.maxOutputTokens || this.#cost >= this.maxCost
  }

  /** Whether more has been spent than may be. */
  get isOver(): boolean {
    return this.#outputTokens > this.maxOutputTokens || this.#cost > this.maxCost
  }

  /**
   * An account for one request; whoever opens it has loaded what accounts are, and closes it.
   *
   * @throws BudgetError when the budget is used up, or what is sent would cost more than is left, as far as that can be
   * estimated; ConfigError when a cost is limited and the model has no price.
   */
  open(Kind: typeof Account, spender: Spender): Account {
    if (this.isUsedUp) throw this.error('The call was not made')
    const rates = this.#ratesOf(spender)
    if (this.#cost + spender.inputTokens * rates.input > this.maxCost) throw this.#tooDear(spender.inputTokens)
    const account: Account = new Kind(spender, {
      spend: (usage) => this.#spend(rates, usage),
      tokensOver: () => this.#tokensOver(rates.output),
      close: (isCounted) => {
        this.#open.delete(account)
        if (!isCounted) this.#estimated = true
      },
    })
    this.#open.add(account)
    account.begin()
    return account
  }

  /** @throws ConfigError when a cost is limited and the model has no price. */
  demandPrice(model: Pick<Spender, 'modelName' | 'configName'>): void {
    this.#ratesOf(model)
  }

  /** Stops everybody who shares the budget, except the one that used it up. */
  stopOthers(account: Account, error: BudgetError): void {
    for (const other of [...this.#open]) if (other !== account) other.spender.stop(error)
  }

  error(what: string): BudgetError {
    return this.#error(`${what}: the budget is used up`, 'Give a larger budget, or a new one.')
  }

  toJSON(): Record<string, unknown> {
    const { maxOutputTokens, maxCost, spent } = this
    return {
      ...(maxOutputTokens < Number.POSITIVE_INFINITY && { maxOutputTokens }),
      ...(maxCost < Number.POSITIVE_INFINITY && { maxCost }),
      spent,
    }
  }

  #tooDear(inputTokens: number): BudgetError {
    const about = `what it would send, about ${Math.ceil(inputTokens)} tokens, costs more than is left of the budget`
    return this.#error(`The call was not made: ${about}`, 'Send less, or give a larger budget.')
  }

  #error(what: string, advice: string): BudgetError {
    const { outputTokens, cost } = this.spent
    const tokens = `${outputTokens} of ${limitOf(this.maxOutputTokens, 'output tokens')}`
    const money = cost === undefined ? '' : `, ${Number(cost.toPrecision(6))} of ${limitOf(this.maxCost, 'cost')}`
    return new BudgetError(`${what} (${tokens}${money}).`, this.spent, { advice })
  }

  #spend(rates: Rates, usage: Usage): void {
    const { inputTokens = 0, outputTokens = 0, cachedInputTokens = 0, cacheWriteInputTokens = 0 } = usage
    const plain = inputTokens - cachedInputTokens - cacheWriteInputTokens
    this.#inputTokens += inputTokens
    this.#outputTokens += outputTokens
    this.#cost += plain * rates.input + outputTokens * rates.output
    this.#cost += cachedInputTokens * rates.cached + cacheWriteInputTokens * rates.written
  }

  /** By how many output tokens it is over, at that rate. */
  #tokensOver(rate: number): number {
    const over = this.#outputTokens - this.maxOutputTokens
    return rate === 0 ? over : Math.max(over, (this.#cost - this.maxCost) / rate)
  }

  #ratesOf({ modelName, configName }: Pick<Spender, 'modelName' | 'configName'>): Rates {
    const rates = this.#prices.get(modelName) ?? this.#prices.get(configName)
    if (rates !== undefined || this.maxCost === Number.POSITIVE_INFINITY) return rates ?? free
    throw new ConfigError(`budget: there is no price for ${modelName}, so its cost cannot be limited.`, { advice })
  }
}

const advice =
  "Write budget: { maxOutputTokens: 10000 }, or { maxCost: 1, prices: { 'qwen-max': { input: 1.6, output: 6.4 } } }."

function limitOf(limit: number, what: string): string {
  return limit === Number.POSITIVE_INFINITY ? `any ${what}` : `${limit} ${what}`
}

function ratesIn(name: string, price: unknown): Rates {
  const reader = new OptionReader(`budget: prices.${name}`, kind.isPlainObject(price) ? price : { price })
  const each = (field: string) => reader.read(field, kind.amount)
  const input = each('input') ?? 0
  const [output, cached] = [each('output') ?? 0, each('cachedInput') ?? each('cached') ?? input]
  const written = each('cacheWriteInput') ?? input
  const [unknown] = reader.unread()
  if (unknown !== undefined) {
    throw new ConfigError(`budget: prices.${name}: expected input, output, cachedInput, cacheWriteInput.`, { advice })
  }
  const perToken = (perMillion: number) => perMillion / 1_000_000
  return { input: perToken(input), output: perToken(output), cached: perToken(cached), written: perToken(written) }
}
