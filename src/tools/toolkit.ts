// A toolkit: the tools of an agent by name, in groups that can be switched on and off.
// One file, because it is a class that users hold: half of it is their documentation.
import { ConfigError } from '../core/error.ts'
import { wordOrKind } from '../core/kind.ts'
import type { ToolSchema } from '../core/tool.ts'
import type { Schema } from '../schema/index.ts'
import { extended, renamed, withPreset } from './derived-tool.ts'
import { toolsInstruction } from './instruction.ts'
import { type Tool, type ToolOptions, tool } from './tool.ts'
import { type GroupOptions, ToolGroups, unknownName } from './tool-groups.ts'

/**
 * What happens when a name is taken: `error` throws, `skip` keeps the tool that is there, `overwrite` replaces it,
 * `rename` appends `_2`, `_3`, ... to the new one's name.
 */
export type ClashPolicy = 'error' | 'skip' | 'overwrite' | 'rename'

const clashPolicies: readonly ClashPolicy[] = ['error', 'skip', 'overwrite', 'rename']

export interface AddOptions {
  /** The group that it belongs to; it must exist. Default: none, which is always active. */
  group?: string
  /** Arguments that the model neither sees nor can change. They are in no schema, state or error. */
  preset?: Readonly<Record<string, unknown>>
  /** Default: the toolkit's. */
  onClash?: ClashPolicy
  /** Another name than the tool's own. */
  name?: string
}

export interface ToolkitOptions {
  /** Default `error`. AgentScope skips with a warning. */
  onClash?: ClashPolicy
}

/** A group as it stands. */
export interface ToolGroup {
  name: string
  description: string
  notes?: string
  active: boolean
  /** Names of its tools. */
  tools: string[]
}

/** What `Toolkit` writes down; tools are code and are not written. */
export interface ToolkitState {
  activeGroups: string[]
}

interface Entry {
  /** As it was added. */
  plain: Tool
  /** As it is offered: extended, perhaps. */
  offered: Tool
  group: string | undefined
  extension?: Schema
}

/** Tools by name. AgentScope 0: `ServiceToolkit`; AgentScope 1: `Toolkit`. It holds nothing open. */
export class Toolkit {
  readonly #onClash: ClashPolicy
  #entries = new Map<string, Entry>()
  readonly #groups = new ToolGroups()

  /** @throws ConfigError as `add` does. */
  constructor(tools: Iterable<Tool | ToolOptions> = [], options: ToolkitOptions = {}) {
    this.#onClash = options.onClash ?? 'error'
    for (const each of tools) this.add(each)
  }

  /** Names of the tools that may be called now. */
  get names(): string[] {
    return this.#active().map(({ name }) => name)
  }

  /** What a model is offered now. */
  get schemas(): ToolSchema[] {
    return this.#active().map(({ schema }) => schema)
  }

  /** The same in words, for a model that takes no tools with a request. */
  get instruction(): string {
    return toolsInstruction(this.schemas)
  }

  get groups(): ToolGroup[] {
    return this.#groups.all.map((group) => ({ ...group, tools: this.#namesIn(group.name) }))
  }

  /** The tool, when it may be called now: there, and in no group that is switched off. */
  get(name: string): Tool | undefined {
    const entry = this.#entries.get(name)
    return entry !== undefined && this.#isActive(entry) ? entry.offered : undefined
  }

