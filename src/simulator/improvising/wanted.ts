// What a request wants besides an answer: JSON of some shape, a tool that must be called, thoughts.
import { type Fields, isFields } from '../../core/kind.ts'
import type { ModelRequest } from '../script.ts'

/** JSON of this shape; an empty schema is any object. */
export interface WantedJson {
  schema: Fields
  fenced: boolean
}

/** The options of a request, wherever its wire keeps them. */
function optionsOf({ body }: ModelRequest): Fields {
  const own = [body['parameters'], body['generationConfig'], body['generation_config'], body['output_config']]
  return Object.assign({}, body, ...own.filter(isFields))
}

/** By the wire's own field, else by the words of the prompt. */
export function wantedJson(request: ModelRequest, prompt: string): WantedJson | undefined {
  const options = optionsOf(request)
  const inWords = shapeInWords(prompt)
  const { response_format: format, format: own } = options
  const type = isFields(format) ? format['type'] : undefined
  const described = isFields(format) ? format['json_schema'] : undefined
  const gemini = fieldIn(options, 'responseJsonSchema', 'response_json_schema', 'responseSchema', 'response_schema')
  const schema = [
    isFields(described) ? described['schema'] : undefined,
    gemini,
    isFields(own) ? (own['schema'] ?? own) : own,
  ]
  const native = schema.find(isFields)
  if (native !== undefined) return { schema: native, fenced: false }
  const mime = fieldIn(options, 'responseMimeType', 'response_mime_type')
  const any = type === 'json_object' || own === 'json' || mime === 'application/json'
  if (any) return { schema: inWords?.schema ?? {}, fenced: false }
  return inWords
}

/** A schema that is told in words, or an example in a fenced block. */
function shapeInWords(prompt: string): WantedJson | undefined {
  const told = /JSON Schema[^\n]*:\n+(\{.*\})/.exec(prompt)?.[1]
  const shown = /```json\n(\{[\s\S]*?\})\n?```/.exec(prompt)?.[1]
  const schema = told === undefined ? undefined : parsed(told)
  const example = shown === undefined ? undefined : parsed(shown)
  const fenced = prompt.includes('```json')
  if (schema !== undefined) return { schema, fenced }
  if (example !== undefined) return { schema: schemaLike(example), fenced }
  return /Answer with JSON/.test(prompt) ? { schema: {}, fenced } : undefined
}

/** The words that ask for JSON are nobody's speech. */
export function withoutInstruction(text: string): string {
  return text.replace(/\n*(?:When you need no tool any more, answer|Answer) with (?:one )?JSON[\s\S]*$/, '').trim()
}

/** The schema of an example: its values say what belongs there. */
function schemaLike(example: unknown): Fields {
  if (Array.isArray(example)) return { type: 'array', items: schemaLike(example[0] ?? '') }
  if (!isFields(example)) return { type: example === null ? 'string' : typeof example }
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(example).map(([name, value]) => [name, schemaLike(value)])),
  }
}

/** `none`; the tools of which one must be called; or free choice. */
export function toolChoiceIn(request: ModelRequest): { mode: 'auto' | 'none' | 'required'; names: string[] } {
  const { tool_choice: choice, toolConfig, tool_config: snake } = optionsOf(request)
  const config = toolConfig ?? snake
  const calling = isFields(config) ? (config['functionCallingConfig'] ?? config['function_calling_config']) : undefined
  const given = isFields(calling) ? calling : choice
  const word = String((isFields(given) ? (given['mode'] ?? given['type']) : given) ?? 'auto').toLowerCase()
  if (word === 'none') return { mode: 'none', names: [] }
  if (!['any', 'required', 'tool', 'function'].includes(word)) return { mode: 'auto', names: [] }
  return { mode: 'required', names: namesIn(given) }
}

function namesIn(choice: unknown): string[] {
  if (!isFields(choice)) return []
  const { name, function: called, allowedFunctionNames: allowed } = choice
  const one = typeof name === 'string' ? name : isFields(called) ? called['name'] : undefined
  return [one, ...(Array.isArray(allowed) ? allowed : [])].filter((each) => typeof each === 'string')
}

/** Whether thoughts were asked for, in any wire's way. */
export function wantsThoughts(request: ModelRequest): boolean {
  const options = optionsOf(request)
  const { thinking, think, enable_thinking: enabled, reasoning_effort: effort } = options
  const config = fieldIn(options, 'thinkingConfig', 'thinking_config')
  const shown = isFields(config) && fieldIn(config, 'includeThoughts', 'include_thoughts') === true
  const asked = isFields(thinking) && thinking['type'] !== 'disabled'
  const effortful = typeof effort === 'string' && !['none', 'minimal'].includes(effort)
  return shown || asked || effortful || enabled === true || (think !== undefined && think !== false)
}

function fieldIn(fields: Fields, ...names: string[]): unknown {
  return names.map((name) => fields[name]).find((value) => value !== undefined)
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}
