// What Anthropic refuses in a list of tools and the choice among them.
import { refusal } from '../wire.ts'
import { type Fields, isFields, kindOf, recordsIn, stringIn } from './fields.ts'

export function checkTools(body: Fields): void {
  const { tools, tool_choice: choice } = body
  if (tools !== undefined && !Array.isArray(tools)) throw refusal('tools: Input should be a valid list')
  for (const [index, tool] of (tools ?? []).entries()) {
    if (!isFields(tool)) throw refusal(`tools.${index}: Input should be an object, but is ${kindOf(tool)}`)
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(stringIn(tool['name']))) {
      throw refusal(`tools.${index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`)
    }
    const isCustom = tool['type'] === undefined || tool['type'] === 'custom'
    const schema = tool['input_schema']
    if (isCustom && !isFields(schema)) throw refusal(`tools.${index}.custom.input_schema: Field required`)
    if (isCustom && (schema as Fields)['type'] !== 'object') {
      throw refusal(`tools.${index}.custom.input_schema.type: Input should be 'object'`)
    }
  }
  checkToolChoice(choice, tools)
}

function checkToolChoice(choice: unknown, tools: unknown): void {
  if (choice === undefined) return
  if (!isFields(choice)) throw refusal('tool_choice: Input should be an object')
  if (!['auto', 'any', 'tool', 'none'].includes(stringIn(choice['type']))) {
    throw refusal(
      `tool_choice: Input tag '${choice['type']}' found does not match any of: 'any', 'auto', 'none', 'tool'`,
    )
  }
  if (tools === undefined && choice['type'] !== 'none')
    throw refusal('tool_choice may only be specified while providing tools')
  const isKnown = choice['type'] !== 'tool' || recordsIn(tools).some((tool) => tool['name'] === choice['name'])
  if (!isKnown) throw refusal(`Tool '${choice['name']}' not found in provided tools`)
}
