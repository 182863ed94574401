// Tools and the choice among them, checked once and put into the words that a wire uses.
import { InputError, messageOf } from '../core/error.ts'
import type { ToolUseBlock } from '../core/message.ts'
import type { ToolChoice, ToolSchema } from '../core/tool.ts'
import { inputObject, type SpeechTurn } from '../core/turns.ts'
import { type Fields, fieldsOf, listOf, textIn } from './values.ts'

/** What a choice means once its name is known to exist. */
export type ResolvedChoice = { mode: 'auto' | 'none' | 'required' } | { mode: 'tool'; name: string }

interface Offer {
  tools: readonly ToolSchema[]
  toolChoice?: ToolChoice
  extras: Readonly<Fields>
}

/** A tool's input schema; a tool that takes nothing has an object without properties. */
export function schemaOf(tool: ToolSchema): Fields {
  return tool.parameters ?? { type: 'object', properties: {} }
}

/** A tool in the form that OpenAI began and most others took over. */
export function functionTool(tool: ToolSchema): Fields {
  const { name, description, strict } = tool
  return {
    type: 'function',
    function: {
      name,
      ...(description !== undefined && { description }),
      parameters: schemaOf(tool),
      ...(strict !== undefined && { strict }),
    },
  }
}

/** A list of tools in that form. */
export function formatFunctionTools(tools: readonly ToolSchema[]): Fields[] {
  return tools.map(functionTool)
}

/** Our tools in a wire's form, then the provider's own that stand in the options; `undefined` when there are none. */
export function offeredTools(call: Offer, form: (tool: ToolSchema) => Fields): unknown[] | undefined {
  const offered = [...call.tools.map(form), ...listOf(call.extras['tools'])]
  return offered.length === 0 ? undefined : offered
}

/**
 * The choice, or `undefined` when none was made or there is nothing to choose from.
 *
 * @throws InputError when a tool is demanded that is not offered.
 */
export function resolvedChoice(call: Offer): ResolvedChoice | undefined {
  const { toolChoice } = call
  if (toolChoice === undefined) return undefined
  const names = [...call.tools.map((tool) => tool.name), ...listOf(call.extras['tools']).flatMap(nameOfNative)]
  const offersTools = call.tools.length > 0 || listOf(call.extras['tools']).length > 0
  if (toolChoice === 'auto') return offersTools ? { mode: 'auto' } : undefined
  if (toolChoice === 'none') return offersTools ? { mode: 'none' } : undefined
  if (toolChoice === 'required' && offersTools) return { mode: 'required' }
  if (names.includes(toolChoice)) return { mode: 'tool', name: toolChoice }
  throw new InputError(
    offersTools
      ? `toolChoice is ${JSON.stringify(toolChoice)}, and no tool of that name is offered.`
      : `toolChoice is ${JSON.stringify(toolChoice)}, and no tools are offered.`,
    { advice: `Tools offered: ${names.join(', ') || 'none'}. Else say auto, none or required.` },
  )
}

function nameOfNative(tool: unknown): string[] {
  const { name, function: called } = fieldsOf(tool)
  const found = textIn(name) ?? textIn(fieldsOf(called)['name'])
  return found === undefined ? [] : [found]
}

/** A turn's calls in OpenAI's form, in which the input is JSON text. A call that was cut off goes back as `{}`. */
export function functionCalls(turn: SpeechTurn): Fields[] {
  return turn.blocks.flatMap((block) => {
    if (block.type !== 'tool_use') return []
    const called = { name: callName(block.name), arguments: argumentsOf(block, turn.at) }
    return [{ id: block.id, type: 'function', function: called }]
  })
}

/** A name that every provider takes back: models make up names that no tool could have. */
export function callName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64) || 'unknown'
}

function argumentsOf(call: ToolUseBlock, at: number): string {
  const { name } = call
  try {
    return JSON.stringify(inputObject(call))
  } catch (cause) {
    const reason = messageOf(cause)
    throw new InputError(`messages[${at}]: the input of the call of ${name} cannot be written as JSON: ${reason}`, {
      advice: 'Give an input of plain JSON values.',
      cause,
    })
  }
}

/** The error of the wires on which the system prompt is no message. */
export function onlySystem(): InputError {
  return new InputError('There is nothing to answer: only a system message.', {
    advice: "Add what the model is to answer: { role: 'user', content: 'Hi!' }.",
  })
}

/** The choice in OpenAI's form. */
export function functionChoice(choice: ResolvedChoice): unknown {
  return choice.mode === 'tool' ? { type: 'function', function: { name: choice.name } } : choice.mode
}

/** The options without those that a dialect writes itself. */
export function without(extras: Readonly<Fields>, ...keys: string[]): Fields {
  const rest: Fields = {}
  for (const [key, value] of Object.entries(extras)) if (!keys.includes(key) && value !== undefined) rest[key] = value
  return rest
}
