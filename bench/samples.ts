// The figures of a run, by what was measured of whom; the median of the rounds is what counts.

export type Figures = Record<string, number>

/** One measurement of one client; `key` names it in the samples. */
export interface Case {
  what: string
  client: string
  args: readonly (string | number)[]
  /** How many rounds it takes part in. */
  rounds: number
}

type Named = Pick<Case, 'what' | 'client' | 'args'>

function keyOf({ what, client, args }: Named): string {
  return [what, client, ...args].join(' ')
}

export class Samples {
  readonly #figures = new Map<string, Figures[]>()
  readonly #failures = new Map<string, string>()

  add(of: Named, figures: Figures): void {
    const key = keyOf(of)
    this.#figures.set(key, [...(this.#figures.get(key) ?? []), figures])
  }

  fail(of: Named, message: string): void {
    this.#failures.set(keyOf(of), message)
  }

  failure(of: Named): string | undefined {
    return this.#failures.get(keyOf(of))
  }

  get failures(): ReadonlyMap<string, string> {
    return this.#failures
  }

  /** The median of the rounds; `undefined` for what was not measured. */
  median(of: Named, field: string): number | undefined {
    const samples = (this.#figures.get(keyOf(of)) ?? []).map((figures) => figures[field] ?? Number.NaN)
    return samples.sort((one, other) => one - other)[Math.floor(samples.length / 2)]
  }

  toJSON() {
    return { figures: Object.fromEntries(this.#figures), failures: Object.fromEntries(this.#failures) }
  }

  static from({ figures, failures }: ReturnType<Samples['toJSON']>): Samples {
    const samples = new Samples()
    for (const [key, value] of Object.entries(figures)) samples.#figures.set(key, value)
    for (const [key, value] of Object.entries(failures)) samples.#failures.set(key, value)
    return samples
  }
}