  /** Whether there is a tool of that name, active or not. */
  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /**
   * Adds a tool, or describes one and adds it; gives the tool as it is now in the kit.
   *
   * @throws ConfigError for a name that is taken (unless `onClash` says otherwise), an unknown group, or a preset that
   * is no argument of the tool.
   */
  add<S extends Schema = Schema>(added: Tool | ToolOptions<S>, options: AddOptions = {}): Tool {
    const { group } = options
    if (group !== undefined) this.#groups.check(group)
    return put(this.#entries, prepared(added, options), group, options.onClash ?? this.#onClash)
  }

  /** Takes a tool out; false when there was none. */
  remove(name: string): boolean {
    return this.#entries.delete(name)
  }

  /** @throws ConfigError when there is a group of that name. */
  createGroup(name: string, options: GroupOptions = {}): this {
    this.#groups.create(name, options)
    return this
  }

  /** Takes a group out, with its tools; false when there was none. */
  removeGroup(name: string): boolean {
    for (const tool of this.#namesIn(name)) this.#entries.delete(tool)
    return this.#groups.remove(name)
  }

  /** Offers the tools of these groups. @throws ConfigError for a group that does not exist. */
  activate(...names: string[]): this {
    this.#groups.switch(names, true)
    return this
  }

  /** Offers the tools of these groups no more. @throws ConfigError for a group that does not exist. */
  deactivate(...names: string[]): this {
    this.#groups.switch(names, false)
    return this
  }

  /**
   * Replaces all tools of a group in one step, for a source whose tools change (an MCP server): either all are there, or
   * nothing has changed. A group that does not exist is made, and is active. A tool that is there again keeps its
   * extension.
   *
   * @throws ConfigError as `add` does.
   */
  sync(group: string, tools: Iterable<Tool | ToolOptions>, options: Omit<AddOptions, 'group' | 'name'> = {}): this {
    const before = this.#entries
    const others = [...before].filter(([, entry]) => entry.group !== group)
    const entries = new Map(others)
    for (const each of tools) put(entries, prepared(each, options), group, options.onClash ?? this.#onClash)
    for (const [name, earlier] of before) {
      const entry = earlier.group === group ? entries.get(name) : undefined
      if (entry?.group === group && earlier.extension !== undefined) extend(entry, earlier.extension)
    }
    if (!this.#groups.has(group)) this.createGroup(group, { active: true })
    this.#entries = entries
    return this
  }

  /**
   * Gives a tool more arguments, described by an object schema, until `restore`; a second extension takes the place of the
   * first. `run` gets them beside the tool's own. AgentScope: `extend_function_schema`.
   *
   * @throws ConfigError for an unknown tool, or an argument that the tool has already.
   */
  extend(name: string, schema: Schema): this {
    extend(this.#entry(name), schema)
    return this
  }

  /** Takes the extension back. AgentScope: `restore_function_schema`. @throws ConfigError for an unknown tool. */
  restore(name: string): this {
    const entry = this.#entry(name)
    entry.offered = entry.plain
    delete entry.extension
    return this
  }

  /** Which groups are active. */
  toJSON(): ToolkitState {
    return { activeGroups: this.#groups.active }
  }

  /** Makes active what was active, and nothing else. A group that does not exist yet is active when it is made. */
  load(state: ToolkitState): this {
    this.#groups.load(state.activeGroups)
    return this
  }

  #active(): Tool[] {
    return [...this.#entries.values()].filter((entry) => this.#isActive(entry)).map(({ offered }) => offered)
  }

  #isActive({ group }: Entry): boolean {
    return group === undefined || this.#groups.isActive(group)
  }

  #namesIn(group: string): string[] {
    return [...this.#entries].filter(([, entry]) => entry.group === group).map(([name]) => name)
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name)
    if (entry !== undefined) return entry
    throw unknownName('tool', name, [...this.#entries.keys()], 'Add it first: toolkit.add(tool).')
  }
}

function prepared<S extends Schema>(added: Tool | ToolOptions<S>, { name, preset = {} }: AddOptions): Tool {
  const isMade = typeof added === 'object' && added !== null && 'check' in added
  const made = isMade ? added : tool(added)
  return withPreset(renamed(made, name ?? made.name), preset)
}

function extend(entry: Entry, extension: Schema): void {
  entry.offered = extended(entry.plain, extension)
  entry.extension = extension
}

/** Puts the tool among the entries, by the policy; gives the one that is there now. */
function put(entries: Map<string, Entry>, added: Tool, group: string | undefined, onClash: ClashPolicy): Tool {
  const taken = entries.get(added.name)
  if (taken !== undefined && onClash === 'skip') return taken.offered
  if (taken !== undefined && onClash === 'error') {
    const where = taken.group === undefined ? '' : `, in the group ${JSON.stringify(taken.group)}`
    throw new ConfigError(`The toolkit has a tool named ${JSON.stringify(added.name)} already${where}.`, {
      advice: "Give add() another name (an MCP server: a prefix), or say onClash: 'skip', 'overwrite' or 'rename'.",
    })
  }
  if (!clashPolicies.includes(onClash)) {
    throw new ConfigError(`onClash is ${wordOrKind(onClash)}, but must be one of ${clashPolicies.join(', ')}.`)
  }
  const isFree = taken === undefined || onClash === 'overwrite'
  const named = isFree ? added : renamed(added, freeName(added.name, entries))
  entries.set(named.name, { plain: named, offered: named, group })
  return named
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  for (let count = 2; ; count += 1) {
    const ending = `_${count}`
    // No wire takes a name of more than 64 characters.
    const candidate = name.slice(0, 64 - ending.length) + ending
    if (!taken.has(candidate)) return candidate
  }
}
