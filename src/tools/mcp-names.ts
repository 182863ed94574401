// Names for the tools of an MCP server that every provider takes.

const longest = 64

/**
 * Gives each of a server's tools a name of 1 to 64 letters, digits, underscores and hyphens. Names that are fine stay;
 * in others each foreign character becomes `_`; one that is taken gets a number. Once given, a name stays with its tool.
 */
export class McpToolNames {
  readonly #prefix: string
  readonly #given = new Map<string, string>()
  readonly #taken = new Set<string>()

  constructor(prefix = '') {
    this.#prefix = prefix
  }

  /** Names for all of these, those that need no change first: they must not lose theirs to one that was changed. */
  name(theirs: readonly string[]): void {
    const isFine = (name: string) => allowed(this.#prefix + name) === this.#prefix + name
    for (const name of [...theirs.filter(isFine), ...theirs.filter((each) => !isFine(each))]) {
      if (!this.#given.has(name)) this.#give(name)
    }
  }

  of(theirs: string): string {
    return this.#given.get(theirs) ?? this.#give(theirs)
  }

  #give(theirs: string): string {
    const wanted = allowed(this.#prefix + theirs)
    let name = wanted
    for (let count = 2; this.#taken.has(name); count += 1) {
      const ending = `_${count}`
      name = wanted.slice(0, longest - ending.length) + ending
    }
    this.#taken.add(name)
    this.#given.set(theirs, name)
    return name
  }
}

function allowed(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, longest) || '_'
}
