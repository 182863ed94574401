// The groups of a toolkit: which there are, and which are switched on.
import { ConfigError } from '../core/error.ts'
import { didYouMean } from '../core/spelling.ts'

export interface GroupOptions {
  /** What the group is for. Default: empty. */
  description?: string
  /** Whether its tools are offered. Default false, as in AgentScope 1. */
  active?: boolean
  /** What a model should know to use these tools well. */
  notes?: string
}

interface Group {
  description: string
  active: boolean
  notes?: string
}

export class ToolGroups {
  readonly #groups = new Map<string, Group>()
  /** Groups that a loaded state wants active and that do not exist yet. */
  readonly #awaited = new Set<string>()

  /** All groups, in the order in which they were made. */
  get all(): ({ name: string } & Group)[] {
    return [...this.#groups].map(([name, group]) => ({ name, ...group }))
  }

  /** Names of those that are switched on. */
  get active(): string[] {
    return this.all.flatMap(({ name, active }) => (active ? [name] : []))
  }

  has(name: string): boolean {
    return this.#groups.has(name)
  }

  isActive(name: string): boolean {
    return this.#groups.get(name)?.active === true
  }

  create(name: string, options: GroupOptions): void {
    if (this.#groups.has(name))
      throw new ConfigError(`There is a group of tools named ${JSON.stringify(name)} already.`)
    const { description = '', active = this.#awaited.has(name), notes } = options
    this.#awaited.delete(name)
    this.#groups.set(name, { description, active, ...(notes !== undefined && { notes }) })
  }

  remove(name: string): boolean {
    return this.#groups.delete(name)
  }

  /** All of them or, when one is not there, none. */
  switch(names: readonly string[], active: boolean): void {
    const groups = names.map((name) => this.check(name))
    for (const group of groups) group.active = active
  }

  /** Exactly these are active from now on, also those that are made later. */
  load(active: readonly string[]): void {
    for (const [name, group] of this.#groups) group.active = active.includes(name)
    this.#awaited.clear()
    for (const name of active) if (!this.#groups.has(name)) this.#awaited.add(name)
  }

  /** @throws ConfigError when it does not exist. */
  check(name: string): Group {
    const group = this.#groups.get(name)
    if (group === undefined) {
      const advice = 'Create it first: toolkit.createGroup(name).'
      throw unknownName('group of tools', name, [...this.#groups.keys()], advice)
    }
    return group
  }
}

/** The error for a name that nothing has. */
export function unknownName(what: string, name: string, known: readonly string[], advice: string): ConfigError {
  const names = known.length === 0 ? 'There is none.' : `There are: ${known.join(', ')}.`
  const message = `There is no ${what} named ${JSON.stringify(name)}.${didYouMean(name, known)}`
  return new ConfigError(message, { advice: `${names} ${advice}` })
}
