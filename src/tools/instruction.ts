// Tools in words, for models that take none with a request: numbered, with their arguments.
import { fieldsOf, isFields, listOf } from '../core/kind.ts'
import type { ToolSchema } from '../core/tool.ts'

/**
 * The tools as a numbered list for a prompt, each with its arguments, their types and which are required; arguments that
 * hold others are added as JSON Schema. Empty when there are none. AgentScope: `ServiceToolkit.tools_instruction`.
 */
export function toolsInstruction(tools: readonly ToolSchema[]): string {
  if (tools.length === 0) return ''
  const entries = tools.map((tool, index) => `${index + 1}. ${entryOf(tool)}`)
  return ['These tools can be called:', ...entries].join('\n')
}

function entryOf({ name, description, parameters }: ToolSchema): string {
  const properties = fieldsOf(parameters?.['properties'])
  const required = listOf(parameters?.['required'])
  const lines = Object.entries(properties).map(([argument, schema]) => {
    const need = required.includes(argument) ? 'required' : 'optional'
    return `   - ${argument} (${typeOf(schema)}, ${need})${describes(schema)}`
  })
  if (Object.values(properties).some(isDeep)) lines.push(`   As JSON Schema: ${JSON.stringify(parameters)}`)
  if (lines.length === 0) lines.push('   It takes no arguments.')
  const about = description === undefined ? '' : `: ${description}`
  return [`${name}${about}`, ...lines].join('\n')
}

function describes(schema: unknown): string {
  const { description, default: fallback } = fieldsOf(schema)
  const words = typeof description === 'string' ? [description] : []
  if (fallback !== undefined) words.push(`Default: ${JSON.stringify(fallback)}.`)
  return words.length === 0 ? '' : `: ${words.join(' ')}`
}

/** `string`, `"c" | "f"`, `integer[]`, `string | null`, or `value` for what no word names. */
function typeOf(schema: unknown): string {
  const { type, enum: values, const: only, anyOf, oneOf, items } = fieldsOf(schema)
  if (only !== undefined) return JSON.stringify(only)
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' | ')
  const choices = anyOf ?? oneOf
  if (Array.isArray(choices)) return choices.map(typeOf).join(' | ')
  if (type === 'array') return `${items === undefined ? 'value' : grouped(typeOf(items))}[]`
  if (Array.isArray(type)) return type.join(' | ')
  return typeof type === 'string' ? type : 'value'
}

function grouped(type: string): string {
  return type.includes(' ') ? `(${type})` : type
}

/** Whether a word cannot say what it holds. */
function isDeep(schema: unknown): boolean {
  if (!isFields(schema)) return false
  const { type, properties, additionalProperties, items, anyOf, oneOf, allOf, prefixItems, $ref } = schema
  if ([allOf, prefixItems, $ref].some((part) => part !== undefined)) return true
  if (type === 'object' && (properties !== undefined || isFields(additionalProperties))) return true
  return [items, ...listOf(anyOf), ...listOf(oneOf)].some(isDeep)
}
