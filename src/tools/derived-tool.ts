// Tools made of other tools: under another name, with arguments that are fixed, with arguments that came in addition.
import { ConfigError } from '../core/error.ts'
import { fieldsOf, isFields, listOf } from '../core/kind.ts'
import { didYouMean } from '../core/spelling.ts'
import type { ToolSchema } from '../core/tool.ts'
import { type Checked, type JsonSchema, readSchema, type Schema } from '../schema/index.ts'
import type { Tool } from './tool.ts'

/** The same tool, called differently. */
export function renamed(tool: Tool, name: string): Tool {
  return name === tool.name ? tool : derived(tool, { ...tool.schema, name })
}

/**
 * The same tool with arguments that the model neither sees nor can change.
 *
 * @throws ConfigError for an argument that the tool does not take.
 */
export function withPreset(tool: Tool, preset: Readonly<Record<string, unknown>>): Tool {
  const names = Object.keys(preset)
  if (names.length === 0) return tool
  const { properties, required, ...rest } = tool.schema.parameters ?? {}
  const known = Object.keys(fieldsOf(properties))
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new ConfigError(`The tool ${tool.name} takes no argument ${JSON.stringify(unknown)} that could be preset.`, {
      advice: `Its arguments: ${known.join(', ') || '(none)'}.${didYouMean(unknown, known)}`,
    })
  }
  const open = Object.entries(fieldsOf(properties)).filter(([name]) => !names.includes(name))
  const parameters = { ...rest, properties: Object.fromEntries(open), ...requiredIn(required, names) }
  return derived(
    tool,
    { ...tool.schema, parameters },
    { check: (input) => tool.check(isFields(input) ? { ...input, ...preset } : input) },
  )
}

/**
 * The same tool with more arguments: those of `extra` are checked by it, the others by the tool, and `run` gets both.
 *
 * @throws ConfigError when `extra` is no object schema or describes an argument that the tool has already.
 */
export function extended(tool: Tool, extra: Schema): Tool {
  const read = readSchema(extra)
  const added = Object.keys(fieldsOf(read.json['properties']))
  const check = async (input: unknown): Promise<Checked<unknown>> => {
    if (!isFields(input)) return tool.check(input)
    const isAdded = ([name]: [string, unknown]) => added.includes(name)
    const entries = Object.entries(input)
    const [own, other] = await Promise.all([
      tool.check(Object.fromEntries(entries.filter((entry) => !isAdded(entry)))),
      read.check(Object.fromEntries(entries.filter(isAdded))),
    ])
    if (own.ok && other.ok) return { ok: true, value: { ...fieldsOf(own.value), ...fieldsOf(other.value) } }
    return { ok: false, issues: [own, other].flatMap((checked) => (checked.ok ? [] : checked.issues)) }
  }
  return derived(tool, { ...tool.schema, parameters: merged(tool, read.json) }, { check })
}

/** One schema of both. */
function merged(tool: Tool, extra: JsonSchema): JsonSchema {
  if (extra['type'] !== 'object') {
    throw new ConfigError(`The tool ${tool.name} can only be extended by a schema of type object.`)
  }
  const own = tool.schema.parameters ?? { type: 'object' }
  const required = [...listOf(own['required']), ...listOf(extra['required'])]
  const definitions = joined(tool, 'definition', own['$defs'], extra['$defs'])
  return {
    ...own,
    properties: joined(tool, 'argument', own['properties'], extra['properties']),
    ...(required.length > 0 && { required }),
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  }
}

function joined(tool: Tool, what: string, own: unknown, extra: unknown): Record<string, unknown> {
  const twice = Object.keys(fieldsOf(extra)).find((name) => Object.hasOwn(fieldsOf(own), name))
  if (twice === undefined) return { ...fieldsOf(own), ...fieldsOf(extra) }
  const message = `The tool ${tool.name} has the ${what} ${JSON.stringify(twice)} already, so its schema cannot be extended by it.`
  throw new ConfigError(message, { advice: 'Give it another name in one of the two schemas.' })
}

/** Delegates, because a tool may be of a class of its own. */
function derived(tool: Tool, schema: ToolSchema, changes: Partial<Pick<Tool, 'check'>> = {}): Tool {
  return {
    name: schema.name,
    schema,
    concurrent: tool.concurrent,
    timeoutMs: tool.timeoutMs,
    needsApproval: (input) => tool.needsApproval(input),
    check: (input) => tool.check(input),
    run: (input, context) => tool.run(input, context),
    ...changes,
  }
}

function requiredIn(required: unknown, hidden: readonly string[]): { required?: unknown[] } {
  const open = listOf(required).filter((name) => !hidden.includes(String(name)))
  return open.length === 0 ? {} : { required: open }
}
