// What OpenAI, and those who took over its request, refuse in a list of tools and the choice among them.
import { refusal } from '../wire.ts'
import { code, missing, wrongType } from './chat-refusals.ts'
import { type Fields, isFields, recordsIn, stringIn } from './fields.ts'

/** The list of tools and the choice among them, as OpenAI words them. */
export function checkTools(body: Fields): void {
  const { tools, tool_choice: choice } = body
  if (tools !== undefined && tools !== null) {
    if (!Array.isArray(tools)) throw wrongType('tools', 'an array of objects', tools)
    if (tools.length === 0) throw refusal("Invalid 'tools': empty array.", { param: 'tools', code: code.empty })
    for (const [index, tool] of tools.entries()) checkTool(tool, `tools[${index}]`)
  }
  if (choice === undefined || choice === null) return
  if (!Array.isArray(tools)) {
    throw refusal("'tool_choice' is only allowed when 'tools' are specified.", { param: 'tool_choice' })
  }
  checkToolChoice(choice, tools)
}

function checkTool(tool: unknown, at: string): void {
  if (!isFields(tool)) throw wrongType(at, 'an object', tool)
  if (typeof tool['type'] !== 'string') throw missing(`${at}.type`)
  if (tool['type'] !== 'function') return
  const described = tool['function']
  if (!isFields(described)) throw missing(`${at}.function`)
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(stringIn(described['name']))) {
    throw refusal(`Invalid '${at}.function.name': expected 1 to 64 of a-z, A-Z, 0-9, _ and -.`, {
      param: `${at}.function.name`,
      code: code.value,
    })
  }
  const { parameters } = described
  if (parameters !== undefined && !isFields(parameters)) {
    throw wrongType(`${at}.function.parameters`, 'an object', parameters)
  }
}

function checkToolChoice(choice: unknown, tools: unknown[]): void {
  if (typeof choice === 'string') {
    if (['none', 'auto', 'required'].includes(choice)) return
    throw refusal(`Invalid value: '${choice}'. Supported values are: 'none', 'auto', and 'required'.`, {
      param: 'tool_choice',
      code: code.value,
    })
  }
  const named = isFields(choice) && isFields(choice['function']) ? choice['function']['name'] : undefined
  if (typeof named !== 'string') throw wrongType('tool_choice', 'a string or an object that names a function', choice)
  const known = recordsIn(tools).some((tool) => isFields(tool['function']) && tool['function']['name'] === named)
  if (!known) {
    throw refusal(`Invalid value for 'tool_choice': Tool choice '${named}' not found in 'tools'.`, {
      param: 'tool_choice',
    })
  }
}
